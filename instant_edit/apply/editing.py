"""From the tasks of a file to its outcome: each is asked of the model and then judged."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from contextlib import AbstractContextManager, nullcontext
from dataclasses import dataclass, field, replace
from itertools import zip_longest
from typing import TYPE_CHECKING

from instant_edit.apply.draft import Draft
from instant_edit.apply.outcome import FileOutcome, Rejected, TaskOutcome
from instant_edit.apply.trust import CONFIDENCE, Judge, objection
from instant_edit.request import Finding, Verdict

if TYPE_CHECKING:
    from instant_edit.apply.batching import Ready
    from instant_edit.apply.draft import Change
    from instant_edit.apply.files import SourceFile
    from instant_edit.apply.interactive import Reviewer
    from instant_edit.apply.options import ApplyOptions
    from instant_edit.apply.selection import Task
    from instant_edit.interface import Engine, OnStep
    from instant_edit.request import EditRequest, EditResult

Watch = Callable[["EditRequest"], AbstractContextManager["OnStep | None"]]


@dataclass(frozen=True)
class Asking:
    """How the model is asked, and who judges its answers."""

    editor: Engine
    options: ApplyOptions
    judges: Sequence[Judge] = ()
    stopped: Callable[[], bool] = lambda: False
    watch: Watch = lambda _: nullcontext()
    reviewer: Reviewer | None = None

    def edit_file(
        self, file: SourceFile, draft: Draft, ready: Sequence[Ready | None] = ()
    ) -> FileOutcome:
        """Do the tasks of a draft one after the other; one that fails leaves the others be.

        ``ready`` are answers that a batch gave to its tasks already.

        Raises:
            EditCancelled: the run was stopped.
        """
        outcomes = []
        for task, answer in zip_longest(draft.tasks, ready):
            if self.reviewer is not None and self.reviewer.quit:
                outcomes.append(TaskOutcome(task, "declined", self.options.seed))
                continue
            outcome, new = self.settle(task, draft, self.options.seed, answer)
            if self.reviewer is not None:
                outcome, new = self.reviewer.review(self, outcome, draft, new)
            outcomes.append(outcome)
            draft = new
        return FileOutcome(file, draft, tuple(outcomes))

    def settle(
        self, task: Task, draft: Draft, seed: int, ready: Ready | None = None
    ) -> tuple[TaskOutcome, Draft]:
        """Ask for a task: the first candidate that the gate and the judges take, or none."""
        bench = Bench(task, draft, self.judges)
        if ready is not None:
            result = ready.result
            if result.verdict.ok:
                result = replace(result, verdict=bench.judge(result))
            if not bench.fallen or self.options.candidates == 1:
                outcome, new = bench.concluded(result, seed)
                return replace(outcome, batch=ready.batch), new
            bench.fallen.clear()  # the one that fell is asked for, and falls, again
        request = draft.request(task, self.options, seed)
        with self.watch(request) as on_step:
            result = self.editor.edit(
                request, judge=bench.judge, cancelled=self.stopped, on_step=on_step
            )
        return bench.concluded(result, seed)


@dataclass
class Bench:
    """Where the candidates for one task are judged, one after the other."""

    task: Task
    draft: Draft
    judges: Sequence[Judge]
    fallen: list[Rejected] = field(default_factory=list)

    def judge(self, result: EditResult) -> Verdict:
        """What the judges say of a candidate that has passed the gate alone."""
        change = self.draft.change(self.task, result)
        if self._same(change):
            return Verdict(True)
        new = self.draft.with_change(change)
        finding = self._beside_the_others(new) or objection(self.judges, new, change)
        if finding is None:
            return Verdict(True)
        self.fallen.append(Rejected(tuple(edit.text for edit in change.edits), finding))
        return Verdict(False, (finding,))

    def concluded(self, result: EditResult, seed: int) -> tuple[TaskOutcome, Draft]:
        """The outcome of the task, and the draft with it."""
        outcome = TaskOutcome(
            self.task, "rejected", seed, stats=result.stats, rejected=tuple(self.fallen)
        )
        if not result.verdict.ok:
            return self._without_edit(outcome, result), self.draft
        change = self.draft.change(self.task, result)
        if self._same(change):
            return replace(outcome, status="unchanged", edits=change.edits), self.draft
        done = replace(outcome, status="edited", edits=change.all_edits)
        return done, self.draft.with_change(change)

    def _without_edit(self, outcome: TaskOutcome, result: EditResult) -> TaskOutcome:
        """Why there is none: what the judges found, or else the gate."""
        if not self.fallen:
            return replace(outcome, findings=_in_file(self.draft, result.verdict.findings))
        findings = tuple(one.finding for one in self.fallen)
        unsure = all(finding.kind == CONFIDENCE for finding in findings)
        return replace(outcome, status="abstained" if unsure else "rejected", findings=findings)

    def _same(self, change: Change) -> bool:
        source = self.draft.source
        return all(source[e.span.start : e.span.end] == e.text for e in change.edits)

    def _beside_the_others(self, new: Draft) -> Finding | None:
        """What the gate has against a change beside those made; alone it has passed already."""
        if len(new.changes) == 1 and self.task.cut is None:
            return None
        return next(iter(new.verdict().findings), None)


def _in_file(draft: Draft, findings: Sequence[Finding]) -> tuple[Finding, ...]:
    """Findings of a rejected answer, at their places in the file."""
    return tuple(replace(one, position=draft.position(one.position)) for one in findings)
