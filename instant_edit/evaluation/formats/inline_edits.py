"""Inline edits of an editor's own tests: a file, a selection, an instruction.

There is no reference. Of the assertions that came with a row, those that ask for strings are
asked here (``asked.py``); those about compilers, linters and the edit's shape are not.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from instant_edit.errors import InputError
from instant_edit.evaluation.cases import Case
from instant_edit.evaluation.formats.asked import asked
from instant_edit.request import Span
from instant_edit.text import PositionEncoding, SourceText

if TYPE_CHECKING:
    from instant_edit.evaluation.dataset import Row


def read(row: Row) -> Case:
    """The file with its selection as the span."""
    source = row.text("text")
    return Case(
        id=row.text("id"),
        group=row.text("id"),
        source=source,
        span=_span(source, row),
        language=row.language(row.text("language")),
        instruction=row.text("query").removeprefix("/fix ").partition("\n")[0],
        judge=asked(source, row.text("validate_ts", "")),
    )


def _span(source: str, row: Row) -> Span:
    """The selection: line and UTF-16 column, once for a cursor, twice for a range.

    A cursor stands for the code of its line. What is behind the text's end is its end, as in the
    editor that the rows are of.
    """
    numbers = row.numbers("selection")
    if len(numbers) not in (2, 4):
        raise InputError(f"{row.where}: the key 'selection' must have two numbers, or four")
    text = SourceText(source)
    start, end = _offset(text, *numbers[:2]), _offset(text, *numbers[-2:])
    if end < start:
        raise InputError(f"{row.where}: the key 'selection' ends before it begins")
    line = text.line_span(text.line_of(start))
    empty = start == end and source[line.start : line.end].strip()
    return line if empty else Span(start, end)


def _offset(text: SourceText, line: int, character: int) -> int:
    if line >= text.line_count:
        return len(text.text)
    return text.offset(line, character, PositionEncoding.UTF16)
