"""A packed network says what the plain one says."""

from __future__ import annotations

import pytest
import torch

from instant_edit.models import packed
from instant_edit.models.packed import can_pack, pack
from tests import tiny

IDS = torch.tensor([[20, 21, 22, 23, 24, 4, 4, 4]])
ROWS = torch.arange(8)[None]
LOOK = torch.ones(8, 8, dtype=torch.bool)[None, None]

needs_packing = pytest.mark.skipif(
    not can_pack(torch.float32), reason="this build of torch does not pack weights"
)


@needs_packing
@pytest.mark.parametrize("adapted", [None, 0, 5])
def test_packing_changes_no_figure(adapted: int | None) -> None:
    plain, fast = tiny.network(), tiny.network()
    assert pack(fast)
    with torch.inference_mode():
        expected, _ = plain(IDS, ROWS, mask=LOOK, adapted=adapted)
        found, _ = fast(IDS, ROWS, mask=LOOK, adapted=adapted)
        assert torch.allclose(expected, found, atol=1e-4)
        assert torch.allclose(plain.logits(expected), fast.logits(found), atol=1e-3)


def test_where_it_can_not_be_packed_a_network_stays_as_it_is(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    def missing(*_: object) -> torch.Tensor:
        raise AttributeError("no such operator")

    monkeypatch.setattr(packed, "packed", missing)
    network = tiny.network()
    assert not pack(network)
    assert network.head is None
    with torch.inference_mode():
        network(IDS, ROWS, mask=LOOK, adapted=3)
