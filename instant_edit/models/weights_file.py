"""The weights file: one GGUF holding quantised tensors and the network's sizes.

GGUF (https://github.com/ggml-org/ggml/blob/master/docs/gguf.md) is read and written by the
``gguf`` library; its three block types used here are expanded with torch, which is ten times
faster than the library's own numpy.
"""

from __future__ import annotations

import hashlib
from dataclasses import asdict, fields
from pathlib import Path
from typing import Any

import numpy as np
import torch
from numpy.typing import NDArray
from torch import Tensor

from instant_edit.errors import ModelError
from instant_edit.models.network import Network, NetworkConfig

ARCHITECTURE = "instant-edit"
MEND = "reinstall the package: pip install --force-reinstall --no-deps instant-edit"


def read_network(path: Path, dtype: torch.dtype) -> Network:
    """The network of a weights file, its frozen weights in ``dtype``.

    Raises:
        ModelError: the file is missing, cut short or not ours; the text names it.
    """
    try:
        from gguf import GGUFReader

        if not path.is_file():
            raise ModelError(f"weights file {path} is missing; {MEND}")
        reader = GGUFReader(str(path))
        config = NetworkConfig(**{f.name: _field(reader, f.name) for f in fields(NetworkConfig)})
        with torch.device("meta"):
            network = Network(config)
        state = {t.name: expand(t.data, t.tensor_type.name, dtype) for t in reader.tensors}
        network.load_state_dict(state, assign=True)
    except ModelError:
        raise
    except Exception as error:
        raise ModelError(f"weights file {path} is corrupt ({error}); {MEND}") from error
    network.set_frequencies()
    return network.eval().requires_grad_(False)


def _field(reader: Any, name: str) -> Any:
    found = reader.fields.get(f"{ARCHITECTURE}.{name}")
    if found is None:
        raise ModelError(f"the weights file has no key {ARCHITECTURE}.{name}; {MEND}")
    return found.contents()


def expand(data: NDArray[Any], kind: str, dtype: torch.dtype) -> Tensor:
    """Blocks of 32 weights into a tensor; ``data`` has rows of blocks as its last axis."""
    raw = torch.from_numpy(np.array(data))
    if kind in ("F32", "F16"):
        return raw.to(torch.float32 if raw.ndim == 1 else dtype)
    rows = raw.shape[0]
    size = {"Q8_0": 34, "Q5_0": 22, "Q4_1": 20}[kind]
    blocks = raw.view(-1, size)
    scale = blocks[:, :2].contiguous().view(torch.float16).float()  # (blocks, 1)
    if kind == "Q8_0":
        values = blocks[:, 2:].contiguous().view(torch.int8).float() * scale
    elif kind == "Q4_1":
        least = blocks[:, 2:4].contiguous().view(torch.float16).float()
        values = _nibbles(blocks[:, 4:]).float() * scale + least
    else:
        bits = blocks[:, 2:6].contiguous().view(torch.int32)  # (blocks, 1), one bit a weight
        high = ((bits >> torch.arange(32)) & 1) << 4
        values = ((_nibbles(blocks[:, 6:]) | high) - 16).float() * scale
    return values.to(dtype).view(rows, -1)


def _nibbles(packed: Tensor) -> Tensor:
    """(blocks, 16) bytes to (blocks, 32): low halves first."""
    return torch.cat((packed & 15, packed >> 4), dim=1)


def digest(path: Path) -> str:
    """SHA-256 of a weights file, as reports give it."""
    with path.open("rb") as handle:
        return "sha256:" + hashlib.file_digest(handle, "sha256").hexdigest()


def write_network(
    path: Path, config: NetworkConfig, tensors: dict[str, tuple[NDArray[Any], str]]
) -> None:
    """Write tensors to a weights file.

    Args:
        path: where.
        config: sizes, stored beside the tensors.
        tensors: by name, the values (float32), or ready blocks (uint8), and the block type.
    """
    from gguf import GGMLQuantizationType, GGUFWriter, quantize

    writer = GGUFWriter(str(path), ARCHITECTURE)
    for key, value in asdict(config).items():
        add = writer.add_float64 if isinstance(value, float) else writer.add_uint32
        add(f"{ARCHITECTURE}.{key}", value)
    for name, (array, kind) in tensors.items():
        block_type = GGMLQuantizationType[kind]
        ready = array if array.dtype == np.uint8 else quantize(array, block_type)
        writer.add_tensor(name, ready, raw_dtype=block_type)
    writer.write_header_to_file()
    writer.write_kv_data_to_file()
    writer.write_tensors_to_file()
    writer.close()
