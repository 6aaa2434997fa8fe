"""One row of HumanEval-Infilling: edit, splice, execute."""

from __future__ import annotations

import warnings
from typing import TYPE_CHECKING

from instant_edit.evaluation.execution import execute
from instant_edit.evaluation.metrics import RowResult
from instant_edit.request import EditRequest, Span

if TYPE_CHECKING:
    from instant_edit.engine import Editor
    from instant_edit.evaluation.dataset import Row

_WARM_UP = EditRequest("def half(number):\n    \n", (Span(22, 22),), "python", mode="fill")


def warm_up(editor: Editor) -> None:
    """Edit something once, so that no row pays for what only the first edit costs."""
    editor.edit(_WARM_UP)


def fill(
    editor: Editor, row: Row, *, seed: int = 0, candidates: int = 1, oracle_length: bool = False
) -> RowResult:
    """Fill the hole of one row and judge it by its test.

    The source is the whole program with the middle in place, as in an editor; in fill mode the
    model never sees the middle, and only the gate compares with it. The span is taken as given,
    so that the middle's own indentation is hidden too. Where nothing validates there is no
    program to run: the row has not passed.
    """
    start = len(row.prompt)
    request = EditRequest(
        source=row.prompt + row.canonical_solution + row.suffix,
        spans=(Span(start, start + len(row.canonical_solution)),),
        language="python",
        mode="fill",
        seed=seed,
        candidates=candidates,
    )
    result = editor.edit(request, as_given=True, oracle_length=oracle_length)
    edited = result.verdict.ok and len(result.edits) == 1
    completion = result.edits[0].text if edited else ""
    outcome = execute(row.program(result.source)) if edited else None
    return RowResult(
        task_id=row.task_id,
        passed=outcome is not None and outcome.passed,
        exact=edited and completion == row.canonical_solution,
        compiles=edited and compiles(result.source),
        edited=edited,
        completion=completion,
        reason=outcome.reason if outcome else "no edit",
        findings=tuple(f"{one.kind}: {one.message}" for one in result.verdict.findings),
        stats=result.stats,
    )


def compiles(source: str) -> bool:
    """Ask this interpreter whether a whole text is Python, without running it."""
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        try:
            compile(source, "<row>", "exec", dont_inherit=True)
        except (SyntaxError, ValueError, RecursionError, MemoryError):
            return False
    return True
