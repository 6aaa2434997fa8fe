"""Two ways of decoding on the same rows: what lies between them, and how sure that is."""

from __future__ import annotations

from dataclasses import dataclass
from math import comb
from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    from collections.abc import Sequence

RESAMPLES = 4000


@dataclass(frozen=True, slots=True)
class Pair:
    """A row under both: the group of rows about the same program, and who passed."""

    group: str
    first: bool
    second: bool


@dataclass(frozen=True, slots=True)
class Comparison:
    """Of two rates on the same rows.

    Args:
        both, only_first, only_second, neither: numbers of rows.
        difference: of the first rate less the second, with its 95 % interval ``low``, ``high``.
        ratio: of the first rate to the second; None where the second is nought.
        p: McNemar's exact test, two-sided: how likely so uneven a split of the rows that differ
            is where both pass as often.
    """

    both: int
    only_first: int
    only_second: int
    neither: int
    difference: float
    low: float
    high: float
    ratio: float | None
    p: float


def compare(pairs: Sequence[Pair], seed: int = 0) -> Comparison:
    """Compare the two.

    The interval is a paired bootstrap over groups: rows about the same program stand and fall
    together, so whole groups are drawn.
    """
    first, second = sum(one.first for one in pairs), sum(one.second for one in pairs)
    both = sum(one.first and one.second for one in pairs)
    low, high = _interval(pairs, seed)
    return Comparison(
        both=both,
        only_first=first - both,
        only_second=second - both,
        neither=len(pairs) - first - second + both,
        difference=(first - second) / len(pairs) if pairs else 0.0,
        low=low,
        high=high,
        ratio=first / second if second else None,
        p=mcnemar(first - both, second - both),
    )


def mcnemar(only_first: int, only_second: int) -> float:
    """The two-sided exact p of a split of the rows that differ."""
    count = only_first + only_second
    tail = sum(comb(count, k) for k in range(min(only_first, only_second) + 1))
    return min(1.0, tail / 2.0 ** (count - 1))


def _interval(pairs: Sequence[Pair], seed: int) -> tuple[float, float]:
    if not pairs:
        return -1.0, 1.0
    return interval([(one.group, one.first - one.second, 1) for one in pairs], seed)


def interval(rows: Sequence[tuple[str, float, float]], seed: int = 0) -> tuple[float, float]:
    """Bound the sum of gains over the sum of sizes with a 95 % bootstrap interval.

    Args:
        rows: of each its group, its gain and its size; whole groups are drawn. At least one.
        seed: of the drawing.
    """
    groups: dict[str, list[tuple[float, float]]] = {}
    for group, gain, size in rows:
        groups.setdefault(group, []).append((gain, size))
    totals = np.array([np.sum(of_group, axis=0) for of_group in groups.values()])  # (groups, 2)
    drawn = np.random.default_rng(seed).integers(len(totals), size=(RESAMPLES, len(totals)))
    sums = totals[drawn].sum(axis=1)
    ratios = sums[:, 0] / sums[:, 1]
    return float(np.percentile(ratios, 2.5)), float(np.percentile(ratios, 97.5))
