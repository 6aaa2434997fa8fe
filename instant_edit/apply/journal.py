"""``--resume FILE``: what a run has done, a line a file, so that the next one goes on there.

A file is recorded before it is written, and its content says whether it was: a run may be killed
at any moment and the next one still knows.
"""

from __future__ import annotations

import json
import os
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING

from instant_edit.apply.files import digest
from instant_edit.apply.reports.diff import unified_diff
from instant_edit.errors import InputError
from instant_edit.request import Edit, Span
from instant_edit.splice import splice
from instant_edit.text import SourceText

if TYPE_CHECKING:
    from instant_edit.apply.discovery import Found
    from instant_edit.apply.options import ApplyOptions
    from instant_edit.apply.reports.entry import Entry

_NOT_PART = {
    "resume",
    "jobs",
    "output",
    "report",
    "pager",
    "show_steps",
    "fail_on_empty",
    "allow_dirty",
}


@dataclass
class Journal:
    """The files that earlier runs with the same flags are through with; none without a file."""

    file: Path | None
    key: str
    recorded: dict[str, Entry] = field(default_factory=dict)
    kept: list[tuple[Entry, str]] = field(default_factory=list)
    model: str | None = None
    whole: int = 0  # bytes up to the last line that was not cut off

    @classmethod
    def open(cls, options: ApplyOptions) -> Journal:
        """Read what has been recorded.

        Raises:
            InputError: the file is of a run with other flags, or no journal.
        """
        journal = cls(options.resume, _key(options))
        if options.resume is None or not options.resume.exists():
            return journal
        try:
            data = options.resume.read_bytes()
            if not data:  # killed before it had written anything
                return journal
            journal.whole = data.rfind(b"\n") + 1
            run, *entries = [json.loads(line) for line in data[: journal.whole].splitlines()]
            journal.model = run["model"]
            same = run["key"] == journal.key
            journal.recorded = {entry["path"]: entry for entry in entries}
        except (OSError, ValueError, KeyError, TypeError) as error:
            raise InputError(f"--resume {options.resume} is no journal of a run: {error}") from None
        if not same:
            raise InputError(
                f"--resume {options.resume} is of a run with other flags; "
                "give the same ones, or delete it to begin anew"
            )
        return journal

    def done(self, found: Found) -> bool:
        """Whether a file is as the run that recorded it left it; then it is kept as it is."""
        entry = self.recorded.get(found.name)
        if entry is None or entry["error"] is not None:
            return False
        try:
            data = found.path.read_bytes()
        except OSError:
            return False
        if digest(data) != entry["new_hash" if entry["written"] else "old_hash"]:
            return False
        self.kept.append((entry, "" if entry["written"] else _diff(entry, data)))
        return True

    def begin(self, model: str) -> None:
        """Begin to record, with the model that the run has.

        Raises:
            InputError: the journal is of another model, or cannot be written.
        """
        if self.file is None:
            return
        if self.model is not None:
            if self.model != model:
                raise InputError(
                    f"--resume {self.file} is of another model; delete it to begin anew"
                )
            self._cut()
        else:
            self._append({"key": self.key, "model": model}, "w")

    def add(self, entry: Entry) -> None:
        """Record a file that is done, or about to be written."""
        if self.file is not None:
            self._append(entry, "a")

    def _cut(self) -> None:
        """Drop a last line that was cut off in the middle."""
        if self.file is not None:
            try:
                os.truncate(self.file, self.whole)
            except OSError as error:
                raise self._cannot_write(error) from error

    def _append(self, value: Entry, mode: str) -> None:
        if self.file is None:
            return
        try:
            with self.file.open(mode, encoding="utf-8") as stream:
                stream.write(json.dumps(value) + "\n")
        except OSError as error:
            raise self._cannot_write(error) from error

    def _cannot_write(self, error: OSError) -> InputError:
        return InputError(f"--resume {self.file} cannot be written: {error.strerror or error}")


def _key(options: ApplyOptions) -> str:
    """A name for everything in the flags that an edit may depend on."""
    values = {name: value for name, value in asdict(options).items() if name not in _NOT_PART}
    return digest(json.dumps(values, default=str, sort_keys=True).encode())


def _diff(entry: Entry, data: bytes) -> str:
    """The diff of a recorded file that was not written."""
    if not entry["changed"]:
        return ""
    source = SourceText.from_bytes(data, entry["path"])
    edits = [
        Edit(Span(one["start"], one["end"]), one["text"], one["confidence"])
        for one in entry["edits"]
    ]
    bom = "\ufeff" if source.bom else ""
    return unified_diff(bom + source.text, bom + splice(source.text, edits), entry["path"])
