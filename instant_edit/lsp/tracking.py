"""Spans that follow their document from version to version while an edit is under way."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING

from instant_edit.request import Edit, Finding, Span
from instant_edit.splice import common_prefix

if TYPE_CHECKING:
    from collections.abc import Sequence

    from instant_edit.lsp.documents import Document


@dataclass(frozen=True)
class Change:
    """Where one text may differ from the next: everything outside ``[low, high]`` is the same.

    What follows ``high`` stands ``delta`` code points further on. Where the same line is
    written twice, nobody can say which is the new one: then both places are inside.
    """

    low: int
    high: int
    delta: int

    @classmethod
    def between(cls, old: str, new: str) -> Change | None:
        """The change that makes ``new`` of ``old``; None when they are the same."""
        if old == new:
            return None
        shorter = min(len(old), len(new))
        head = common_prefix(old, new, shorter)
        tail = common_prefix(old[::-1], new[::-1], shorter)
        delta = len(new) - len(old)
        if head + tail < shorter:
            return cls(head, len(old) - tail, delta)
        return cls(shorter - tail, head + len(old) - shorter, delta)

    def touches(self, span: Span) -> bool:
        """Whether it may have happened inside a span, or at one of its ends."""
        return span.start <= self.high and self.low <= span.end

    def moved(self, offset: int) -> int:
        """Where an offset is now; one inside the change is at its beginning."""
        if offset > self.high:
            return offset + self.delta
        return min(offset, self.low)


@dataclass
class Place:
    """Some spans of one document, where they were asked for and where they are now."""

    asked: Document
    spans: tuple[Span, ...]
    now: Document = field(init=False)
    spans_now: tuple[Span, ...] = field(init=False)
    _changes: list[Change] = field(default_factory=list)

    def __post_init__(self) -> None:
        self.now, self.spans_now = self.asked, self.spans

    def follow(self, newer: Document) -> bool:
        """Go on to the next version; False when it may have changed one of the spans."""
        change = Change.between(self.now.source.text, newer.source.text)
        self.now = newer
        if change is None:
            return True
        if any(change.touches(span) for span in self.spans_now):
            return False
        self._changes.append(change)
        self.spans_now = tuple(
            Span(change.moved(span.start), change.moved(span.end)) for span in self.spans_now
        )
        return True

    @property
    def moved(self) -> bool:
        """Whether the text is another one than it was."""
        return bool(self._changes)

    def offset_now(self, offset: int) -> int:
        """Where an offset of the text asked for is in the text of now."""
        for change in self._changes:
            offset = change.moved(offset)
        return offset

    def edits_now(self, edits: Sequence[Edit]) -> tuple[Edit, ...]:
        """Edits of the text asked for, as edits of the text of now."""
        return tuple(
            replace(
                edit, span=Span(self.offset_now(edit.span.start), self.offset_now(edit.span.end))
            )
            for edit in edits
        )

    def finding_now(self, finding: Finding) -> Finding:
        """A finding of the text asked for, at its place in the text of now."""
        return replace(finding, position=self.offset_now(finding.position))
