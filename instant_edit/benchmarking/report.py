"""Results as Markdown and as one JSON document, which later runs of single tables add to."""

from __future__ import annotations

import json
import os
import platform
from collections.abc import Sequence
from dataclasses import asdict
from importlib import metadata
from pathlib import Path
from typing import Any

from instant_edit.benchmarking.table import Curve, Table
from instant_edit.models.protocol import ModelInfo

SCHEMA_VERSION = 1
DISTRIBUTIONS = ("instant-edit", "torch", "tokenizers")


def conditions(info: ModelInfo) -> dict[str, Any]:
    """What figures depend on: the model, the versions and the machine."""
    return {
        "schema_version": SCHEMA_VERSION,
        "model": asdict(info),
        "versions": {
            "python": platform.python_version(),
            **{name: metadata.version(name) for name in DISTRIBUTIONS},
        },
        "machine": {"processor": processor(), "cores": os.cpu_count()},
    }


def processor() -> str:
    """The processor's name as the system gives it, or else its architecture."""
    try:
        lines = Path("/proc/cpuinfo").read_text("utf-8").splitlines()
    except OSError:
        lines = []
    names = [line.partition(":")[2].strip() for line in lines if line.startswith("model name")]
    return names[0] if names else platform.processor() or platform.machine()


def joined(
    given: dict[str, Any], tables: Sequence[Table], path: Path | None = None
) -> dict[str, Any]:
    """The document: new tables, and those of the file at ``path`` measured under the same."""
    kept: dict[str, Any] = {}
    if path is not None and path.is_file():
        found = json.loads(path.read_text("utf-8"))
        if {key: found.get(key) for key in given} == given:
            kept = found["tables"]
    new = {table.name: rounded(asdict(table)) for table in tables}
    return {**given, "tables": {**kept, **new}}


def tables_of(document: dict[str, Any]) -> list[Table]:
    """The tables of a document."""
    return [
        Table(**{**t, "rows": tuple(t["rows"]), "curves": tuple(Curve(**c) for c in t["curves"])})
        for t in document["tables"].values()
    ]


def markdown(document: dict[str, Any]) -> str:
    """Every table under its heading, with the plots that stand beside this file."""
    model, machine = document["model"], document["machine"]
    parts = [
        "# What an edit costs",
        f"{model['description']}, `{model['digest'][:19]}`, {model['dtype']}, "
        f"{model['threads']} threads on {machine['cores']} cores of {machine['processor']}; "
        f"torch {document['versions']['torch']}. Written by `instant-edit bench`, never by hand.",
    ]
    for table in tables_of(document):
        parts += [f"## {table.title}", as_markdown(table.rows), table.note]
        parts += [f"![{curve.y} by {curve.x}]({plot_name(table, curve)})" for curve in table.curves]
    return "\n\n".join(parts) + "\n"


def plot_name(table: Table, curve: Curve) -> str:
    """The file of one plot."""
    return f"{table.name}-{curve.y}.svg".replace(" ", "-").replace("÷", "ratio")


def as_markdown(rows: Sequence[dict[str, Any]]) -> str:
    """Rows as a Markdown table."""
    names = list(rows[0])
    lines = [names, ["---" if isinstance(rows[0][name], str) else "--:" for name in names]]
    lines += [[shown(row[name]) for name in names] for row in rows]
    return "\n".join("| " + " | ".join(line) + " |" for line in lines)


def shown(value: object) -> str:
    """A number with as many digits as it deserves."""
    if not isinstance(value, float):
        return str(value)
    return f"{value:.0f}" if abs(value) >= 100 else f"{value:.2f}"


def rounded(value: object) -> Any:  # noqa: ANN401 - JSON
    """Numbers of a document to four digits behind the point: there is no more in them."""
    if isinstance(value, float):
        return round(value, 4)
    if isinstance(value, dict):
        return {key: rounded(inner) for key, inner in value.items()}
    return [rounded(inner) for inner in value] if isinstance(value, list | tuple) else value
