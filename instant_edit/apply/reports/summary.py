"""A run as a table, and as one line."""

from __future__ import annotations

from collections import Counter
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from instant_edit.apply.reports.counts import Counts
    from instant_edit.apply.reports.entry import Entry

HEADINGS = ("file", "edited", "unchanged", "no edit", "state")


def table(document: Entry) -> str:
    """The files of a report in columns, with what it takes to repeat the run above them."""
    rows = [HEADINGS, *(_row(entry) for entry in document["files"])]
    widths = [max(len(row[column]) for row in rows) for column in range(len(HEADINGS))]
    lines = [
        "  ".join(
            cell.ljust(width) if column in (0, len(HEADINGS) - 1) else cell.rjust(width)
            for column, (cell, width) in enumerate(zip(row, widths, strict=True))
        ).rstrip()
        for row in rows
    ]
    model = document["model"] or {"id": "none", "digest": "none"}
    versions = ", ".join(f"{name} {version}" for name, version in document["versions"].items())
    head = f"model {model['id']} {model['digest']}\nseed {document['seed']}; {versions}\n"
    return "\n".join([head, *lines])


def one_line(counts: Counts) -> str:
    """How a run went."""
    tasks = Counter(counts.tasks)
    missing = tasks["rejected"] + tasks["abstained"]
    parts = [
        f"{counts.looked_at} files looked at",
        f"{counts.files['changed']} changed",
        f"{counts.files['written']} written",
        f"{tasks['edited']} edits",
        f"{missing} places without one",
    ]
    if counts.files["failed"]:
        parts.append(f"{counts.files['failed']} files failed")
    if counts.interrupted:
        parts.append(f"interrupted with {counts.left} files to go")
    return ", ".join(parts)


def _row(entry: Entry) -> tuple[str, ...]:
    tasks = Counter(task["status"] for task in entry["tasks"])
    return (
        entry["path"],
        str(tasks["edited"]),
        str(tasks["unchanged"]),
        str(tasks["rejected"] + tasks["abstained"] + tasks["declined"]),
        _state(entry),
    )


def _state(entry: Entry) -> str:
    if entry["error"] is not None:
        return f"failed: {entry['error']}"
    if entry["written"]:
        return "written"
    return "would change" if entry["changed"] else "as it was"
