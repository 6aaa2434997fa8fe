"""Holes of a window: where they are, what they hold, and what is seen of their surroundings."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from difflib import SequenceMatcher

import numpy as np

from instant_edit.context import Budget
from instant_edit.context import window as rendered
from instant_edit.models.asking import in_words, request
from instant_edit.request import Span
from instant_edit.tokenizer import Tokenizer
from instant_edit.training.edits import RewritePair, guess_language, sample
from instant_edit.training.rewrites import damage
from instant_edit.training.shape import Ints, Shape

MIN_SUFFIX = 12  # tokens behind an edit that the model sees at least
NOTHING = np.zeros(0, np.int64)


@dataclass(frozen=True, slots=True)
class Hole:
    """A span cut out of a window.

    Args:
        start: index of its first token in the window.
        target: its tokens.
        tail: its suffix.
        natural: leading target tokens that are the window's own and continue it.
        asked: for a rewrite, what stands between the window's tokens and the target: instruction,
            old text and the start of the line.
        turns: for a rewrite, places in the target where it leaves the old text or comes back to it.
    """

    start: int
    target: Ints
    tail: Ints
    natural: int
    asked: Ints = field(default_factory=NOTHING.copy)
    turns: Ints = field(default_factory=NOTHING.copy)

    @property
    def written(self) -> Ints:
        """What stands before its canvases and not in the window: what is asked, and the target."""
        return np.concatenate([self.asked, self.target]) if len(self.asked) else NOTHING

    @property
    def last(self) -> int:
        """The last place in the target that a canvas can begin at."""
        return len(self.target) if len(self.asked) else self.natural


class Holes:
    """Draws holes; all chance comes from the generator given."""

    def __init__(self, tokenizer: Tokenizer, shape: Shape) -> None:
        self.tokenizer = tokenizer
        self.shape = shape
        self.newline = np.array([b"\n" in t for t in tokenizer.token_bytes])

    def draw(self, window: Ints, after: Ints, rng: np.random.Generator) -> Hole:
        """A hole of a window (W,) that the tokens ``after`` follow."""
        s = self.shape
        if rng.random() < s.rewrite_share * s.catalogue_share:
            edit = self._edit(window, after, rng)
            if edit is not None:
                return edit
        return self._span(window, after, rng)

    def _span(self, window: Ints, after: Ints, rng: np.random.Generator) -> Hole:
        """A hole that hides the window's own tokens; now and then it shows them damaged."""
        s = self.shape
        begin, end = self._bounds(window, rng)
        target = window[begin:end]
        suffix = np.concatenate([window[end:], after])[: s.tail - 1]
        damaged_share = s.rewrite_share * (1 - s.catalogue_share)
        if 0 < len(target) <= s.longest and rng.random() < damaged_share:
            asked, old = self._damaged(window[:begin], target, rng)
            room = s.tail - 1 - len(asked) - len(target)
            if len(asked) and room >= MIN_SUFFIX:
                tail = self._tail(suffix[:room])
                return Hole(begin, target, tail, 0, asked, turns(old, target))
        natural = len(target)
        if natural > 1 and rng.random() < s.split_share:
            target, suffix, natural = self._split(target, suffix, rng)
        return Hole(begin, target, self._tail(suffix), natural)

    def _damaged(
        self, prefix: Ints, target: Ints, rng: np.random.Generator
    ) -> tuple[Ints, list[int]]:
        """What is asked to undo a damage of the target, and the damaged tokens; none of either
        where no damage applies.
        """
        words = self.tokenizer
        damaged = damage(words.decode(target.tolist()), rng)
        if damaged is None:
            return NOTHING, []
        said, old = words.encode(damaged.instruction)[:16], words.encode(damaged.old)
        return np.array(request(prefix.tolist(), said, old, b"", words)), old

    def _tail(self, suffix: Sequence[int] | Ints) -> Ints:
        return np.array([self.tokenizer.special.suffix, *suffix])

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

    def _edit(self, window: Ints, after: Ints, rng: np.random.Generator) -> Hole | None:
        """An edit of the catalogue made of this window, rendered as the engine renders it."""
        text = self.tokenizer.decode(window.tolist())
        if not text.isascii():
            return None  # below, characters are counted as bytes
        starts = np.cumsum([0, *(len(self.tokenizer.token_bytes[i]) for i in window)])
        rest = self.tokenizer.decode(after.tolist())
        suffix = int(rng.integers(MIN_SUFFIX, self.shape.tail))
        made: list[Hole] = []

        def fits(pair: RewritePair) -> bool:
            hole = self.of_edit(pair, text, rest, starts, suffix)
            made[:] = [hole] if hole is not None else []
            return hole is not None

        sample(rng, text, guess_language(text), fits)
        return made[0] if made else None

    def of_edit(
        self, pair: RewritePair, text: str, rest: str, starts: Ints, suffix: int
    ) -> Hole | None:
        """The hole of one edit; None where it is too long or no token ends where it begins.

        Args:
            pair: an edit of ``text``.
            text: what the window spells.
            rest: what follows it.
            starts: (W + 1,) where each of the window's tokens begins in ``text``.
            suffix: most tokens to show behind the edit.
        """
        s, at = self.shape, pair.span.start
        if len(pair.new) > 8 * s.longest or len(pair.old) > 8 * s.longest:
            return None
        source = text[:at] + pair.old + text[pair.span.end :] + rest
        seen = rendered(
            source,
            Span(at, at + len(pair.old)),
            self.tokenizer,
            mode="rewrite",
            instruction=pair.instruction,
            budget=Budget(prefix=s.window, suffix=s.tail, instruction=16),
        )
        begin = int(np.searchsorted(starts, at - len(seen.forced)))
        spelled = seen.forced.decode() + pair.new.removesuffix(seen.closing)
        target = np.array(self.tokenizer.encode(spelled), np.int64)
        told, following = in_words(seen.ids, self.tokenizer), len(seen.following)
        asked = np.array(told.prefix[len(seen.ids.prefix) :])
        room = max(0, s.tail - 1 - len(asked) - len(target))
        kept = seen.following[: min(suffix, room)]
        whole = len(target) <= s.longest and len(kept) >= min(following, MIN_SUFFIX) <= room
        if not whole or starts[begin] != at - len(seen.forced):
            return None
        old = self.tokenizer.encode(seen.forced.decode() + pair.old)
        return Hole(begin, target, self._tail(kept), 0, asked, turns(old, target))


def turns(old: Sequence[int], target: Ints) -> Ints:
    """Places in a target where it leaves the text that it replaces, or comes back to it.

    Args:
        old: the ids of what is replaced.
        target: (L,) what replaces it.
    """
    parts = SequenceMatcher(None, old, target.tolist(), autojunk=False).get_opcodes()
    ends = {end for tag, _, _, start, stop in parts if tag != "equal" for end in (start, stop)}
    return np.array(sorted(ends), np.int64)
