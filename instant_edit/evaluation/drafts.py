"""The drafts that the engine shows to its gate, seen before the gate has judged them."""

from __future__ import annotations

from contextlib import contextmanager
from typing import TYPE_CHECKING

from instant_edit.remote.editor import RemoteEditor

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from instant_edit.drafting import Outcome
    from instant_edit.engine import Editor
    from instant_edit.job import Costs, Job
    from instant_edit.request import EditResult


@contextmanager
def watched(editor: Editor | RemoteEditor) -> Iterator[list[EditResult] | None]:
    """Collect every draft of the edits made meanwhile, as the whole text it would have made.

    Of an endpoint's there is nothing to be seen: None.

    Nothing that the engine answers says what it had drafted before the gate, since nobody but an
    evaluation wants to know; so its one way to the gate is watched from here.
    """
    if isinstance(editor, RemoteEditor):
        yield None
        return
    drafts: list[EditResult] = []
    gated = editor._gated

    def watching(job: Job, outcomes: Sequence[Outcome], costs: Costs) -> EditResult:
        result = gated(job, outcomes, costs)
        drafts.append(result)
        return result

    editor._gated = watching  # type: ignore[method-assign]
    try:
        yield drafts
    finally:
        del editor._gated
