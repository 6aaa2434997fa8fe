"""Drafts looked up: what followed the last few tokens where they stood before.

Code repeats itself, and an edit repeats most of what it replaces; whatever is looked up is
verified, so a wrong draft costs rows and no quality (prompt lookup decoding, Saxena 2023,
https://github.com/apoorvumang/prompt-lookup-decoding).
"""

from __future__ import annotations

from collections.abc import Sequence
from itertools import chain


class Lookup:
    """An index of runs of ``width`` tokens.

    Args:
        texts: token runs to look in; where a run occurs several times, the last one counts.
        width: how many tokens must agree; 0 finds nothing.
    """

    def __init__(self, texts: Sequence[Sequence[int]], width: int) -> None:
        self.width = width
        self.texts = texts
        self.places: dict[tuple[int, ...], tuple[int, int]] = {}
        if width:
            for number, text in enumerate(texts):
                for end in range(width, len(text)):
                    self.places[tuple(text[end - width : end])] = number, end

    def after(self, *written: Sequence[int], most: int) -> Sequence[int]:
        """At most ``most`` tokens that followed the last ones of ``written``, joined."""
        recent = tuple(chain.from_iterable(part[-self.width :] for part in written))[-self.width :]
        if self.width == 0 or recent not in self.places:
            return ()
        number, start = self.places[recent]
        return self.texts[number][start : start + most]


def copied(old: Sequence[int], written: Sequence[int], most: int) -> Sequence[int]:
    """At most ``most`` tokens of a text that is being rewritten, from where the rewriting is.

    That is behind the longest run that ends what is written; of several, behind the one that is
    as far on as what is written is.
    """
    if not written:
        return old[:most]
    ends = [end for end in range(1, len(old) + 1) if old[end - 1] == written[-1]]
    if not ends:
        return ()
    best = max(ends, key=lambda end: (_common(old[:end], written), -abs(end - len(written))))
    return old[best : best + most]


def _common(one: Sequence[int], other: Sequence[int]) -> int:
    """How many tokens at the ends of both are the same."""
    size = 0
    for a, b in zip(reversed(one), reversed(other), strict=False):
        if a != b:
            break
        size += 1
    return size
