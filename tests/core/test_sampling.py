"""Pure sampling functions."""

from __future__ import annotations

import torch
from hypothesis import given
from hypothesis import strategies as st

from instant_edit import sampling


def rows(*shares: list[float]) -> torch.Tensor:
    return torch.tensor(shares).log_softmax(-1)


def test_entropy_of_a_uniform_row_is_the_log_of_its_size() -> None:
    assert torch.allclose(sampling.entropy(rows([0.0, 0.0])), torch.tensor([2.0]).log())


@given(st.lists(st.floats(0, 5), min_size=1, max_size=12), st.floats(0, 2))
def test_the_entropy_bound_commits_at_least_the_surest_slot(
    values: list[float], bound: float
) -> None:
    entropies = torch.tensor(values)
    chosen = sampling.entropy_bound(entropies, bound)
    assert chosen[entropies.argmin()]
    kept = entropies[chosen]
    assert float(kept.sum() - kept.max()) <= bound + 1e-4


def test_a_wider_bound_commits_no_fewer_slots() -> None:
    entropies = torch.tensor([0.3, 0.1, 0.2, 2.0])
    sizes = [int(sampling.entropy_bound(entropies, b).sum()) for b in (0.0, 0.15, 0.5, 5.0)]
    assert sizes == [1, 2, 3, 4]


def test_sure_slots_are_committed_beside_the_bound() -> None:
    scores = rows([0.0, 9.0], [0.0, 0.1], [9.0, 0.0])
    assert sampling.commit(scores, bound=0.0, threshold=0.9).tolist() == [True, False, True]


def test_verification_stops_at_the_first_token_the_causal_pass_denies() -> None:
    causal = rows([0.0, 5.0, 0.0], [5.0, 0.0, 0.0], [0.0, 0.0, 5.0])
    assert sampling.accepted(causal, [1, 0, 2], 1.0) == 3
    assert sampling.accepted(causal, [1, 2, 2], 1.0) == 1
    assert sampling.accepted(causal, [0, 0, 2], 1.0) == 0
    assert sampling.accepted(causal, [], 1.0) == 0


def test_a_laxer_ratio_accepts_the_second_best() -> None:
    causal = rows([1.0, 0.5])
    assert sampling.accepted(causal, [1], 1.0) == 0
    assert sampling.accepted(causal, [1], 0.5) == 1


def test_blending_with_no_share_is_the_causal_pass_alone() -> None:
    causal, canvas = rows([1.0, 0.0])[0], rows([0.0, 3.0])[0]
    assert torch.allclose(sampling.blend(causal, canvas, 0.0), causal)
    assert sampling.blend(causal, canvas, 0.5).argmax() == 1
    assert sampling.blend(causal, None, 0.5) is causal
    assert sampling.blend(None, canvas, 0.5) is canvas


def test_temperature_zero_takes_the_best_and_others_follow_the_seed() -> None:
    scores = rows([0.0, 0.2, 0.1])[0]
    generator = torch.Generator().manual_seed(3)
    assert sampling.draw(scores, 0.0, generator) == 1
    drawn = [sampling.draw(scores, 1.0, torch.Generator().manual_seed(5)) for _ in range(3)]
    assert len(set(drawn)) == 1
