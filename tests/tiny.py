"""A network of a few thousand weights, all of them random: the real code, without real weights."""

from __future__ import annotations

import torch

from instant_edit.models.embedded import EmbeddedDenoiser
from instant_edit.models.network import LowRank, Network, NetworkConfig
from instant_edit.models.protocol import ModelInfo
from tests.scripted import tokenizer

SMALL_VOCABULARY = 64


def config(vocabulary: int = SMALL_VOCABULARY) -> NetworkConfig:
    """Sizes of the tiny network; every width is a whole number of quantised blocks."""
    return NetworkConfig(
        layers=2, width=64, hidden=96, heads=2, kv_heads=1, vocabulary=vocabulary, rank=32
    )


def network(*, vocabulary: int = SMALL_VOCABULARY, adapters: bool = True, seed: int = 0) -> Network:
    """A tiny network; without ``adapters`` they are zero, as training begins."""
    torch.manual_seed(seed)
    made = Network(config(vocabulary))
    with torch.no_grad():
        for name, parameter in made.named_parameters():
            if not name.endswith(("norm.weight", "adapter.down", "adapter.up")):
                parameter.normal_(0, 0.3 if name == "special" else 0.15)
        for module in made.modules():
            if isinstance(module, LowRank) and adapters:
                module.up.normal_(0, 0.1)
    return made


def denoiser(made: Network | None = None) -> EmbeddedDenoiser:
    """The embedded denoiser around a tiny network."""
    info = ModelInfo("tiny", "sha256:0", "float32", 1, 0, "random weights")
    made = (made or network()).eval().requires_grad_(False)
    return EmbeddedDenoiser(made, tokenizer(), info)
