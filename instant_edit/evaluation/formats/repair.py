"""HumanEvalPack as a repair: the buggy program, its buggy lines selected.

The documentation stands in the program, as it would in an editor, so this is HumanEvalFix with
docstrings. Only Python is executed: for the other languages there is no sandbox here, and an edit
is compared with the reference.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from instant_edit.errors import InputError
from instant_edit.evaluation.cases import Case, Executed
from instant_edit.evaluation.formats.changed import changed_lines

if TYPE_CHECKING:
    from instant_edit.evaluation.dataset import Row


def read(row: Row) -> Case:
    """The program with its bug, the lines that differ from the right one as the span."""
    identity, prompt, entry = row.text("task_id"), row.text("prompt"), row.text("entry_point")
    source = prompt + row.text("buggy_solution")
    span, reference = changed_lines(source, prompt + row.text("canonical_solution"))
    if not span and not reference:
        raise InputError(f"{row.where}: 'buggy_solution' is the same as 'canonical_solution'")
    language = row.language(identity.partition("/")[0])
    return Case(
        id=identity,
        group=identity,
        source=source,
        span=span,
        language=language,
        instruction=f"Fix the bug in {entry}.",
        reference=reference,
        judge=Executed(("", f"\n{row.text('test')}\n")) if language == "python" else None,
    )
