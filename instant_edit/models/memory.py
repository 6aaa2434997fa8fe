"""How much memory a model needs, and how much there is: known before anything is loaded.

Nothing here imports torch unless an accelerator is asked for, and then torch is loaded already.
"""

from __future__ import annotations

import json
import os
import struct
from collections.abc import Sequence
from math import prod
from pathlib import Path
from typing import Literal

from instant_edit.errors import ModelError

Precision = Literal["int8", "int4"]
BYTES = {"float32": 4.0, "bfloat16": 2.0, "float16": 2.0, "int8": 1.1, "int4": 0.65}
WORKING = 0.1  # of the weights, for what passes through them
LEAST_WORKING = 256 * 1024**2  # bytes
LONGEST_HEADER = 100 * 1024**2  # bytes, as the format has it
CGROUP = Path("/sys/fs/cgroup")
MEMINFO = Path("/proc/meminfo")


def estimate(parameters: int, width: float) -> int:
    """Bytes that a model of so many parameters needs while it runs, ``width`` bytes each."""
    weights = parameters * width
    return int(weights + max(WORKING * weights, LEAST_WORKING))


def parameters_of(files: Sequence[Path]) -> int:
    """How many numbers there are in some safetensors files, by their headers.

    Raises:
        ModelError: a header cannot be read.
    """
    return sum(_numbers(file) for file in files)


def _numbers(file: Path) -> int:
    try:
        with file.open("rb") as handle:
            (length,) = struct.unpack("<Q", handle.read(8))
            header = json.loads(handle.read(min(length, LONGEST_HEADER)))
        return sum(prod(one["shape"]) for name, one in header.items() if name != "__metadata__")
    except (OSError, ValueError, LookupError, TypeError, AttributeError, struct.error) as error:
        raise ModelError(f"weights file {file} has no header that can be read: {error}") from error


def available(device: str) -> int | None:
    """Bytes that are free on a device (``"cpu"``, ``"cuda"``, ``"mps"``); None if nobody knows."""
    if device == "cuda":
        import torch

        return int(torch.cuda.mem_get_info()[0])
    here = [one for one in (_of_machine(), _of_group()) if one is not None]
    return min(here, default=None)


def check(name: str, files: Sequence[Path], device: str, precision: str) -> None:
    """Refuse a model for which there is no room.

    Args:
        name: what the message calls it.
        files: its safetensors.
        device: where it is to run.
        precision: of its weights there, a key of ``BYTES``.

    Raises:
        ModelError: it does not fit; the figures are given.
    """
    parameters = parameters_of(files)
    need, free = estimate(parameters, BYTES[precision]), available(device)
    if free is None or need <= free:
        return
    smaller = [one for one in ("int8", "int4") if estimate(parameters, BYTES[one]) <= free]
    advice = f"; {name}@{smaller[0]} would fit" if smaller and device != "cpu" else ""
    raise ModelError(
        f"model {name!r} needs about {need / 1e9:.1f} GB of memory on {device} "
        f"({parameters / 1e9:.2f}B parameters in {precision}), and {free / 1e9:.1f} GB are free; "
        f"close something, or choose a smaller model{advice}"
    )


def _of_machine() -> int | None:
    """What the kernel says can be had without swapping; elsewhere, all of the memory there is."""
    try:
        for line in MEMINFO.read_text().splitlines():
            if line.startswith("MemAvailable:"):
                return int(line.split()[1]) * 1024
    except OSError:
        pass
    try:
        return os.sysconf("SC_PHYS_PAGES") * os.sysconf("SC_PAGE_SIZE")
    except (ValueError, OSError):
        return None


def _of_group() -> int | None:
    """What a container's limit leaves."""
    try:
        most = (CGROUP / "memory.max").read_text().strip()
        used = int((CGROUP / "memory.current").read_text())
    except (OSError, ValueError):
        return None
    return None if most == "max" else max(0, int(most) - used)
