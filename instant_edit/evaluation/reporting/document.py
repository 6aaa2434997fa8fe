"""The report as one object: what ``report.json`` holds, and ``report.md`` is made of."""

from __future__ import annotations

from dataclasses import asdict
from typing import TYPE_CHECKING, Any

from instant_edit.evaluation.attempt import Variant
from instant_edit.evaluation.metrics import summarise
from instant_edit.evaluation.reporting.journal import REFERENCE
from instant_edit.evaluation.reporting.pairs import Pair, compare

if TYPE_CHECKING:
    from collections.abc import Sequence

    from instant_edit.evaluation.attempt import Length
    from instant_edit.evaluation.metrics import RowResult
    from instant_edit.evaluation.reporting.journal import Journal
    from instant_edit.evaluation.reporting.suite import Drawn

SCHEMA_VERSION = 1


def document(
    run: dict[str, Any], command: str, drawn: Sequence[Drawn], journal: Journal
) -> dict[str, Any]:
    """Everything that is known of a run, be it through or not."""
    sets = [_set(one, journal) for one in drawn]
    return {
        "schema_version": SCHEMA_VERSION,
        "command": command,
        "complete": all(one["complete"] for one in sets),
        **run,
        "sets": sets,
    }


def _set(one: Drawn, journal: Journal) -> dict[str, Any]:
    name = one.set.name
    broken = [
        case.id
        for case in one.cases
        if not journal.done.get((name, case.id, REFERENCE), {"passed": True})["passed"]
    ]
    results = {variant: _results(one, variant, broken, journal) for variant in one.set.variants}
    sound = len(one.cases) - len(broken)
    return {
        "name": name,
        "title": one.set.title,
        "judged": one.set.judged,
        "complete": all(len(rows) == sound for rows in results.values()),
        "usable": one.usable,
        "drawn": len(one.cases),
        "left_out": list(one.left_out),
        "broken": broken,
        "variants": [
            {**asdict(variant), **summarise(list(rows.values()))}
            for variant, rows in results.items()
            if rows
        ],
        "pairs": _pairs(one, results),
    }


def _results(
    one: Drawn, variant: Variant, broken: Sequence[str], journal: Journal
) -> dict[str, RowResult]:
    """The finished rows of a variant that measure something."""
    found = {
        case.id: journal.result((one.set.name, case.id, variant.name))
        for case in one.cases
        if case.id not in broken
    }
    return {name: result for name, result in found.items() if result is not None}


def _pairs(one: Drawn, results: dict[Variant, dict[str, RowResult]]) -> list[dict[str, Any]]:
    """Diffusion against left to right, on the rows that both are through with."""
    lengths: tuple[Length, ...] = ("own", "oracle")
    out = []
    for length in lengths:
        first = results.get(Variant("fill", "diffusion", length), {})
        second = results.get(Variant("fill", "ar", length), {})
        pairs = [
            Pair(case.group, bool(first[case.id].passed), bool(second[case.id].passed))
            for case in one.cases
            if case.judge is not None and case.id in first and case.id in second
        ]
        if pairs:
            out.append({"length": length, "rows": len(pairs), **asdict(compare(pairs))})
    return out
