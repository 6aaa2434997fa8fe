"""Drafts looked up in the context: what followed the last few tokens where they stood before.

Code repeats itself; whatever is looked up is verified, so a wrong draft costs rows and no quality
(prompt lookup decoding, Saxena 2023, https://github.com/apoorvumang/prompt-lookup-decoding).
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
