"""A run as a SARIF 2.1.0 log: each edit is a result with its fix, each missing one a warning."""

from __future__ import annotations

from pathlib import PurePath
from typing import TYPE_CHECKING, Any
from urllib.parse import quote

if TYPE_CHECKING:
    from instant_edit.apply.reports.entry import Entry

SCHEMA = "https://json.schemastore.org/sarif-2.1.0.json"
RULES = {
    "edit": "An edit that passed the gate",
    "no-edit": "A place for which no edit passed",
    "failure": "A file that could not be edited",
}
_SHOWN = {"edited": "edit", "rejected": "no-edit", "abstained": "no-edit"}


def sarif_log(document: Entry) -> dict[str, Any]:
    """The log of a report."""
    results = [result for entry in document["files"] for result in _results(entry)]
    interrupted = document["summary"]["interrupted"]
    failed = document["summary"]["failed"] > 0
    run = {
        "tool": {"driver": _driver(document)},
        "columnKind": "unicodeCodePoints",
        "invocations": [{"executionSuccessful": not (interrupted or failed)}],
        "properties": {
            key: document[key] for key in ("seed", "model", "versions", "settings", "summary")
        },
        "results": results,
    }
    return {"$schema": SCHEMA, "version": "2.1.0", "runs": [run]}


def _driver(document: Entry) -> dict[str, Any]:
    rules = [{"id": name, "shortDescription": {"text": text}} for name, text in RULES.items()]
    version = document["versions"]["instant-edit"]
    return {"name": "instant-edit", "version": version, "rules": rules}


def _results(entry: Entry) -> list[dict[str, Any]]:
    found = []
    if entry["error"] is not None:
        found.append(_result("failure", "error", entry["error"], _location(entry, None)))
    for task in entry["tasks"]:
        rule = _SHOWN.get(task["status"])
        if rule is None:
            continue
        result = _result(
            rule, "note" if rule == "edit" else "warning", _said(task), _location(entry, task)
        )
        result["properties"] = {"seed": task["seed"], "confidence": task["confidence"]}
        if rule == "edit":
            result["fixes"] = [_fix(entry, task)]
        found.append(result)
    return found


def _result(rule: str, level: str, text: str, location: dict[str, Any]) -> dict[str, Any]:
    return {
        "ruleId": rule,
        "ruleIndex": list(RULES).index(rule),
        "level": level,
        "message": {"text": text},
        "locations": [{"physicalLocation": location}],
    }


def _said(task: Entry) -> str:
    asked = task["instruction"] or "fill the span"
    if task["status"] == "edited":
        return asked
    reasons = "; ".join(finding["message"] for finding in task["findings"])
    return f"{asked}: no edit: {reasons}"


def _location(entry: Entry, task: Entry | None) -> dict[str, Any]:
    location: dict[str, Any] = {"artifactLocation": _artifact(entry)}
    if task is not None:
        location["region"] = {
            "startLine": task["start_line"],
            "endLine": task["end_line"],
            "charOffset": task["spans"][0][0],
            "charLength": task["spans"][-1][1] - task["spans"][0][0],
        }
    return location


def _artifact(entry: Entry) -> dict[str, str]:
    path = PurePath(entry["path"])
    return {"uri": path.as_uri() if path.is_absolute() else quote(path.as_posix())}


def _fix(entry: Entry, task: Entry) -> dict[str, Any]:
    replacements = [
        {
            "deletedRegion": _region(edit),
            "insertedContent": {"text": edit["text"]},
        }
        for edit in task["edits"]
    ]
    change = {"artifactLocation": _artifact(entry), "replacements": replacements}
    return {"description": {"text": _said(task)}, "artifactChanges": [change]}


def _region(edit: Entry) -> dict[str, int]:
    """The text taken out, by lines and columns, and by offset; both count code points."""
    return {
        "startLine": edit["start_line"],
        "startColumn": edit["start_column"],
        "endLine": edit["end_line"],
        "endColumn": edit["end_column"],
        "charOffset": edit["start"],
        "charLength": edit["end"] - edit["start"],
    }
