"""Putting replacements into a text, and following positions through them."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Sequence
from dataclasses import dataclass

from instant_edit.request import Edit, Span
from instant_edit.text import SourceText

_LINE_FEED = re.compile(r"\r\n|\n")
_ZWJ = "\u200d"


def splice(source: str, edits: Sequence[Edit]) -> str:
    """The text with every edit applied. Edits do not overlap and come in any order."""
    pieces: list[str] = []
    at = 0
    for edit in sorted(edits, key=lambda edit: edit.span):
        pieces += (source[at : edit.span.start], edit.text)
        at = edit.span.end
    return "".join((*pieces, source[at:]))


def conform(text: str, source: SourceText, span: Span) -> str:
    """``text`` with the line endings of the document around ``span``; nothing else changes.

    They are those of the line on which the span begins, and where that is the last line,
    those that are most frequent in the document.
    """
    eol = source.eol_of(source.line_of(span.start)) or source.eol
    return _LINE_FEED.sub(eol, text)


def minimal(old: str, new: str) -> tuple[int, int, str]:
    """The smallest ``(start, end, text)`` that makes ``new`` of ``old``.

    It never cuts a line ending in two, nor a base character from what combines with it.
    """
    if old == new:
        return 0, 0, ""
    shorter = min(len(old), len(new))
    head = common_prefix(old, new, shorter)
    while not (_may_cut(old, head) and _may_cut(new, head)):
        head -= 1
    tail = common_prefix(old[::-1], new[::-1], shorter - head)
    while not (_may_cut(old, len(old) - tail) and _may_cut(new, len(new) - tail)):
        tail -= 1
    return head, len(old) - tail, new[head : len(new) - tail]


def common_prefix(old: str, new: str, limit: int) -> int:
    """The length of the common prefix, at most ``limit``, by bisection."""
    low, high = 0, limit
    while low < high:
        middle = (low + high + 1) // 2
        if old[low:middle] == new[low:middle]:
            low = middle
        else:
            high = middle - 1
    return low


def _may_cut(text: str, index: int) -> bool:
    """Whether a text may be cut before ``index`` without breaking a visible character."""
    if not 0 < index < len(text):
        return True
    before, after = text[index - 1], text[index]
    if before == "\r" and after == "\n":
        return False
    if before.isascii() and after.isascii():
        return True
    joined = before == _ZWJ or after == _ZWJ or unicodedata.category(after).startswith("M")
    modifier = 0x1F3FB <= ord(after) <= 0x1F3FF
    flags = all(0x1F1E6 <= ord(char) <= 0x1F1FF for char in (before, after))
    surrogates = 0xD800 <= ord(before) <= 0xDBFF and 0xDC00 <= ord(after) <= 0xDFFF
    return not (joined or modifier or flags or surrogates)


@dataclass(frozen=True)
class Region:
    """One replaced range: ``old`` in the original text, ``new`` in the edited one."""

    old: Span
    new: Span


@dataclass(frozen=True)
class Shift:
    """How positions of the original text move through a set of edits."""

    regions: tuple[Region, ...]

    @classmethod
    def of(cls, edits: Sequence[Edit]) -> Shift:
        """The shift of edits that do not overlap, in any order."""
        regions = []
        delta = 0
        for edit in sorted(edits, key=lambda edit: edit.span):
            start = edit.span.start + delta
            regions.append(Region(edit.span, Span(start, start + len(edit.text))))
            delta += len(edit.text) - len(edit.span)
        return cls(tuple(regions))

    def narrowed(self, old: str, new: str) -> Shift:
        """The same shift, of only what differs between the texts ``old`` and ``new``."""
        regions = []
        for region in self.regions:
            texts = old[region.old.start : region.old.end], new[region.new.start : region.new.end]
            if texts[0] != texts[1]:
                start, end, text = minimal(*texts)
                at = region.new.start + start
                kept = Span(region.old.start + start, region.old.start + end)
                regions.append(Region(kept, Span(at, at + len(text))))
        return Shift(tuple(regions))

    def start(self, position: int) -> int:
        """Where something that *begins* at ``position``, outside every span, begins now."""
        for region in self.regions:
            if region.old.start <= position < region.old.end:
                return region.new.start
        return self._moved(position, [r for r in self.regions if r.old.end <= position])

    def end(self, position: int) -> int:
        """Where something that *ends* at ``position``, outside every span, ends now."""
        return self._moved(position, [r for r in self.regions if r.old.start < position])

    def _moved(self, position: int, passed: Sequence[Region]) -> int:
        if not passed:
            return position
        last = passed[-1]
        return last.new.end + max(position - last.old.end, 0)

    def original(self, position: int) -> int:
        """Where a position of the new text was in the original; inside a span it stays inside."""
        for region in reversed(self.regions):
            if position >= region.new.end:
                return region.old.end + position - region.new.end
            if position >= region.new.start:
                return min(region.old.start + position - region.new.start, region.old.end)
        return position

    def nearest(self, position: int) -> int:
        """The position in (or nearest to) a replaced range of the new text."""
        if not self.regions:
            return position
        best = min(self.regions, key=lambda region: _distance(region.new, position))
        last = max(best.new.end - 1, best.new.start)
        return min(max(position, best.new.start), last)


def _distance(span: Span, position: int) -> int:
    return max(span.start - position, position - span.end, 0)
