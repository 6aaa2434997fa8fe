"""Sizes and shares of training examples."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

Ints = NDArray[np.int64]
Bools = NDArray[np.bool_]
IGNORE = -100


@dataclass(frozen=True, slots=True)
class Shape:
    """Sizes of one example: W window, C holes, T tail, Q canvas slots a hole.

    Args:
        window: tokens of a window.
        holes: spans cut out of it.
        tail: tokens of a hole's tail; for a rewrite, what is asked and written stands in it too.
        slots: canvas slots of a hole, over all its canvases.
        longest: most tokens of a canvas, and of what an edit writes or replaces.
        gap: positions from a hole's start to its suffix.
        rewrite_share: share of holes that are rewrites.
        catalogue_share: share of those that are edits of the catalogue, as far as a window has
            some; the others undo a damage.
        split_share: share of fills that end inside a token.
        exact_share: of whole canvases, those as long as what they hold.
        stairs_share: of holes, those whose canvases begin at places inside of it, as if what is
            before them were written already; the others' canvases cover it from its start.
    """

    window: int = 256
    holes: int = 6
    tail: int = 160
    slots: int = 48
    longest: int = 40
    gap: int = 64
    rewrite_share: float = 0.55
    catalogue_share: float = 0.85
    split_share: float = 0.15
    exact_share: float = 0.3
    stairs_share: float = 0.75
