from __future__ import annotations

import pytest

from instant_edit.evaluation.metrics import RowResult, percentile, rate, summarise, wilson
from instant_edit.evaluation.report import figures
from instant_edit.request import Stats


def test_wilson_gives_the_published_values() -> None:
    assert wilson(22, 60) == pytest.approx((0.2562, 0.4932), abs=1e-3)
    assert wilson(0, 10) == pytest.approx((0.0, 0.2775), abs=1e-3)
    assert wilson(10, 10) == pytest.approx((0.7225, 1.0), abs=1e-3)
    assert wilson(0, 0) == (0.0, 1.0)


def test_percentiles_interpolate() -> None:
    assert percentile([4.0, 1.0, 3.0, 2.0], 50) == 2.5
    assert percentile([1.0, 2.0], 100) == 2.0
    assert percentile([7.0], 95) == 7.0
    assert percentile([], 50) == 0.0


def row(passed: bool | None, edited: bool = True, stats: Stats | None = None) -> RowResult:
    return RowResult(
        task_id="id",
        passed=passed,
        exact=passed,
        edited=edited,
        changed=edited,
        draft_parses=edited,
        edit_parses=True if edited else None,
        completion="",
        reason="",
        stats=stats or Stats(2, 4, 8, 100, 50, 40, 10),
    )


def test_the_summary_counts_rows_and_adds_costs() -> None:
    results = [
        row(True),
        row(False),
        row(False, edited=False, stats=Stats(1, 2, 1, 300, 60, 200, 40)),
    ]
    summary = summarise(results)
    assert summary["rows"] == 3
    assert summary["pass_at_1"]["count"] == 1
    assert summary["no_edit"]["rate"] == pytest.approx(1 / 3)
    assert summary["forward_passes_per_edit"] == pytest.approx(10 / 3)
    assert summary["tokens_per_forward"] == pytest.approx(1.7)
    assert summary["milliseconds"]["p50"] == 100
    assert summary["milliseconds"]["mean_denoise"] == pytest.approx(280 / 3)


def test_rates_are_shown_with_interval_and_count() -> None:
    shown = dict(figures(summarise([row(True), row(False)])))
    assert shown["pass@1"] == "50.0% [9.5%, 90.5%] (1 of 2)"


def test_rows_that_nothing_judges_count_neither_way() -> None:
    summary = summarise([row(True), row(None), row(False, edited=False)])
    assert (summary["pass_at_1"]["count"], summary["pass_at_1"]["of"]) == (1, 2)
    assert (summary["edits_that_parse"]["count"], summary["edits_that_parse"]["of"]) == (2, 2)
    assert summary["drafts_that_parse"]["of"] == 3


def test_a_rate_of_nothing_is_unbounded() -> None:
    assert rate([None]) == {"count": 0, "of": 0, "rate": 0.0, "low": 0.0, "high": 1.0}
