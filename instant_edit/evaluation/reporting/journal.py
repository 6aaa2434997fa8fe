"""The rows that are done, a line each, so that an interrupted report goes on there."""

from __future__ import annotations

import json
import os
from typing import TYPE_CHECKING, Any, Self

from instant_edit.errors import InputError
from instant_edit.evaluation.metrics import RowResult
from instant_edit.request import Stats

if TYPE_CHECKING:
    from pathlib import Path
    from types import TracebackType

REFERENCE = "reference"  # in place of a variant: the row's own solution, judged

Key = tuple[str, str, str]  # set, row, variant


class Journal:
    """A file of finished rows, all of them of one run."""

    def __init__(self, path: Path, run: dict[str, Any]) -> None:
        """Read what is done and begin to record.

        Raises:
            InputError: the file is of another run, is no journal, or cannot be written.
        """
        self.path = path
        self.done: dict[Key, dict[str, Any]] = {
            (one["set"], one["task_id"], one["variant"]): one for one in self._read(run)
        }
        try:
            self._stream = path.open("a", encoding="utf-8")
            if self._stream.tell() == 0:
                self._write({"run": run})
        except OSError as error:
            raise self._unwritable(error) from error

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self._stream.close()

    def add(self, key: Key, values: dict[str, Any]) -> None:
        """Record a row.

        Raises:
            InputError: the file cannot be written.
        """
        name, row, variant = key
        record = {"set": name, "variant": variant, **values, "task_id": row}
        try:
            self._write(record)
        except OSError as error:
            raise self._unwritable(error) from error
        self.done[key] = record

    def result(self, key: Key) -> RowResult | None:
        """A row that is done."""
        values = self.done.get(key)
        if values is None:
            return None
        fields = {name: value for name, value in values.items() if name not in ("set", "variant")}
        stats = Stats(**fields.pop("stats"))
        return RowResult(**{**fields, "findings": tuple(fields["findings"]), "stats": stats})

    def _read(self, run: dict[str, Any]) -> list[dict[str, Any]]:
        """The rows of an earlier start of this run; a last line that was cut off is dropped."""
        if not self.path.exists():
            return []
        try:
            data = self.path.read_bytes()
            whole = data[: data.rfind(b"\n") + 1]
            head, *records = [json.loads(line) for line in whole.splitlines()] or [{"run": run}]
            recorded = dict(head["run"])
        except (OSError, ValueError, KeyError, TypeError) as error:
            raise InputError(
                f"{self.path} is no journal of a report ({error}); move it away to begin anew"
            ) from error
        differing = [name for name in run if recorded.get(name) != run[name]]
        if differing:
            raise InputError(
                f"{self.path} is of a run with another {', '.join(differing)}; "
                "name another --out, or delete it to begin anew"
            )
        os.truncate(self.path, len(whole))
        return records

    def _write(self, record: dict[str, Any]) -> None:
        self._stream.write(json.dumps(record) + "\n")
        self._stream.flush()

    def _unwritable(self, error: OSError) -> InputError:
        return InputError(f"{self.path} cannot be written: {error.strerror or error}")
