"""One edited file, and one run, as plain objects: what every machine-readable format is made of."""

from __future__ import annotations

import platform
from dataclasses import asdict
from importlib import metadata
from typing import TYPE_CHECKING, Any

from instant_edit.apply.files import digest
from instant_edit.apply.outcome import total
from instant_edit.request import Stats
from instant_edit.text import PositionEncoding

if TYPE_CHECKING:
    from instant_edit.apply.options import ApplyOptions
    from instant_edit.apply.outcome import FileOutcome, TaskOutcome
    from instant_edit.models.protocol import ModelInfo
    from instant_edit.request import Edit
    from instant_edit.text import SourceText

SCHEMA_VERSION = 1
PACKAGES = ("instant-edit", "torch", "tokenizers", "tree-sitter")

Entry = dict[str, Any]


def run_entry(options: ApplyOptions, model: ModelInfo | None) -> Entry:
    """What a run needs to be repeated: seed, model, versions, and what was asked of the edits."""
    return {
        "schema_version": SCHEMA_VERSION,
        "seed": options.seed,
        "model": {"id": model.id, "digest": model.digest} if model else None,
        "versions": versions(),
        "settings": {
            "candidates": options.candidates,
            "deadline_ms": options.deadline_ms,
            "batch": options.batch,
            "verify": options.verify,
            "min_confidence": options.min_confidence,
            "max_changed_lines": options.max_changed_lines,
        },
    }


def versions() -> dict[str, str]:
    """The versions on which the bytes of an edit may depend."""
    found = {name: metadata.version(name) for name in PACKAGES}
    return {**found, "python": platform.python_version()}


def file_entry(outcome: FileOutcome) -> Entry:
    """The report of one file.

    Offsets are code points of the old text, which a BOM is not part of; lines are 1-based and
    inclusive; hashes are of the file's bytes. ``changed`` says that the new text differs,
    ``written`` that the file has it. ``edits`` make the new text of the old one.
    """
    file = outcome.file
    edits = sorted(
        (edit for task in outcome.tasks for edit in task.edits), key=lambda edit: edit.span
    )
    return {
        "path": file.name,
        "language": outcome.draft.language.id,
        "changed": outcome.changed,
        "written": False,
        "error": None,
        "old_hash": file.digest,
        "new_hash": digest(file.source.with_text(outcome.draft.text).to_bytes()),
        "edits": [_edit(edit, file.source) for edit in edits],
        "verdict": {
            "ok": not outcome.short,
            "findings": [asdict(finding) for finding in outcome.findings],
        },
        "stats": stats_object(total(task.stats for task in outcome.tasks)),
        "tasks": [_task(task, file.source) for task in outcome.tasks],
    }


def failed_entry(name: str, error: str) -> Entry:
    """The report of a file that could not be edited at all: the same keys, with nothing in them."""
    return {
        "path": name,
        "language": None,
        "changed": False,
        "written": False,
        "error": error,
        "old_hash": None,
        "new_hash": None,
        "edits": [],
        "verdict": {"ok": False, "findings": []},
        "stats": stats_object(Stats()),
        "tasks": [],
    }


def stats_object(stats: Stats) -> dict[str, float]:
    """The cost of an edit in plain numbers."""
    return {**asdict(stats), "tokens_per_forward": stats.tokens_per_forward}


def _task(outcome: TaskOutcome, source: SourceText) -> Entry:
    task = outcome.task
    return {
        "origin": task.origin,
        "kind": task.kind,
        "instruction": task.instruction,
        "mode": task.mode,
        "spans": [[span.start, span.end] for span in task.spans],
        "cut": [task.cut.start, task.cut.end] if task.cut else None,
        "start_line": source.line_of(task.spans[0].start) + 1,
        "end_line": source.line_of(task.spans[-1].end) + 1,
        "status": outcome.status,
        "seed": outcome.seed,
        "by_hand": outcome.by_hand,
        "batch": outcome.batch,
        "confidence": outcome.confidence,
        "edits": [_edit(edit, source) for edit in outcome.edits],
        "findings": [asdict(finding) for finding in outcome.findings],
        "rejected": [
            {"texts": list(one.texts), "finding": asdict(one.finding)} for one in outcome.rejected
        ],
    }


def _edit(edit: Edit, source: SourceText) -> Entry:
    start_line, start_column = source.position(edit.span.start, PositionEncoding.UTF32)
    end_line, end_column = source.position(edit.span.end, PositionEncoding.UTF32)
    return {
        "start": edit.span.start,
        "end": edit.span.end,
        "start_line": start_line + 1,
        "end_line": end_line + 1,
        "start_column": start_column + 1,
        "end_column": end_column + 1,
        "text": edit.text,
        "old_text": source.text[edit.span.start : edit.span.end],
        "confidence": edit.confidence,
    }
