"""Measures one runtime in this process and prints one JSON object."""

from __future__ import annotations

import importlib
import json
import sys
import time
from collections.abc import Callable, Mapping
from pathlib import Path
from statistics import median

import torch

from benchmarks.runtimes import exported, torch_ways
from benchmarks.runtimes.canvases import Step, canvas
from instant_edit.benchmarking.memory import peak_megabytes
from instant_edit.models.embedded import choose_threads

SLOTS = (1, 8, 24, 48)
REPEATS = 8
AGREED_ON = 24  # slots of each canvas whose tokens are compared

WAYS: Mapping[str, tuple[str, Callable[[], Step]]] = {
    "torch float32": ("torch", lambda: torch_ways.eager(torch.float32, packed=False)),
    "torch float32, packed": ("torch", lambda: torch_ways.eager(torch.float32, packed=True)),
    "torch bfloat16": ("torch", lambda: torch_ways.eager(torch.bfloat16, packed=False)),
    "torch bfloat16, packed": ("torch", lambda: torch_ways.eager(torch.bfloat16, packed=True)),
    "torch.compile bfloat16": ("torch", lambda: torch_ways.compiled(torch.bfloat16)),
    "torch int8": ("torch", torch_ways.dynamic_int8),
    "torchao int8": ("torchao", torch_ways.int8),
    "ONNX Runtime float32": ("onnxruntime", lambda: exported.onnxruntime(int8=False)),
    "ONNX Runtime int8": ("onnxruntime", lambda: exported.onnxruntime(int8=True)),
    "OpenVINO float32": ("openvino", lambda: exported.openvino("f32")),
    "OpenVINO bfloat16": ("openvino", lambda: exported.openvino("bf16")),
}


def main() -> None:
    """Build the runtime's step, warm it up, time it, and say its tokens."""
    name, folder = sys.argv[1], Path(sys.argv[2])
    torch.set_num_threads(choose_threads())
    places = torch.load(folder / "contexts.pt")
    package, build = WAYS[name]
    began = time.perf_counter()
    importlib.import_module(package)
    step = build()
    step(canvas(places[0], SLOTS[0]))
    started = time.perf_counter() - began
    for slots in SLOTS:
        step(canvas(places[0], slots))
    ready = time.perf_counter() - began
    times: dict[int, list[float]] = {slots: [] for slots in SLOTS}
    for _ in range(REPEATS):
        for slots in SLOTS:
            given = canvas(places[0], slots)
            step(given)
            began = time.perf_counter()
            step(given)
            times[slots].append(1000 * (time.perf_counter() - began))
    tokens = [step(canvas(place, AGREED_ON)).argmax(-1).tolist() for place in places]
    print(
        json.dumps(
            {
                "first step ms": 1000 * started,
                "all widths ms": 1000 * ready,
                "ms": {slots: median(some) for slots, some in times.items()},
                "peak MB": peak_megabytes(),
                "tokens": tokens,
            }
        )
    )


if __name__ == "__main__":
    main()
