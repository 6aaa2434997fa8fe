"""The new text of a file as it grows: one accepted change after the other, each past the gate.

Every request is made of the file as it was read (less its markers), never of a text with other
edits in it. So an edit depends on its own place, model and seed alone, and can be repeated.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from functools import cached_property
from typing import TYPE_CHECKING

from instant_edit.request import Edit, EditRequest, Span, Verdict
from instant_edit.splice import Shift, splice
from instant_edit.validate import validate

if TYPE_CHECKING:
    from collections.abc import Iterable

    from instant_edit.apply.options import ApplyOptions
    from instant_edit.apply.selection import Task
    from instant_edit.languages import Language
    from instant_edit.request import EditResult


@dataclass(frozen=True, slots=True)
class Change:
    """What one task does to a file: its edits, in code points of the file as it was read."""

    task: Task
    edits: tuple[Edit, ...]

    @property
    def all_edits(self) -> tuple[Edit, ...]:
        """The edits, and the marker taken out."""
        return (*_cuts((self.task,)), *self.edits)


@dataclass(frozen=True)
class Draft:
    """A file's text with some of its tasks done."""

    source: str
    language: Language
    name: str
    tasks: tuple[Task, ...]
    changes: tuple[Change, ...] = ()

    @cached_property
    def text(self) -> str:
        """The text with every change made."""
        return splice(self.source, self.edits)

    @property
    def edits(self) -> tuple[Edit, ...]:
        """Every edit that makes the text, in the order of the file."""
        every = [edit for change in self.changes for edit in change.all_edits]
        return tuple(sorted(every, key=lambda edit: edit.span))

    def with_change(self, change: Change) -> Draft:
        """The draft with one more change."""
        return replace(self, changes=(*self.changes, change))

    def without(self, change: Change) -> Draft:
        """The draft with one change taken back."""
        return replace(self, changes=tuple(one for one in self.changes if one != change))

    def only(self, change: Change) -> Draft:
        """The draft with one change alone."""
        return replace(self, changes=(change,))

    def request(self, task: Task, options: ApplyOptions, seed: int) -> EditRequest:
        """What is asked of the model for a task: it reads the file without its markers."""
        cuts = _cuts(self.tasks)
        shift = Shift.of(cuts)
        return EditRequest(
            source=splice(self.source, cuts),
            spans=tuple(_moved(span, shift) for span in task.spans),
            language=self.language.id,
            instruction=task.instruction,
            mode=task.mode,
            seed=seed,
            candidates=options.candidates,
            deadline_ms=options.deadline_ms,
            path=self.name,
        )

    def change(self, task: Task, result: EditResult) -> Change:
        """The answer to a request, its places those of the file as it was read."""
        shift = Shift.of(_cuts(self.tasks))
        edits = (replace(edit, span=_back(edit.span, shift)) for edit in result.edits)
        return Change(task, tuple(edits))

    def position(self, bare: int) -> int:
        """Where a position in a request's text stands in the file as it was read."""
        return Shift.of(_cuts(self.tasks)).original(bare)

    def verdict(self, text: str | None = None) -> Verdict:
        """What the gate says of the whole draft, or of ``text`` in its place.

        It is compared with the file less the markers that are taken out.
        """
        cuts = _cuts(change.task for change in self.changes)
        shift = Shift.of(cuts)
        base = splice(self.source, cuts)
        edits = [
            replace(edit, span=_moved(edit.span, shift))
            for change in self.changes
            for edit in change.edits
        ]
        after = self.text if text is None else text
        return validate(base, after, edits, self.language, self.name)


def _cuts(tasks: Iterable[Task]) -> list[Edit]:
    """The markers of tasks, taken out."""
    return [Edit(task.cut, "", 1.0) for task in tasks if task.cut is not None]


def _moved(span: Span, shift: Shift) -> Span:
    start = shift.start(span.start)
    return Span(start, start + len(span))


def _back(span: Span, shift: Shift) -> Span:
    start = shift.original(span.start)
    return Span(start, start + len(span))
