"""Every runtime is given the same step: the one that the engine makes."""

from __future__ import annotations

import torch

from benchmarks.runtimes.__main__ import installed, row, together
from benchmarks.runtimes.canvases import Canvas
from benchmarks.runtimes.exported import Whole
from benchmarks.runtimes.torch_ways import Split, stepping
from instant_edit.models.network import Block
from instant_edit.models.protocol import ContextIds
from tests import tiny


def test_the_graph_that_is_exported_and_the_torch_step_are_the_engine_s_step() -> None:
    denoiser = tiny.denoiser()
    session = denoiser.encode([ContextIds((0, 20, 21), (6, 30, 31))])
    cache = session.cache.rows(0, session.visible.shape[1])
    canvas = Canvas(torch.tensor([[21, 4, 4]]), torch.tensor([[2, 3, 4]]), cache.keys, cache.values)
    (wanted,) = session.forward([[]], [[4, 4, 4]])
    with torch.inference_mode():
        graph = Whole(denoiser.network)(canvas.ids, canvas.positions, canvas.keys, canvas.values)[0]
    for found in (graph, stepping(denoiser.network, torch.float32)(canvas)):
        assert torch.allclose(found.log_softmax(-1), wanted.canvas, atol=1e-4)


def test_a_split_projection_is_the_same_projection() -> None:
    block = tiny.network().blocks[0]
    assert isinstance(block, Block)
    x, gate = torch.randn(1, 5, 64), torch.tensor([[0.0], [0], [1], [1], [1]])
    split = Split(block.qkv)
    assert torch.allclose(split(x, gate), block.qkv(x, gate), atol=1e-5)
    assert torch.allclose(split(x, None), block.qkv(x, None), atol=1e-5)


def test_a_row_says_how_many_tokens_are_those_of_the_reference() -> None:
    found = {
        "ms": {"1": 1.0, "8": 2.0, "24": 3.0, "48": 4.0},
        "first step ms": 5.0,
        "all widths ms": 6.0,
        "peak MB": 7.0,
        "tokens": [[1, 2], [3, 9]],
    }
    made = row("torch float32", found, {**found, "tokens": [[1, 2], [3, 4]]})
    assert made["same tokens"] == 0.75
    assert made["installed MB"] == installed("torch") > 1


def test_the_rounds_of_a_runtime_are_told_by_their_medians() -> None:
    said = [
        {"ms": {"1": ms}, "first step ms": 10 * ms, "tokens": [[first]]}
        for first, ms in enumerate((3.0, 1.0, 2.0))
    ]
    assert together(said) == {"ms": {"1": 2.0}, "first step ms": 20.0, "tokens": [[0]]}
