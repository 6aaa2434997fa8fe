"""What came of a run: a document, and the same as a table for people."""

from __future__ import annotations

from dataclasses import asdict
from typing import TYPE_CHECKING, Any

from instant_edit.tuning.comparison import Comparison, verdict

if TYPE_CHECKING:
    from pathlib import Path

    from instant_edit.tuning.material import Material
    from instant_edit.tuning.plan import Plan
    from instant_edit.tuning.rows import Rows

SCHEMA_VERSION = 1
NAME = "report.json"
KINDS = ("fills", "rewrites", "all")
_HEAD = ("", "before", "after", "change (95 %)", "rows", "commits")


def document(
    plan: Plan,
    material: Material,
    rows: Rows,
    comparisons: dict[str, Comparison],
    weights: Path,
    digest: str,
) -> dict[str, Any]:
    """All of a run, for JSON.

    Args:
        plan: what was done.
        material: what was learned from.
        rows: what was measured on.
        comparisons: by kind of row, and "all".
        weights: the file that was written.
        digest: of that file.
    """
    return {
        "schema_version": SCHEMA_VERSION,
        **asdict(plan),
        "learned": {
            "files": material.files,
            "edits": len(material.edits),
            "skipped": dict(sorted(material.skipped.items())),
        },
        "rows": {"fills": rows.all_fills, "rewrites": rows.all_rewrites},
        "measured": {kind: asdict(one) for kind, one in comparisons.items()},
        "verdict": verdict(comparisons["all"]),
        "model": {"path": str(weights), "digest": digest},
    }


def table(report: dict[str, Any]) -> str:
    """The measurement as aligned columns, and the verdict."""
    lines: list[tuple[str, ...]] = [_HEAD]
    for kind in KINDS:
        if kind in report["measured"]:
            lines += _lines(kind, report["measured"][kind])
    widths = [max(len(line[i]) for line in lines) for i in range(len(_HEAD))]
    shown = [
        "  ".join(cell.ljust(width) for cell, width in zip(line, widths, strict=True)).rstrip()
        for line in lines
    ]
    return "\n".join([*shown, f"verdict: {report['verdict']}"])


def conclusion(report: dict[str, Any]) -> str:
    """In words: whether it is better, of how much that was measured, and how to use it."""
    found = report["measured"]["all"]
    path = report["model"]["path"]
    shown = {
        "better": "The trained model is better on these rows.",
        "lower loss only": "The trained model finds the true text likelier on these rows; that it "
        "makes better edits was not shown.",
        "worse": "The trained model is WORSE on these rows; keep the one you have.",
        "not shown to be better": "The trained model was not shown to be better.",
    }[report["verdict"]]
    return (
        f"{shown} Measured on {found['rows']} spans that {found['commits']} held-out commits "
        f"changed ({report['rows']['fills']} to fill and {report['rows']['rewrites']} to rewrite "
        f"were found). The model in use is the one it was; to try the trained one: "
        f"--model {path}, or for good: instant-edit models use {path}"
    )


def _lines(kind: str, found: dict[str, Any]) -> list[tuple[str, ...]]:
    exact, loss = found["exact"], found["loss"]
    counts = (str(found["rows"]), str(found["commits"]))
    change = exact["change"]
    points = f"{100 * change['rate']:+.1f} points ({_range(change, 100, 1)})"
    edited = [f"{found['edited'][when]['count']}" for when in ("before", "after")]
    return [
        (f"{kind}: exact matches", _rate(exact["before"]), _rate(exact["after"]), points, *counts),
        (f"{kind}: edits that validate", *edited, "", *counts),
        (
            f"{kind}: loss of hidden tokens",
            f"{loss['before']:.3f}",
            f"{loss['after']:.3f}",
            f"{loss['change']:+.3f} ({_range(loss, 1, 3)})",
            *counts,
        ),
    ]


def _rate(one: dict[str, float]) -> str:
    low, high = 100 * one["low"], 100 * one["high"]
    return f"{one['count']} = {100 * one['rate']:.1f} % ({low:.1f} to {high:.1f})"


def _range(one: dict[str, float], times: int, digits: int) -> str:
    return f"{times * one['low']:+.{digits}f} to {times * one['high']:+.{digits}f}"
