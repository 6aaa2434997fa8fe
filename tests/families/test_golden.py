"""Our forward pass gives what the reference classes give, on every layout."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest
import torch

from instant_edit.models.families.checkpoint import Checkpoint
from instant_edit.models.families.loading import read_stack
from instant_edit.models.families.stack import Stack
from tests.families import checkpoints

IDS = torch.tensor([[7, 250, 31, 31, 4, 100, 199, 12, 64, 3]])


def both_ways(model: Any, ids: torch.Tensor) -> torch.Tensor:
    """The reference's logits where every row sees every other."""
    size = ids.shape[1]
    with torch.no_grad():
        found: torch.Tensor = model(ids, attention_mask=torch.zeros(1, 1, size, size)).logits
        return found


def ours(folder: Path, network: str) -> Stack:
    return read_stack(Checkpoint(folder), network, torch.float32)


def logits(stack: Stack, ids: torch.Tensor) -> torch.Tensor:
    hidden, _ = stack(ids, torch.arange(ids.shape[1])[None])
    return stack.logits(hidden)


def agree(folder: Path, network: str, model: Any) -> None:
    expected = both_ways(model, IDS)
    assert torch.allclose(logits(ours(folder, network), IDS), expected, atol=2e-4)
    causal = model(IDS).logits
    assert not torch.allclose(causal, expected, atol=1e-2), "the reference ran causally"


@pytest.mark.parametrize(
    ("network", "kind", "changes"),
    [
        ("qwen2", "Qwen2", {}),
        ("qwen2", "Qwen2", {"tie_word_embeddings": True}),
        ("qwen3", "Qwen3", {"head_dim": 16}),
        ("llama", "Llama", {}),
        ("llama", "Llama", {"attention_bias": True}),
        ("qwen3_moe", "Qwen3Moe", {**checkpoints.EXPERTS, "norm_topk_prob": True, "head_dim": 8}),
        (
            "qwen3_moe",
            "Qwen3Moe",
            {**checkpoints.EXPERTS, "mlp_only_layers": [0], "norm_topk_prob": False},
        ),
    ],
    ids=["qwen2", "qwen2-tied", "qwen3", "llama", "llama-biased", "qwen3-moe", "moe-and-dense"],
)
def test_a_stock_network_is_the_reference(
    tmp_path: Path, network: str, kind: str, changes: dict[str, Any]
) -> None:
    model = checkpoints.stock(kind, **changes)
    agree(checkpoints.save(tmp_path, model), network, model)


@pytest.mark.parametrize("network", ["llada", "llada_moe", "llada2_moe"])
def test_a_renamed_network_is_its_reference(tmp_path: Path, network: str) -> None:
    folder, model = getattr(checkpoints, network)(tmp_path)
    agree(folder, network, model)


def test_rows_after_a_cached_context_are_those_of_one_pass(tmp_path: Path) -> None:
    stack = ours(checkpoints.save(tmp_path, checkpoints.stock("Qwen3", head_dim=16)), "qwen3")
    size = IDS.shape[1]
    mask = torch.ones(size, size).tril().bool()
    mask[6:, 6:] = True  # a block that sees itself and all before it
    whole, _ = stack(IDS, torch.arange(size)[None], mask[None, None])
    _, past = stack(IDS[:, :6], torch.arange(6)[None], mask[None, None, :6, :6])
    rest, _ = stack(IDS[:, 6:], torch.arange(6, size)[None], past=past)
    assert torch.allclose(whole[:, 6:], rest, atol=1e-5)
