"""Clean source text into denoising examples: a window, its holes, their tails and canvases.

One window of a document carries several holes, and each hole several canvases, so that one
context pass pays for many supervised slots; canvases are packed, so few slots are idle. The
window is encoded once, causally; each hole has its own *tail* (suffix, and for a rewrite the
instruction and the old text) that sees only what stands before the hole, so no tail leaks what
the hole hides. What a rewrite is asked, and what it writes, is not in the window: it stands before
the tail, in rows that a canvas sees as far as it is written.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from instant_edit.tokenizer import Tokenizer
from instant_edit.training.canvases import Canvases
from instant_edit.training.holes import Hole, Holes
from instant_edit.training.shape import IGNORE, Ints, Shape


@dataclass(frozen=True, slots=True)
class Example:
    """Arrays of one window; see ``Shape`` for the letters."""

    window: Ints  # (1 + W,) ids, begin first
    tails: Ints  # (C, T) what a rewrite is asked, what it writes, then the tail
    hole_start: Ints  # (C,) window row of the hole's first token
    asked: Ints  # (C,) leading rows of a tail that ask for a rewrite
    written: Ints  # (C,) those, and the rows that it writes
    tail_length: Ints  # (C,) those included
    inputs: Ints  # (C, Q)
    canvas: Ints  # (C, Q) which canvas of the hole a slot belongs to, -1 for none
    at: Ints  # (C, Q) tokens of the hole that stand before its canvas
    slot: Ints  # (C, Q) index of a slot in its canvas
    labels: Ints  # (C, Q)
    weights: NDArray[np.float32]  # (C, Q)
    teacher: Ints  # (C, Q)


class Corruptor:
    """Draws examples; all chance comes from the generator given."""

    def __init__(self, tokenizer: Tokenizer, shape: Shape) -> None:
        self.tokenizer, self.shape = tokenizer, shape
        self.holes = Holes(tokenizer, shape)
        self.canvases = Canvases(tokenizer, shape)

    def example(self, document: Ints, rng: np.random.Generator) -> Example:
        """One example from a document of at least ``window`` tokens."""
        s, pad = self.shape, self.tokenizer.special.pad
        start = 0 if rng.random() < 0.3 else int(rng.integers(0, len(document) - s.window + 1))
        window = document[start : start + s.window]
        after = document[start + s.window : start + s.window + s.tail]
        holes = [self.holes.draw(window, after, rng) for _ in range(s.holes)]
        packs = [self._pack(hole, window, rng) for hole in holes]
        tails = [np.concatenate([hole.written, hole.tail]) for hole in holes]
        return Example(
            window=np.concatenate([[0], window]),
            tails=np.stack([np.pad(t, (0, s.tail - len(t)), constant_values=pad) for t in tails]),
            hole_start=np.array([hole.start + 1 for hole in holes]),
            asked=np.array([len(hole.asked) for hole in holes]),
            written=np.array([len(hole.written) for hole in holes]),
            tail_length=np.array([len(tail) for tail in tails]),
            **{name: np.stack([pack[name] for pack in packs]) for name in packs[0]},
        )

    def _pack(self, hole: Hole, window: Ints, rng: np.random.Generator) -> dict[str, NDArray[Any]]:
        """Canvases of one hole, side by side in Q slots."""
        canvases = self.canvases.draw(hole, window, rng)
        sizes = [len(c.labels) for c in canvases]
        room = self.shape.slots - sum(sizes)

        def packed(parts: list[NDArray[Any]], fill: float) -> NDArray[Any]:
            return np.pad(np.concatenate(parts), (0, room), constant_values=fill)

        return {
            "inputs": packed([c.inputs for c in canvases], self.tokenizer.special.pad),
            "canvas": packed([np.full(n, k) for k, n in enumerate(sizes)], -1),
            "at": packed([np.full(n, c.at) for c, n in zip(canvases, sizes, strict=True)], 0),
            "slot": packed([np.arange(n) for n in sizes], 0),
            "labels": packed([c.labels for c in canvases], IGNORE),
            "weights": packed([c.weights for c in canvases], 0),
            "teacher": packed([c.teacher for c in canvases], -1),
        }
