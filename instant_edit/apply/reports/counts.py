"""How a run went, in numbers and as an exit code."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from instant_edit.apply.reports.entry import Entry

EXIT_OK, EXIT_WOULD_CHANGE, EXIT_ERROR, EXIT_INTERRUPTED = 0, 1, 2, 130


@dataclass
class Counts:
    """Files and tasks by what came of them; filled while the run goes on."""

    looked_at: int = 0
    selected: int = 0
    files: Counter[str] = field(default_factory=Counter)
    tasks: Counter[str] = field(default_factory=Counter)
    interrupted: bool = False

    def add(self, entry: Entry) -> None:
        """Count one file."""
        self.files["done"] += 1
        self.files["changed"] += bool(entry["changed"])
        self.files["written"] += bool(entry["written"])
        self.files["failed"] += entry["error"] is not None
        self.tasks.update(task["status"] for task in entry["tasks"])

    @property
    def left(self) -> int:
        """Files with something to do that were not come to."""
        return self.selected - self.files["done"]

    def exit_code(self, *, check: bool) -> int:
        """The exit code of the run: the worst of what happened."""
        if self.interrupted:
            return EXIT_INTERRUPTED
        if self.files["failed"]:
            return EXIT_ERROR
        if self.tasks["rejected"] or self.tasks["abstained"]:
            return EXIT_WOULD_CHANGE
        return EXIT_WOULD_CHANGE if check and self.files["changed"] else EXIT_OK

    def entry(self) -> dict[str, Any]:
        """The numbers as a plain object."""
        return {
            "looked_at": self.looked_at,
            "selected": self.selected,
            **{name: self.files[name] for name in ("changed", "written", "failed")},
            "tasks": dict(sorted(self.tasks.items())),
            "interrupted": self.interrupted,
        }
