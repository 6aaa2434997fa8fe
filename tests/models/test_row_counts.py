"""Passes have few different numbers of rows, and what pads them changes nothing."""

from __future__ import annotations

import pytest
import torch

from instant_edit.models.context_cache import BLOCK
from instant_edit.models.network import Network
from instant_edit.models.packed import can_pack, multiply, packed
from instant_edit.models.protocol import ContextIds
from instant_edit.models.row_counts import padded, padded_keys
from tests import tiny


@pytest.mark.parametrize("count", [padded, padded_keys])
def test_padding_adds_little_and_is_done_once(count: object) -> None:
    assert callable(count)
    for rows in range(1, 2000):
        assert rows <= count(rows) < rows + 64
        assert count(count(rows)) == count(rows)
    assert len({count(rows) for rows in range(1, 513)}) <= 18


def test_contexts_and_canvases_of_every_length_make_passes_of_few_shapes(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    shapes = set()
    passed = Network.forward

    def noting(network: Network, ids: torch.Tensor, *others: object, **more: object) -> object:
        mask = more["mask"]
        looked_at = mask.shape[-1] if isinstance(mask, torch.Tensor) else ids.shape[1]
        shapes.add((ids.shape[1], looked_at))
        return passed(network, ids, *others, **more)  # type: ignore[arg-type]

    monkeypatch.setattr(Network, "forward", noting)
    denoiser = tiny.denoiser()
    for rows in range(1, BLOCK + 60, 5):
        session = denoiser.encode([ContextIds((0,) * rows, (6, 20))])
        session.forward([[30] * (rows % 5)], [[4] * (rows % 23)])
        session.accept([rows % 5])
        session.forward([[31]], [[4] * (rows % 23)])
    assert {count for count, _ in shapes} <= {padded(count) for count in range(1, BLOCK + 64)}
    assert len(shapes) <= 45


@pytest.mark.skipif(not can_pack(torch.float32), reason="this build of torch does not pack weights")
@pytest.mark.parametrize("shape", [(0,), (1, 1), (1, 8), (3, 7), (2, 65)])
def test_rows_that_pad_a_packed_product_are_left_out(shape: tuple[int, ...]) -> None:
    x, weight = torch.randn(*shape, 64), torch.randn(96, 64)
    found = multiply(x, packed(weight))
    assert torch.allclose(found, torch.nn.functional.linear(x, weight), atol=1e-4)
