"""One case, one way of decoding: edit, splice, judge."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal

from instant_edit.evaluation.drafts import watched
from instant_edit.evaluation.metrics import RowResult
from instant_edit.evaluation.parsing import parses
from instant_edit.remote.editor import RemoteEditor
from instant_edit.request import EditRequest, Span

if TYPE_CHECKING:
    from instant_edit.engine import Editor
    from instant_edit.evaluation.cases import Case
    from instant_edit.request import EditResult, Mode

Decoding = Literal["diffusion", "ar"]
Length = Literal["own", "oracle"]

_WARM_UP = EditRequest("def half(number):\n    \n", (Span(22, 22),), "python", mode="fill")


@dataclass(frozen=True, slots=True)
class Variant:
    """One way to edit a case.

    Args:
        mode: hide the old text, or show it with the instruction.
        decoding: denoise, or write left to right with the same weights (fills only).
        length: let the model find it, or tell it that of the old text (infilling only).
    """

    mode: Mode = "fill"
    decoding: Decoding = "diffusion"
    length: Length = "own"

    @property
    def name(self) -> str:
        """What it is called in files."""
        return f"{self.mode}-{self.decoding}-{self.length}"


def warm_up(editor: Editor | RemoteEditor) -> None:
    """Edit something once, so that no row pays for what only the first edit costs."""
    editor.edit(_WARM_UP)


def attempt(
    editor: Editor | RemoteEditor,
    case: Case,
    variant: Variant,
    *,
    seed: int = 0,
    candidates: int = 1,
) -> RowResult:
    """Edit a case and judge what came of it.

    Where nothing validates there is no text to judge: the row has not passed. Whether a row has
    passed is unknown (None) only where nothing here can judge it.
    """
    request = EditRequest(
        source=case.source,
        spans=(case.span,),
        language=case.language,
        instruction=case.instruction if variant.mode == "rewrite" else None,
        mode=variant.mode,
        seed=seed,
        candidates=candidates,
    )
    with watched(editor) as drafts:
        result = _edit(editor, request, case, variant)
    edited = result.verdict.ok and len(result.edits) == 1
    outcome = case.judge(result.source) if edited and case.judge else None
    return RowResult(
        task_id=case.id,
        passed=None if case.judge is None else outcome is not None and outcome.passed,
        exact=None if case.solved is None else edited and result.source == case.solved,
        edited=edited,
        changed=edited and result.source != case.source,
        draft_parses=None if drafts is None else bool(drafts) and _drafted_code(drafts[0], case),
        edit_parses=parses(result.source, case.source, case.language) if edited else None,
        completion=result.edits[0].text if edited else "",
        reason="no edit" if not edited else outcome.reason if outcome else "",
        findings=tuple(f"{one.kind}: {one.message}" for one in result.verdict.findings),
        stats=result.stats,
    )


def _edit(
    editor: Editor | RemoteEditor, request: EditRequest, case: Case, variant: Variant
) -> EditResult:
    if isinstance(editor, RemoteEditor):
        return editor.edit(request, as_given=case.as_given)
    return editor.edit(request, as_given=case.as_given, oracle_length=variant.length == "oracle")


def _drafted_code(draft: EditResult, case: Case) -> bool:
    """Whether a draft, before the gate and what it has repaired, was complete and is code."""
    return bool(draft.edits) and parses(draft.source, case.source, case.language)
