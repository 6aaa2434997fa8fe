"""Clean source text into denoising examples: holes, tails, canvases and their labels.

One window of a document carries several holes, and each hole several canvases, so that one
context pass pays for many supervised slots; canvases are packed, so few slots are idle. The
window is encoded once, causally; each hole has its own *tail* (suffix, and for a rewrite the
instruction and the old text) that sees only what stands before the hole, so no tail leaks what
the hole hides.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from instant_edit.context import Budget
from instant_edit.context import window as rendered
from instant_edit.request import Span
from instant_edit.tokenizer import Tokenizer
from instant_edit.training.edits import RewritePair, guess_language, sample
from instant_edit.training.rewrites import damage

Ints = NDArray[np.int64]
Bools = NDArray[np.bool_]
IGNORE = -100
MIN_SUFFIX = 12  # tokens behind an edit that the model sees at least
SHOWN = 0.05  # weight of a slot whose token the canvas shows


@dataclass(frozen=True, slots=True)
class Shape:
    """Sizes of one example: W window, C holes, T tail, Q canvas slots a hole.

    ``gap`` is the distance in positions from a hole's start to its suffix; ``catalogue_share``
    how many of the rewrites are edits of the catalogue, as far as a window has some.
    """

    window: int = 256
    holes: int = 6
    tail: int = 72
    slots: int = 48
    longest: int = 20
    gap: int = 64
    rewrite_share: float = 0.2
    catalogue_share: float = 0.6
    split_share: float = 0.15
    exact_share: float = 0.3
    advanced_share: float = 0.6


@dataclass(frozen=True, slots=True)
class Hole:
    """A span cut out of a window: where it starts, what it held, what follows it."""

    start: int  # index of its first token in the window
    target: Ints  # its tokens
    tail: Ints  # suffix and, for a rewrite, instruction and old text
    natural: int  # leading target tokens that are also the window's own


@dataclass(frozen=True, slots=True)
class Canvas:
    """What the network sees of one hole, and what it should say. L slots."""

    inputs: Ints  # (L,) slot i holds token i-1, or mask
    labels: Ints  # (L,)
    weights: NDArray[np.float32]  # (L,)
    teacher: Ints  # (L,) window row that predicts the same token left to right, or -1


@dataclass(frozen=True, slots=True)
class Example:
    """Arrays of one window; see ``Shape`` for the letters."""

    window: Ints  # (1 + W,) ids, begin first
    tails: Ints  # (C, T)
    hole_start: Ints  # (C,) window row of the hole's first token
    tail_length: Ints  # (C,)
    inputs: Ints  # (C, Q)
    canvas: Ints  # (C, Q) which canvas of the hole a slot belongs to, -1 for none
    slot: Ints  # (C, Q) index of a slot in its canvas
    labels: Ints  # (C, Q)
    weights: NDArray[np.float32]  # (C, Q)
    teacher: Ints  # (C, Q)


def nearness(visible: Bools) -> NDArray[np.float64]:
    """Weight of each slot by the masked slots right before it: 1, 1, 0.67, 0.5, and so on down.

    Drafts are read off next to what is known; far from it little can be learned.
    """
    index = np.arange(len(visible))
    last = np.maximum.accumulate(np.where(visible, index, -1)) if len(visible) else index
    masked_before = index - 1 - np.concatenate([[-1], last])[: len(visible)]
    weights: NDArray[np.float64] = 1 / (1 + 0.5 * np.maximum(0, masked_before - 1))
    return weights


class Corruptor:
    """Draws examples; all chance comes from the generator given."""

    def __init__(self, tokenizer: Tokenizer, shape: Shape) -> None:
        self.tokenizer = tokenizer
        self.shape = shape
        self.newline = np.array([b"\n" in t for t in tokenizer.token_bytes])

    def example(self, document: Ints, rng: np.random.Generator) -> Example:
        """One example from a document of at least ``window`` tokens."""
        s = self.shape
        start = 0 if rng.random() < 0.3 else int(rng.integers(0, len(document) - s.window + 1))
        window = document[start : start + s.window]
        after = document[start + s.window : start + s.window + s.tail]
        holes = [self._hole(window, after, rng) for _ in range(s.holes)]
        packs = [self._pack(hole, window, rng) for hole in holes]
        tails = [np.pad(h.tail, (0, s.tail - len(h.tail)), constant_values=9) for h in holes]
        return Example(
            window=np.concatenate([[0], window]),
            tails=np.stack(tails),
            hole_start=np.array([h.start + 1 for h in holes]),
            tail_length=np.array([len(h.tail) for h in holes]),
            **{name: np.stack([pack[name] for pack in packs]) for name in packs[0]},
        )

    def _bounds(self, window: Ints, rng: np.random.Generator) -> tuple[int, int]:
        """Start and end of a hole: lines, runs of lines, parts of lines, any run, nothing."""
        breaks = np.flatnonzero(self.newline[window])
        kind = rng.random()
        size = len(window)
        if kind < 0.60 and len(breaks) > 6:
            lines = 1 if kind < 0.45 else int(rng.integers(2, 5))
            at = int(rng.integers(1, max(2, len(breaks) - lines)))
            begin, end = int(breaks[at]), int(breaks[min(at + lines, len(breaks) - 1)])
            return begin + int(rng.random() < 0.5), end
        begin = int(rng.integers(8, size - 8))
        if kind < 0.85:
            following = breaks[breaks > begin]
            limit = int(following[0]) if len(following) else size
            return begin, max(begin + 1, min(limit, begin + int(rng.integers(1, 13))))
        if kind < 0.95:
            return begin, min(size, begin + int(rng.integers(1, 33)))
        return begin, begin

    def _hole(self, window: Ints, after: Ints, rng: np.random.Generator) -> Hole:
        s, ids = self.shape, self.tokenizer.special
        if rng.random() < s.rewrite_share * s.catalogue_share:
            edit = self._edit(window, after, rng)
            if edit is not None:
                return edit
        begin, end = self._bounds(window, rng)
        if rng.random() < s.advanced_share:  # as if the first tokens were written already
            begin = self._advanced(window, begin, end, rng)
        target = window[begin:end]
        suffix = np.concatenate([window[end:], after])[: s.tail]
        natural = len(target)
        if natural > 1 and rng.random() < s.split_share:
            target, suffix, natural = self._split(target, suffix, rng)
        extra: list[int] = []
        damaged_share = s.rewrite_share * (1 - s.catalogue_share)
        if 0 < len(target) <= s.longest and rng.random() < damaged_share:
            damaged = damage(self.tokenizer.decode(target.tolist()), rng)
            if damaged is not None:
                encode = self.tokenizer.encode
                extra = [ids.instruction, *encode(damaged.instruction)[:16], ids.old]
                extra += encode(damaged.old)[: s.longest]
        kept = suffix[: s.tail - 1 - len(extra)]
        return Hole(begin, target, np.array([ids.suffix, *kept, *extra]), natural)

    def _edit(self, window: Ints, after: Ints, rng: np.random.Generator) -> Hole | None:
        """An edit of the catalogue made of this window, rendered as the engine renders it."""
        text = self.tokenizer.decode(window.tolist())
        if not text.isascii():
            return None  # below, characters are counted as bytes
        starts = np.cumsum([0, *(len(self.tokenizer.token_bytes[i]) for i in window)])
        rest = self.tokenizer.decode(after.tolist())
        made: list[Hole] = []

        def fits(pair: RewritePair) -> bool:
            hole = self._edit_hole(pair, text, rest, window, starts)
            made[:] = [hole] if hole is not None else []
            return hole is not None

        sample(rng, text, guess_language(text), fits)
        return made[0] if made else None

    def _edit_hole(
        self, pair: RewritePair, text: str, rest: str, window: Ints, starts: Ints
    ) -> Hole | None:
        """The hole of one edit; None where it is too long or no token ends where it begins."""
        s, at = self.shape, pair.span.start
        if len(pair.new) > 8 * s.longest or len(pair.old) > 8 * s.longest:
            return None
        source = text[:at] + pair.old + text[pair.span.end :] + rest
        budget = Budget(prefix=s.window, suffix=s.tail, instruction=16)
        seen = rendered(
            source,
            Span(at, at + len(pair.old)),
            self.tokenizer,
            mode="rewrite",
            instruction=pair.instruction,
            budget=budget,
        )
        begin = int(np.searchsorted(starts, at - len(seen.forced)))
        spelled = seen.forced.decode() + pair.new.removesuffix(seen.closing)
        target = np.array(self.tokenizer.encode(spelled), np.int64)
        following = len(seen.following)
        asked = seen.ids.tail[1 + following :]
        kept = seen.following[: s.tail - 1 - len(asked)]
        whole = len(target) <= s.longest and len(kept) >= min(following, MIN_SUFFIX)
        if not whole or starts[begin] != at - len(seen.forced):
            return None
        same = window[begin : begin + len(target)]
        differs = np.append(np.flatnonzero(same != target[: len(same)]), len(same))
        tail = np.array([self.tokenizer.special.suffix, *kept, *asked])
        return Hole(begin, target, tail, int(differs[0]))

    def _advanced(self, window: Ints, begin: int, end: int, rng: np.random.Generator) -> int:
        """A place in the hole, most often a line's end: there it must say whether it goes on."""
        at_line_end = np.append(self.newline[window[begin:end]], True)
        weights = np.where(at_line_end, 4.0, 1.0)
        return begin + int(rng.choice(len(weights), p=weights / weights.sum()))

    def _split(
        self, target: Ints, suffix: Ints, rng: np.random.Generator
    ) -> tuple[Ints, Ints, int]:
        """End the hole inside a token, as a selection may: both halves are encoded anew."""
        last = self.tokenizer.decode_bytes([int(target[-1])])
        if len(last) < 2 or not last.isascii():
            return target, suffix, len(target)
        cut = int(rng.integers(1, len(last)))
        head = self.tokenizer.encode(last[:cut].decode())
        rest = last[cut:] + self.tokenizer.decode_bytes(suffix.tolist())
        new_suffix = self.tokenizer.encode(rest.decode("utf-8", errors="ignore"))
        natural = len(target) - 1
        return np.concatenate([target[:-1], head]), np.array(new_suffix)[: len(suffix)], natural

    def _pack(self, hole: Hole, window: Ints, rng: np.random.Generator) -> dict[str, NDArray[Any]]:
        """Canvases of one hole, side by side in Q slots: first one all masked, then pairs of
        complementary masks for as long as there is room, few for a short hole: repeated, it
        would teach that spans end early.
        """
        s = self.shape
        target = hole.target[: s.longest]
        cut = len(hole.target) > s.longest
        canvases: list[Canvas] = []
        visible, room = np.zeros(len(target), bool), s.slots
        while True:
            spare = int(rng.integers(0, 13 if not canvases else 3))
            length = len(target) + (0 if cut or rng.random() < s.exact_share else spare)
            length = min(max(length, 1), room)
            canvases.append(self._canvas(hole, target, visible, length, window, rng))
            room -= length
            if room < max(len(target), 1) or len(canvases) > 2 * len(target):
                break
            visible = ~visible if len(canvases) % 2 == 0 else rng.random(len(target)) < rng.random()
        sizes = [len(c.labels) for c in canvases]

        def packed(parts: list[NDArray[Any]], fill: float) -> NDArray[Any]:
            return np.pad(np.concatenate(parts), (0, room), constant_values=fill)

        return {
            "inputs": packed([c.inputs for c in canvases], self.tokenizer.special.pad),
            "canvas": packed([np.full(n, k) for k, n in enumerate(sizes)], -1),
            "slot": packed([np.arange(n) for n in sizes], 0),
            "labels": packed([c.labels for c in canvases], IGNORE),
            "weights": packed([c.weights for c in canvases], 0),
            "teacher": packed([c.teacher for c in canvases], -1),
        }

    def _canvas(
        self,
        hole: Hole,
        target: Ints,
        visible: Bools,
        length: int,
        window: Ints,
        rng: np.random.Generator,
    ) -> Canvas:
        """One canvas of ``length`` slots; slots past the target should say END."""
        ids = self.tokenizer.special
        size = len(target)
        wrong = visible & (rng.random(size) < (0.15 if rng.random() < 0.3 else 0.0))
        shown = np.where(visible, target, ids.mask)
        shown = np.where(wrong, rng.choice(window, size), shown)
        previous = window[hole.start - 1] if hole.start else 0
        beyond = max(0, length - size)
        inputs = np.concatenate([[previous], shown, np.full(beyond, ids.mask)])[:length]
        labels = np.concatenate([target, np.full(beyond, ids.end)])[:length]
        weights = np.where(visible & ~wrong, SHOWN, nearness(visible))
        weights = np.concatenate([weights, np.full(beyond, SHOWN)])[:length].astype(np.float32)
        if beyond:
            weights[size] = 1.0
            weights[size + 3 :] = 0.0
        teacher = np.full(length, -1)
        natural = min(hole.natural, size, length)
        teacher[:natural] = hole.start + np.arange(natural)
        return Canvas(inputs, labels, weights, np.where(weights > SHOWN, teacher, -1))
