"""Edits as workflow commands of GitHub Actions."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterator

    from instant_edit.apply.reports.entry import Entry

_LEVELS = {"edited": "notice", "rejected": "warning", "abstained": "warning"}


def commands(entry: Entry) -> Iterator[str]:
    """One command for each edit, each missing edit, and each file that failed."""
    if entry["error"] is not None:
        yield _command("error", {"file": entry["path"], "title": "instant-edit"}, entry["error"])
    for task in entry["tasks"]:
        level = _LEVELS.get(task["status"])
        if level is None:
            continue
        where = {
            "file": entry["path"],
            "line": task["start_line"],
            "endLine": task["end_line"],
            "title": f"instant-edit: {task['status']}",
        }
        yield _command(level, where, _said(task))


def _said(task: Entry) -> str:
    asked = task["instruction"] or "fill"
    if task["status"] == "edited":
        written = "\n".join(edit["text"] for edit in task["edits"] if edit["text"])
        return f"{asked} (seed {task['seed']}, confidence {task['confidence']:.2f}):\n{written}"
    reasons = "; ".join(finding["message"] for finding in task["findings"])
    return f"{asked}: no edit: {reasons}"


def _command(level: str, properties: dict[str, object], message: str) -> str:
    listed = ",".join(f"{name}={_property(str(value))}" for name, value in properties.items())
    return f"::{level} {listed}::{_data(message)}"


def _data(text: str) -> str:
    return text.replace("%", "%25").replace("\r", "%0D").replace("\n", "%0A")


def _property(text: str) -> str:
    return _data(text).replace(":", "%3A").replace(",", "%2C")
