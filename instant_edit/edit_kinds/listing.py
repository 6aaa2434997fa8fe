"""``instant-edit kinds``: every kind of edit, and how well the embedded model does it."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING, Any

from instant_edit import languages
from instant_edit.edit_kinds import all_kinds, for_language
from instant_edit.edit_kinds.accuracy import measured

if TYPE_CHECKING:
    from typing import TextIO

    from instant_edit.edit_kinds.kind import EditKind


def show(language: str | None, stream: TextIO, *, as_json: bool) -> None:
    """Print the kinds of one language, or of all.

    Raises:
        LanguageError: there is no such language.
    """
    kinds = all_kinds() if language is None else for_language(languages.get(language).id)
    if as_json:
        document = {"weights": measured().weights or None, "kinds": [*map(_record, kinds)]}
        stream.write(json.dumps(document, indent=1, ensure_ascii=False) + "\n")
        return
    from rich.console import Console
    from rich.table import Table

    table = Table("id", "title", "languages", "right", "offered", box=None, pad_edge=False)
    for kind in kinds:
        record = _record(kind)
        named = ", ".join(record["languages"])
        offered = "yes" if record["offered"] else ""
        table.add_row(kind.id, kind.title, named, _rate(kind), offered)
    Console(file=stream, width=None if stream.isatty() else 120).print(table)


def _record(kind: EditKind) -> dict[str, Any]:
    found = measured().kinds.get(kind.id)
    return {
        "id": kind.id,
        "title": kind.title,
        "instruction": kind.instruction,
        "languages": sorted(kind.languages),
        "offered": found is not None and found.offered,
        "accuracy": None
        if found is None
        else {
            "count": found.count,
            "edited": found.edited,
            "right": found.right,
            "rate": found.rate,
            "low": found.low,
            "high": found.high,
        },
    }


def _rate(kind: EditKind) -> str:
    found = measured().kinds.get(kind.id)
    if found is None:
        return "not measured"
    return f"{found.rate:.0%} of {found.count} [{found.low:.0%}, {found.high:.0%}]"
