"""The weights file: one GGUF holding quantised tensors and the network's sizes.

GGUF (https://github.com/ggml-org/ggml/blob/master/docs/gguf.md) is read and written by the
``gguf`` library; its three block types used here are expanded with torch, which is ten times
faster than the library's own numpy.
"""

from __future__ import annotations

import hashlib
from dataclasses import asdict, fields
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np
import torch
from numpy.typing import NDArray
from torch import Tensor

from instant_edit.errors import ModelError
from instant_edit.models.network import Network, NetworkConfig

if TYPE_CHECKING:
    from gguf import GGUFReader

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
        config = NetworkConfig(**_sizes(reader, path))
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


def _sizes(reader: GGUFReader, path: Path) -> dict[str, Any]:
    """The stored sizes of the network, by the names of ``NetworkConfig``."""
    sizes = {}
    for field in fields(NetworkConfig):
        found = reader.fields.get(f"{ARCHITECTURE}.{field.name}")
        if found is None:
            raise ModelError(
                f"weights file {path} is of another model (it has no key "
                f"{ARCHITECTURE}.{field.name}); {MEND}"
            )
        sizes[field.name] = found.contents()
    return sizes


def expand(data: NDArray[Any], kind: str, dtype: torch.dtype) -> Tensor:
    """Blocks of 32 weights into a tensor; ``data`` has rows of blocks as its last axis.

    Works through a few thousand blocks at a time, so that what it writes down in between stays in
    the processor's cache.
    """
    raw = torch.from_numpy(np.array(data))
    if kind in ("F32", "F16"):
        return raw.to(torch.float32 if raw.ndim == 1 else dtype)
    size, values_of = BLOCKS[kind]
    blocks = raw.view(-1, size)
    out = torch.empty(blocks.shape[0], 32, dtype=dtype)
    for some, target in zip(torch.split(blocks, CHUNK), torch.split(out, CHUNK), strict=True):
        target.copy_(values_of(some))
    return out.view(raw.shape[0], -1)


def _half(blocks: Tensor, start: int) -> Tensor:
    """The float16 at byte ``start`` of each block, (blocks, 1) in float32."""
    return blocks[:, start : start + 2].contiguous().view(torch.float16).float()


def _nibbles(packed: Tensor) -> Tensor:
    """(blocks, 16) bytes to (blocks, 32): low halves first."""
    return torch.cat((packed & 15, packed >> 4), dim=1)


def _q8_0(blocks: Tensor) -> Tensor:
    return blocks[:, 2:].contiguous().view(torch.int8).float().mul_(_half(blocks, 0))


def _q5_0(blocks: Tensor) -> Tensor:
    bits = blocks[:, 2:6, None] >> torch.arange(8, dtype=torch.uint8) & 1  # (blocks, 4, 8)
    high = bits.view(-1, 32) << 4
    return (_nibbles(blocks[:, 6:]) | high).float().sub_(16).mul_(_half(blocks, 0))


def _q4_1(blocks: Tensor) -> Tensor:
    return _nibbles(blocks[:, 4:]).float().mul_(_half(blocks, 0)).add_(_half(blocks, 2))


CHUNK = 4096
BLOCKS = {"Q8_0": (34, _q8_0), "Q5_0": (22, _q5_0), "Q4_1": (20, _q4_1)}


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
