from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from instant_edit.evaluation.reporting.pairs import Pair, compare, mcnemar

PAIRS = st.lists(
    st.builds(Pair, st.sampled_from("abcdef"), st.booleans(), st.booleans()), min_size=1
)


def pairs(both: int, only_first: int, only_second: int, neither: int) -> list[Pair]:
    kinds = ((True, True),) * both + ((True, False),) * only_first
    kinds += ((False, True),) * only_second + ((False, False),) * neither
    return [Pair(str(number), *kind) for number, kind in enumerate(kinds)]


def test_mcnemar_gives_the_binomial_tail() -> None:
    assert mcnemar(0, 0) == 1.0
    assert mcnemar(5, 5) == 1.0
    assert mcnemar(6, 0) == pytest.approx(2 / 64)
    assert mcnemar(1, 8) == mcnemar(8, 1) == pytest.approx(2 * (1 + 9) / 512)


def test_a_comparison_counts_each_kind_of_row() -> None:
    found = compare(pairs(10, 6, 2, 22))
    assert (found.both, found.only_first, found.only_second, found.neither) == (10, 6, 2, 22)
    assert found.difference == pytest.approx(0.1)
    assert found.ratio == pytest.approx(16 / 12)
    assert found.low < 0.1 < found.high


def test_the_interval_is_about_that_of_the_normal_approximation() -> None:
    found = compare(pairs(100, 60, 40, 200))
    spread = 1.96 * ((100 / 400) - (20 / 400) ** 2) ** 0.5 / 20
    assert (found.low, found.high) == pytest.approx((0.05 - spread, 0.05 + spread), abs=0.008)


def test_rows_of_one_program_are_not_taken_for_independent() -> None:
    alone = pairs(0, 30, 10, 40)
    together = [Pair(str(i // 10), one.first, one.second) for i, one in enumerate(alone)]
    narrow, wide = compare(alone), compare(together)
    assert narrow.difference == wide.difference
    assert wide.high - wide.low > 1.5 * (narrow.high - narrow.low)


@given(PAIRS)
def test_swapping_the_two_swaps_the_answer(rows: list[Pair]) -> None:
    there = compare(rows)
    back = compare([Pair(one.group, one.second, one.first) for one in rows])
    assert there.difference == pytest.approx(-back.difference)
    assert (there.low, there.high) == pytest.approx((-back.high, -back.low))
    assert there.p == back.p
    assert -1 <= there.low <= there.high <= 1


def test_nothing_compared_is_nothing_known() -> None:
    found = compare([])
    assert (found.difference, found.low, found.high, found.ratio, found.p) == (0, -1, 1, None, 1)
