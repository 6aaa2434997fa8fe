"""Spans: checked against their text, trimmed to what a selection means, grown on request."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import pairwise

from instant_edit.errors import SpanError
from instant_edit.languages import Language
from instant_edit.request import Span
from instant_edit.syntax import parse, sibling_runs
from instant_edit.text import SourceText


def check(spans: Sequence[Span], source: str) -> None:
    """Raise :class:`SpanError` for a span that is outside, inverted, or overlaps another.

    Spans may touch; two empty ones at one place overlap, for their order would matter.
    """
    for span in spans:
        if span.start > span.end:
            raise SpanError(f"span {_show(span)} is inverted; write the smaller offset first")
        if span.start < 0 or span.end > len(source):
            raise SpanError(
                f"span {_show(span)} is outside the text, which ends at offset {len(source)}"
            )
    for left, right in pairwise(sorted(spans)):
        if right.start < left.end or right == left:
            raise SpanError(f"spans {_show(left)} and {_show(right)} overlap; merge them")


def snap(source: str, span: Span, language: Language) -> Span:
    """The span without the blanks at its ends; one of only blanks stays as it is.

    A selection that begins in the indentation of a line would otherwise stand for the
    whole enclosing function.
    """
    del language  # the trimming is the same in each
    text = source[span.start : span.end]
    kept = text.strip()
    if not kept:
        return span
    start = span.start + len(text) - len(text.lstrip())
    return Span(start, start + len(kept))


def cover(source: str, span: Span, language: Language) -> Span:
    """The smallest node, or run of sibling nodes, that covers the span."""
    trimmed = snap(source, span, language)
    return next(iter(sibling_runs(parse(source, language), trimmed)), Span(0, len(source)))


def grow(source: str, span: Span, language: Language) -> Span:
    """The smallest node, or run of siblings, that covers the span and is larger than it."""
    trimmed = snap(source, span, language)
    for run in sibling_runs(parse(source, language), trimmed):
        if len(run) > len(trimmed):
            return run
    return Span(0, len(source))


def by_lines(source: SourceText, first: int, last: int) -> Span:
    """The span of the lines ``first`` to ``last``, counted from 1, both included."""
    return source.lines_span(first, last)


def line_insertion(source: str, span: Span) -> bool:
    """Whether what is inserted here is whole lines, the last of them with its line ending.

    So it is for an empty span at the start of a line which has text, and at the end of
    the text after a line ending. An empty line already has the ending it needs.
    """
    if span.start != span.end:
        return False
    before, after = source[max(span.start - 1, 0) : span.start], source[span.start : span.start + 1]
    return before in ("", "\n", "\r") and after not in ("\n", "\r")


def _show(span: Span) -> str:
    return f"[{span.start}, {span.end})"
