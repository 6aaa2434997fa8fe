"""Two ways through one stack: clean rows are the base, canvas rows are adapted."""

from __future__ import annotations

import pytest
import torch
from torch import Tensor

from tests import tiny

IDS = torch.tensor([[0, 20, 21, 22, 23, 24, 25, 26]])
ROWS = torch.arange(8)[None]
CLEAN = 4  # leading rows that are context


def look() -> Tensor:
    """Clean rows see clean ones before them, canvas rows see everything, (1, 1, 8, 8)."""
    mask = torch.ones(8, 8, dtype=torch.bool).tril()
    mask[CLEAN:] = True
    return mask[None, None]


def close(one: Tensor, other: Tensor) -> bool:
    return torch.allclose(one, other, atol=1e-5)


def test_adapters_at_zero_leave_canvas_rows_as_the_base() -> None:
    base = tiny.network(adapters=False)
    canvas, _ = base(IDS, ROWS, mask=look(), adapted=CLEAN)
    plain, _ = base(IDS, ROWS, mask=look())
    assert torch.equal(canvas, plain)


def test_trained_adapters_change_canvas_rows_only() -> None:
    trained = tiny.network()
    canvas, _ = trained(IDS, ROWS, mask=look(), adapted=CLEAN)
    plain, _ = trained(IDS, ROWS, mask=look())
    assert close(canvas[:, :CLEAN], plain[:, :CLEAN])
    assert not close(canvas[:, CLEAN:], plain[:, CLEAN:])


def test_clean_rows_do_not_change_with_the_canvas() -> None:
    trained = tiny.network()
    other = IDS.clone()
    other[:, CLEAN:] = torch.tensor([30, 4, 4, 31])
    one, cache = trained(IDS, ROWS, mask=look(), adapted=CLEAN)
    two, other_cache = trained(other, ROWS, mask=look(), adapted=CLEAN)
    assert close(one[:, :CLEAN], two[:, :CLEAN])
    assert close(cache.rows(0, CLEAN).keys, other_cache.rows(0, CLEAN).keys)
    assert not close(one[:, CLEAN:], two[:, CLEAN:])


def test_without_a_mask_rows_are_causal() -> None:
    trained = tiny.network()
    causal = torch.ones(8, 8, dtype=torch.bool).tril()[None, None]
    assert close(trained(IDS, ROWS)[0], trained(IDS, ROWS, mask=causal)[0])


@pytest.mark.parametrize("cut", [1, 3, 7])
def test_a_prefix_and_its_continuation_give_what_one_pass_gives(cut: int) -> None:
    trained = tiny.network()
    whole, cache = trained(IDS, ROWS)
    head, past = trained(IDS[:, :cut], ROWS[:, :cut])
    causal = torch.ones(8, 8, dtype=torch.bool).tril()[None, None, cut:]
    rest, more = trained(IDS[:, cut:], ROWS[:, cut:], past=past, mask=causal)
    assert close(trained.logits(whole), trained.logits(torch.cat((head, rest), dim=1)))
    assert close(cache.keys, past.append(more).keys)
    assert close(cache.values, past.append(more).values)


def test_rows_written_into_a_cache_are_as_rows_beside_it() -> None:
    trained = tiny.network().requires_grad_(False)
    _, past = trained(IDS[:, :CLEAN], ROWS[:, :CLEAN])
    mask = torch.ones(1, 1, 4, 8, dtype=torch.bool)
    beside, fresh = trained(IDS[:, CLEAN:], ROWS[:, CLEAN:], past=past, mask=mask, adapted=0)
    roomy = past.room(20)
    into, written = trained(
        IDS[:, CLEAN:], ROWS[:, CLEAN:], past=roomy, mask=mask, adapted=0, into=CLEAN
    )
    assert close(beside, into)
    assert close(fresh.keys, written.keys)
    assert close(roomy.rows(0, 8).values, past.append(fresh).values)


def test_one_cached_context_serves_a_whole_batch() -> None:
    trained = tiny.network()
    _, past = trained(IDS[:, :CLEAN], ROWS[:, :CLEAN])
    mask = torch.ones(1, 1, 4, 8, dtype=torch.bool)
    canvases = torch.tensor([[23, 4, 4, 4], [23, 30, 4, 31]])
    both, _ = trained(canvases, ROWS[:, CLEAN:], past=past, mask=mask, adapted=0)
    for index in range(2):
        one = canvases[index : index + 1]
        alone, _ = trained(one, ROWS[:, CLEAN:], past=past, mask=mask, adapted=0)
        assert close(both[index], alone[0])


def test_special_ids_are_read_and_scored_by_their_own_rows() -> None:
    trained = tiny.network()
    mask = trained.config.special_first + 1
    assert torch.equal(trained.embed(torch.tensor([[mask]]))[0, 0], trained.special[1])
    assert torch.equal(trained.embed(torch.tensor([[30]]))[0, 0], trained.embedding[30])
    hidden = torch.randn(3, trained.config.width)
    scores = trained.logits(hidden)
    assert scores.shape == (3, trained.config.vocabulary)
    assert close(scores[:, mask], hidden @ trained.special[1])
    assert close(scores[:, 30], hidden @ trained.embedding[30])


def test_only_adapters_and_special_rows_are_trained() -> None:
    trained = tiny.network()
    names = set(trained.trainable())
    assert "special" in names
    assert all(name == "special" or ".adapter." in name for name in names)
    hidden, _ = trained(IDS, ROWS, mask=look(), adapted=0)
    torch.autograd.backward(trained.logits(hidden).logsumexp(-1).sum())
    reached = {name for name, p in trained.named_parameters() if p.grad is not None}
    assert reached == names
