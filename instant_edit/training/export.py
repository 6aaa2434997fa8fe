"""A trained run into the weights file that ships.

The base's own Q4_1 blocks are copied byte for byte (only rows move, and rows are whole blocks),
so its layers lose nothing. The embedding goes from Q8_0 to Q5_0, adapters to Q8_0.
"""

from __future__ import annotations

import sys
from pathlib import Path
from typing import Any

import numpy as np
import torch
from gguf import GGUFReader
from numpy.typing import NDArray

from instant_edit.models.network import NetworkConfig
from instant_edit.models.weights_file import write_network
from instant_edit.training.checkpoint import Checkpoints
from instant_edit.training.convert import base_tensors, check_digest, fresh_special, unpermute

MOST_BYTES = 95_000_000


def base_blocks(path: Path) -> dict[str, NDArray[np.uint8]]:
    """The raw Q4_1 rows of the base file, query and key rows in rotate-half order."""
    return {
        t.name: unpermute(t.name, np.array(t.data))
        for t in GGUFReader(str(path)).tensors
        if t.tensor_type.name == "Q4_1"
    }


def export(base: Path, trained: dict[str, torch.Tensor] | None, out: Path) -> None:
    """Write the weights file; without trained tensors, the base with zero adapters."""
    check_digest(base)
    config = NetworkConfig()
    floats, blocks = base_tensors(base), base_blocks(base)
    tensors: dict[str, tuple[NDArray[Any], str]] = {
        "embedding": (floats["token_embd.weight"], "Q5_0"),
        "norm.weight": (floats["output_norm.weight"], "F32"),
    }
    parts = {
        "qkv": ("attn_q", "attn_k", "attn_v"),
        "out": ("attn_output",),
        "gate_up": ("ffn_gate", "ffn_up"),
        "down": ("ffn_down",),
    }
    for layer in range(config.layers):
        for ours, theirs in (("attention_norm", "attn_norm"), ("mlp_norm", "ffn_norm")):
            weight = floats[f"blk.{layer}.{theirs}.weight"]
            tensors[f"blocks.{layer}.{ours}.weight"] = (weight, "F32")
        for ours, names in parts.items():
            rows = [blocks[f"blk.{layer}.{name}.weight"] for name in names]
            tensors[f"blocks.{layer}.{ours}.weight"] = (np.concatenate(rows), "Q4_1")
    for name, tensor in (trained or untrained(config, floats)).items():
        kind = "F16" if name == "special" else "Q8_0"
        tensors[name] = (tensor.float().cpu().numpy(), kind)
    write_network(out, config, tensors)
    size = out.stat().st_size
    print(f"export: {out}: {size:,} bytes", file=sys.stderr)
    if size > MOST_BYTES:
        raise SystemExit(f"{out} has {size:,} bytes, more than the {MOST_BYTES:,} that may ship")


def untrained(
    config: NetworkConfig, floats: dict[str, NDArray[np.float32]]
) -> dict[str, torch.Tensor]:
    """Zero adapters and fresh special rows, for tests of the path."""
    kv = config.kv_heads * config.head_width
    sizes = {
        "qkv": (config.width, config.width + 2 * kv),
        "out": (config.width, config.width),
        "gate_up": (config.width, 2 * config.hidden),
        "down": (config.hidden, config.width),
    }
    out = {"special": fresh_special(torch.from_numpy(floats["token_embd.weight"]), config)}
    for layer in range(config.layers):
        for name, (inputs, outputs) in sizes.items():
            at = f"blocks.{layer}.{name}.adapter."
            out[at + "down"] = torch.zeros(config.rank, inputs)
            out[at + "up"] = torch.zeros(config.rank, outputs)
    return out


def trained_tensors(run: Path) -> dict[str, torch.Tensor]:
    """The averaged weights of a run's newest whole checkpoint."""
    state = Checkpoints(run).load(torch.device("cpu"))
    if state is None:
        raise SystemExit(f"{run} holds no checkpoint.pt; name the folder of a run that has saved")
    average: dict[str, torch.Tensor] = state["average"]
    return average
