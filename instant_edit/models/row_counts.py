"""How many rows a pass may have: few different numbers, because each is paid for with memory.

oneDNN and torch compile code for every shape that they multiply and keep it for good: 0.6 MB for
one projection of one number of rows, 5 MB for a pass. Contexts and canvases have every length there
is, so passes are padded up to one of these.
"""

from __future__ import annotations

FINE = (0, 8, 16, 24, 32, 48, 64, 96, 128, 192, 256)
COARSE = 64


def padded(rows: int) -> int:
    """The next number of rows that a pass may have.

    Most denoising steps have up to 64: there the numbers are dense, for each row costs time.
    """
    return next((fine for fine in FINE if fine >= rows), -(-rows // COARSE) * COARSE)


def padded_keys(rows: int) -> int:
    """The next number of rows that may be looked at: a multiple of 64."""
    return -(-rows // COARSE) * COARSE
