"""EditEval: a piece of Python, an instruction, and a test of the edited piece."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from instant_edit.errors import InputError
from instant_edit.evaluation.cases import Case, Executed
from instant_edit.evaluation.formats.changed import changed_lines
from instant_edit.request import Span

if TYPE_CHECKING:
    from instant_edit.evaluation.dataset import Row

_MARKER = "{{Code}}"


def read(row: Row) -> Case:
    """The piece, with the lines selected in which the reference differs from it."""
    source = row.text("input")
    span, reference = changed_lines(source, row.text("output"))
    if not span and not reference:
        raise InputError(f"{row.where}: 'input' is the same as 'output'")
    context = row.text("context", "")
    if _MARKER not in context:
        context = _MARKER  # as the benchmark itself does
    program = f"{context}\n{row.text('test')}\ncheck()\n"
    return Case(
        id=row.text("task_id"),
        group=row.text("task_id"),
        source=source,
        span=span,
        instruction=row.text("instruction"),
        reference=reference,
        judge=Executed(tuple(program.split(_MARKER))),
    )


def read_whole(row: Row) -> Case:
    """The same with the whole piece selected, as the benchmark has it."""
    case = read(row)
    return replace(case, span=Span(0, len(case.source)), reference=row.text("output"))
