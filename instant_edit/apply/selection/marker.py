"""From comments such as ``# instant-edit: add type hints`` to spans and instructions."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from instant_edit.apply.selection.target import Target
from instant_edit.errors import InputError
from instant_edit.request import Span
from instant_edit.syntax import comment_at, construct_at

if TYPE_CHECKING:
    from collections.abc import Iterator

    from instant_edit.syntax import SyntaxTree
    from instant_edit.text import SourceText

MARK = "instant-edit:"
_MARKED = re.compile(rf"(?<![\w-]){MARK}")
_CLOSERS = ("*/", "-->")


def by_marker(source: SourceText, tree: SyntaxTree) -> Iterator[Target]:
    """Find each marker's construct, its instruction, and the comment's own lines, to be cut."""
    for match in _MARKED.finditer(source.text):
        comment = comment_at(tree, match.start())
        if comment is None or not _opens(source.text[comment.start : match.start()]):
            continue  # the words stand in a string, or in the middle of prose
        line = source.line_of(comment.start)
        origin = f"the marker in line {line + 1}"
        instruction = _instruction(source.text[match.end() : comment.end])
        if not instruction:
            raise InputError(f"{origin} names no edit; write what to do behind {MARK!r}")
        cut = _own_lines(source, comment, origin)
        yield Target(_construct(source, tree, cut, origin), origin, instruction, cut=cut)


def _opens(before: str) -> bool:
    """Whether there is nothing but the comment's own signs before the mark."""
    return not re.search(r"\w", before)


def _instruction(text: str) -> str:
    for closer in _CLOSERS:
        text = text.removesuffix(closer)
    return " ".join(re.sub(r"(?m)^[ \t]*(\*|#|//)", "", text).split())


def _own_lines(source: SourceText, comment: Span, origin: str) -> Span:
    """The whole lines of a comment, with the line ending."""
    first, last = source.line_of(comment.start), source.line_of(comment.end)
    if last > first and source.line_span(last).start == comment.end:
        last -= 1  # this grammar's comments include their line ending
    lines = source.lines_span(first + 1, last + 1)
    beside = source.text[lines.start : comment.start] + source.text[comment.end : lines.end]
    if beside.strip():
        raise InputError(f"{origin} shares its line with code; put it on a line of its own")
    return Span(lines.start, lines.end + len(source.eol_of(last)))


def _construct(source: SourceText, tree: SyntaxTree, cut: Span, origin: str) -> Span:
    """What stands below a marker at the same indentation, over other comments."""
    end = len(source.text)
    at = _over_blanks(source, cut.end)
    while at < end and (passed := comment_at(tree, at, or_attribute=True)):
        at = _over_blanks(source, passed.end)
    below = construct_at(tree, at) if at < end else None
    if below is None or _indent(source, at) != _indent(source, cut.start):
        raise InputError(f"{origin} stands above nothing; put it right above what it is about")
    return below


def _over_blanks(source: SourceText, offset: int) -> int:
    return len(source.text) - len(source.text[offset:].lstrip())


def _indent(source: SourceText, offset: int) -> str:
    line = source.line_span(source.line_of(offset))
    text = source.text[line.start : line.end]
    return text[: len(text) - len(text.lstrip())]
