"""The embedded network from a weights file to be trained, and back into such a file."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np
import torch

from instant_edit.models.network import Network
from instant_edit.models.weights_file import read_network, write_network
from instant_edit.training.convert import freeze_as

if TYPE_CHECKING:
    from pathlib import Path

    from numpy.typing import NDArray


def trainable_network(weights: Path, frozen: torch.dtype) -> Network:
    """The network of a weights file, its adapters and special rows ready to be trained.

    Raises:
        ModelError: the file is missing, corrupt, or of another model.
    """
    network = read_network(weights, torch.float32)
    with torch.device("meta"):
        names = set(Network(network.config).trainable())
    for name, parameter in network.named_parameters():
        parameter.requires_grad_(name in names)
    return freeze_as(network, frozen).train()


def write_tuned(source: Path, trained: dict[str, torch.Tensor], out: Path) -> None:
    """Write a weights file: what is frozen as the blocks of ``source``, byte for byte.

    Raises:
        OSError: there is no room for it.
    """
    from gguf import GGUFReader

    config = read_network(source, torch.bfloat16).config
    tensors: dict[str, tuple[NDArray[Any], str]] = {}
    for tensor in GGUFReader(str(source)).tensors:
        kind, new = tensor.tensor_type.name, trained.get(tensor.name)
        values = np.array(tensor.data) if new is None else new.float().cpu().numpy()
        tensors[tensor.name] = (values, kind)
    partial = out.with_name(out.name + ".partial")
    try:
        write_network(partial, config, tensors)
        partial.replace(out)
    finally:
        partial.unlink(missing_ok=True)
