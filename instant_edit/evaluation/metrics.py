"""Figures over rows: rates with their uncertainty, and percentiles."""

from __future__ import annotations

import math
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from instant_edit.request import Stats

if TYPE_CHECKING:
    from collections.abc import Sequence


@dataclass(frozen=True, slots=True)
class RowResult:
    """What became of one row.

    Args:
        task_id: the row.
        passed: whether its judge found the edit right; None where there is no judge.
        exact: whether the new text is the reference; None where there is none.
        edited: whether an edit passed the gate.
        changed: whether that edit changed anything.
        draft_parses: whether the first draft was code before the gate saw it; None where nobody
            could see that.
        edit_parses: whether the edit that was returned is code; None where none was.
        completion: the text that was written.
        reason: why it has not passed.
        findings: of the gate, where it rejected.
        stats: what it cost.
    """

    task_id: str
    passed: bool | None
    exact: bool | None
    edited: bool
    changed: bool
    draft_parses: bool | None
    edit_parses: bool | None
    completion: str
    reason: str
    findings: tuple[str, ...] = ()
    stats: Stats = field(default_factory=Stats)


def wilson(successes: int, trials: int, z: float = 1.959964) -> tuple[float, float]:
    """Bound a rate with Wilson's 95 % interval."""
    if trials == 0:
        return 0.0, 1.0
    rate, square = successes / trials, z * z
    centre = (rate + square / (2 * trials)) / (1 + square / trials)
    half = z * math.sqrt(rate * (1 - rate) / trials + square / (4 * trials**2))
    half /= 1 + square / trials
    return max(0.0, centre - half), min(1.0, centre + half)


def percentile(values: Sequence[float], percent: float) -> float:
    """Interpolate linearly between the two nearest ranks."""
    if not values:
        return 0.0
    ordered = sorted(values)
    rank = (len(ordered) - 1) * percent / 100
    low = math.floor(rank)
    high = min(low + 1, len(ordered) - 1)
    return ordered[low] + (ordered[high] - ordered[low]) * (rank - low)


def summarise(results: Sequence[RowResult]) -> dict[str, Any]:
    """Put all rows into the figures that a model card quotes."""
    stats = [result.stats for result in results]
    milliseconds = [one.milliseconds for one in stats]
    tokens = sum(one.tokens for one in stats)
    passes = sum(one.forward_passes for one in stats)
    count = len(results)
    return {
        "rows": count,
        "pass_at_1": rate([result.passed for result in results]),
        "exact_match": rate([result.exact for result in results]),
        "drafts_that_parse": rate([result.draft_parses for result in results]),
        "edits_that_parse": rate([result.edit_parses for result in results]),
        "no_edit": rate([not result.edited for result in results]),
        "unchanged": rate([result.edited and not result.changed for result in results]),
        "forward_passes_per_edit": passes / count,
        "tokens_per_edit": tokens / count,
        "tokens_per_forward": tokens / passes if passes else 0.0,
        "milliseconds": {
            "p50": percentile(milliseconds, 50),
            "p95": percentile(milliseconds, 95),
            "mean": sum(milliseconds) / count,
            "mean_context": sum(one.context_milliseconds for one in stats) / count,
            "mean_denoise": sum(one.denoise_milliseconds for one in stats) / count,
            "mean_gate": sum(one.gate_milliseconds for one in stats) / count,
        },
    }


def rate(answers: Sequence[bool | None]) -> dict[str, float]:
    """The share of yes among the answers that are known, with its 95 % interval."""
    known = [answer for answer in answers if answer is not None]
    low, high = wilson(sum(known), len(known))
    share = sum(known) / len(known) if known else 0.0
    return {"count": sum(known), "of": len(known), "rate": share, "low": low, "high": high}
