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
    """What became of one row."""

    task_id: str
    passed: bool
    exact: bool
    compiles: bool
    edited: bool
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
        "pass_at_1": _rate(sum(result.passed for result in results), count),
        "exact_match": _rate(sum(result.exact for result in results), count),
        "compiles": _rate(sum(result.compiles for result in results), count),
        "no_edit": _rate(sum(not result.edited for result in results), count),
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


def _rate(successes: int, trials: int) -> dict[str, float]:
    low, high = wilson(successes, trials)
    return {"count": successes, "rate": successes / trials, "low": low, "high": high}
