"""Canvases of one hole: what each shows, what its slots should say, and how much that weighs."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from instant_edit.tokenizer import Tokenizer
from instant_edit.training.holes import Hole
from instant_edit.training.shape import Bools, Ints, Shape

SHOWN = 0.05  # weight of a slot whose token the canvas shows
STEPS = (3, 3, 3, 3, 3, 3, 8, 8, 16)  # slots of canvases that begin inside a hole
LINE_END, TURN = (
    0.25,
    0.15,
)  # exponents of the chances of places to begin at: the less, the likelier


@dataclass(frozen=True, slots=True)
class Canvas:
    """What the network sees of one hole from a place in it on, and what it should say. L slots.

    Args:
        at: tokens of the hole's target that stand before it, written already.
        inputs: (L,) slot i holds token i - 1, or mask.
        labels: (L,) the token of each slot.
        weights: (L,) of each slot's loss.
        teacher: (L,) window row that predicts the same token left to right, or -1.
    """

    at: int
    inputs: Ints
    labels: Ints
    weights: NDArray[np.float32]
    teacher: Ints


class Canvases:
    """Draws the canvases of a hole; all chance comes from the generator given."""

    def __init__(self, tokenizer: Tokenizer, shape: Shape) -> None:
        self.shape, self.special = shape, tokenizer.special
        self.newline = np.array([b"\n" in t for t in tokenizer.token_bytes])

    def draw(self, hole: Hole, window: Ints, rng: np.random.Generator) -> list[Canvas]:
        """Canvases for the ``slots`` there are."""
        inside = rng.random() < self.shape.stairs_share
        return (self._stairs if inside else self._whole)(hole, window, rng)

    def _stairs(self, hole: Hole, window: Ints, rng: np.random.Generator) -> list[Canvas]:
        """One canvas at the hole's start, the others at places inside of it, all masked.

        An edit is decided token by token with what is before it written already, so most weight
        lies on a canvas's first slots; at a line's end it must say whether the span goes on, and
        a rewrite where it leaves the old text: most of it is a copy, which is learned soon.
        """
        room, places = self.shape.slots, np.arange(1, hole.last + 1)
        following = np.append(self.newline[hole.target], True)[places]
        telling = np.where(following, LINE_END, 1.0)
        telling[np.isin(places, hole.turns)] = TURN
        order = rng.random(len(places)) ** telling
        chosen = [0, *places[np.argsort(-order)].tolist()]
        out: list[Canvas] = []
        for place in chosen:
            length = min(16 if not out else int(rng.choice(STEPS)), room)
            if length < 1:
                break
            hidden = np.zeros(len(hole.target) - place, bool)
            out.append(self._canvas(hole, place, hidden, length, window, rng))
            room -= length
        return out

    def _whole(self, hole: Hole, window: Ints, rng: np.random.Generator) -> list[Canvas]:
        """Canvases of the whole hole: first one all masked, then pairs of complementary masks for
        as long as there is room, few for a short hole: repeated, it would teach that spans end
        early.
        """
        s = self.shape
        size = min(len(hole.target), s.longest)
        cut = len(hole.target) > s.longest
        out: list[Canvas] = []
        visible, room = np.zeros(size, bool), s.slots
        while True:
            spare = int(rng.integers(0, 13 if not out else 3))
            length = size + (0 if cut or rng.random() < s.exact_share else spare)
            length = min(max(length, 1), room)
            out.append(self._canvas(hole, 0, visible, length, window, rng))
            room -= length
            if room < max(size, 1) or len(out) > 2 * size:
                return out
            visible = ~visible if len(out) % 2 == 0 else rng.random(size) < rng.random()

    def _canvas(
        self,
        hole: Hole,
        at: int,
        visible: Bools,
        length: int,
        window: Ints,
        rng: np.random.Generator,
    ) -> Canvas:
        """One canvas of ``length`` slots; slots past the target should say END."""
        ids = self.special
        size = len(visible)
        target = hole.target[at : at + size]
        wrong = visible & (rng.random(size) < (0.15 if rng.random() < 0.3 else 0.0))
        shown = np.where(visible, target, ids.mask)
        shown = np.where(wrong, rng.choice(window, size), shown)
        before = hole.asked if len(hole.asked) else window[: hole.start]
        previous = hole.target[at - 1] if at else before[-1] if len(before) else 0
        beyond = max(0, length - size)
        inputs = np.concatenate([[previous], shown, np.full(beyond, ids.mask)])[:length]
        labels = np.concatenate([target, np.full(beyond, ids.end)])[:length]
        weights = np.where(visible & ~wrong, SHOWN, nearness(visible))
        weights = np.concatenate([weights, np.full(beyond, SHOWN)])[:length].astype(np.float32)
        if beyond:
            weights[size] = 1.0
            weights[size + 3 :] = 0.0
        teacher = np.full(length, -1)
        natural = max(0, min(hole.natural - at, size, length))
        teacher[:natural] = hole.start + at + np.arange(natural)
        return Canvas(at, inputs, labels, weights, np.where(weights > SHOWN, teacher, -1))


def nearness(visible: Bools) -> NDArray[np.float64]:
    """Weight of each slot by the masked slots right before it: 1, 1, 0.67, 0.5, and so on down.

    Drafts are read off next to what is known; far from it little can be learned.
    """
    index = np.arange(len(visible))
    last = np.maximum.accumulate(np.where(visible, index, -1)) if len(visible) else index
    masked_before = index - 1 - np.concatenate([[-1], last])[: len(visible)]
    weights: NDArray[np.float64] = 1 / (1 + 0.5 * np.maximum(0, masked_before - 1))
    return weights
