"""HumanEval-Infilling: a program with a hole between ``prompt`` and ``suffix``."""

from __future__ import annotations

from typing import TYPE_CHECKING

from instant_edit.evaluation.cases import Case, Executed
from instant_edit.request import Span

if TYPE_CHECKING:
    from instant_edit.evaluation.dataset import Row


def read(row: Row) -> Case:
    """The whole program with its true middle as the span, taken as given, indentation and all.

    In fill mode the model never sees the middle, and only the gate compares with it.
    """
    prompt, middle = row.text("prompt"), row.text("canonical_solution")
    entry = row.text("entry_point")
    return Case(
        id=row.text("task_id"),
        group=entry,
        source=prompt + middle + row.text("suffix"),
        span=Span(len(prompt), len(prompt) + len(middle)),
        reference=middle,
        judge=Executed(("", f"\n{row.text('test')}\ncheck({entry})\n")),
        as_given=True,
    )
