"""What ``apply --json`` prints: one object, with a schema version."""

from __future__ import annotations

from dataclasses import asdict
from typing import TYPE_CHECKING, Any

from instant_edit.apply.files import digest

if TYPE_CHECKING:
    from instant_edit.apply.files import SourceFile
    from instant_edit.models.protocol import ModelInfo
    from instant_edit.request import Edit, EditResult, Stats
    from instant_edit.text import SourceText

SCHEMA_VERSION = 1


def report(file: SourceFile, result: EditResult, model: ModelInfo, seed: int) -> dict[str, Any]:
    """Build the report of one edited file.

    Offsets are code points of the old text, which a BOM is not part of; lines are 1-based and
    inclusive; hashes are of the file's bytes. ``changed`` says that the new text differs,
    written or not.
    """
    new = file.source.with_text(result.source)
    entry = {
        "path": file.name,
        "changed": result.source != file.source.text,
        "old_hash": file.digest,
        "new_hash": digest(new.to_bytes()),
        "edits": [_edit(edit, file.source) for edit in result.edits],
        "verdict": {
            "ok": result.verdict.ok,
            "findings": [asdict(finding) for finding in result.verdict.findings],
        },
        "stats": stats_object(result.stats),
    }
    return {
        "schema_version": SCHEMA_VERSION,
        "files": [entry],
        "model": {"id": model.id, "digest": model.digest},
        "seed": seed,
    }


def stats_object(stats: Stats) -> dict[str, float]:
    """Put the cost of an edit into plain numbers."""
    return {**asdict(stats), "tokens_per_forward": stats.tokens_per_forward}


def _edit(edit: Edit, source: SourceText) -> dict[str, Any]:
    return {
        "start": edit.span.start,
        "end": edit.span.end,
        "start_line": source.line_of(edit.span.start) + 1,
        "end_line": source.line_of(edit.span.end) + 1,
        "text": edit.text,
        "confidence": edit.confidence,
    }
