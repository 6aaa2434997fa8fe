"""What came of the tasks of a file."""

from __future__ import annotations

from dataclasses import dataclass, field, fields
from typing import TYPE_CHECKING, Literal

from instant_edit.request import Edit, Finding, Stats

if TYPE_CHECKING:
    from collections.abc import Iterable

    from instant_edit.apply.draft import Draft
    from instant_edit.apply.files import SourceFile
    from instant_edit.apply.selection import Task

Status = Literal["edited", "unchanged", "rejected", "abstained", "declined"]
SHORT_OF = {"rejected", "abstained"}  # an edit was asked for, and there is none


@dataclass(frozen=True, slots=True)
class Rejected:
    """A candidate that passed the gate and fell to what was asked of it beside."""

    texts: tuple[str, ...]
    finding: Finding


@dataclass(frozen=True, slots=True)
class TaskOutcome:
    """What came of one task. ``seed`` is the one that it was asked with.

    ``batch`` numbers the requests that were denoised with it; None for one asked alone.
    """

    task: Task
    status: Status
    seed: int
    edits: tuple[Edit, ...] = ()
    findings: tuple[Finding, ...] = ()
    stats: Stats = field(default_factory=Stats)
    rejected: tuple[Rejected, ...] = ()
    by_hand: bool = False
    batch: int | None = None

    @property
    def confidence(self) -> float | None:
        """The lowest confidence of its edits, in [0, 1]; None without any."""
        return min((edit.confidence for edit in self.edits), default=None)


@dataclass(frozen=True, slots=True)
class FileOutcome:
    """What came of one file: its draft, and one outcome for each task, in order."""

    file: SourceFile
    draft: Draft
    tasks: tuple[TaskOutcome, ...]

    @property
    def changed(self) -> bool:
        """Whether the new text differs from the old."""
        return self.draft.text != self.file.source.text

    @property
    def short(self) -> bool:
        """Whether an edit was asked for that is not there."""
        return any(outcome.status in SHORT_OF for outcome in self.tasks)

    @property
    def findings(self) -> tuple[Finding, ...]:
        """Why edits are missing."""
        return tuple(finding for outcome in self.tasks for finding in outcome.findings)


def total(stats: Iterable[Stats]) -> Stats:
    """The cost of several edits together."""
    every = list(stats)
    names = [field.name for field in fields(Stats)]
    return Stats(**{name: sum(getattr(one, name) for one in every) for name in names})
