"""A step in a runtime that reads ONNX: the same network, exported once."""

from __future__ import annotations

import tempfile
import warnings
from collections.abc import Callable
from pathlib import Path
from typing import Any

import torch
from torch import Tensor, nn

from benchmarks.runtimes.canvases import Canvas, Step, network
from instant_edit.models.network import KeyValues, Network

INPUTS = ("ids", "positions", "keys", "values")
FOLDER = Path(tempfile.gettempdir()) / "instant-edit-runtimes"


class Whole(nn.Module):
    """From a canvas to its logits, as one graph."""

    def __init__(self, made: Network) -> None:
        super().__init__()
        self.network = made

    def forward(self, ids: Tensor, positions: Tensor, keys: Tensor, values: Tensor) -> Tensor:
        """See ``Canvas``; -> (1, G, V)."""
        rows, width = keys.shape[3], ids.shape[1]
        mask = torch.ones(1, 1, width, rows + width, dtype=torch.bool)
        hidden, _ = self.network(ids, positions, past=KeyValues(keys, values), mask=mask, adapted=0)
        return self.network.logits(hidden)


def onnx_file() -> Path:
    """The float32 network as ONNX; made when it is not there."""
    file = FOLDER / "step.onnx"
    if not file.is_file():
        FOLDER.mkdir(exist_ok=True)
        made = network(torch.float32)
        c = made.config
        past = torch.zeros(c.layers, 1, c.kv_heads, 40, c.head_width)
        example = (torch.full((1, 6), 20), torch.arange(6)[None], past, past.clone())
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")  # of the tracer, and of its age
            torch.onnx.export(
                Whole(made).eval(),
                example,
                str(file),
                input_names=list(INPUTS),
                output_names=["logits"],
                dynamic_axes={
                    "ids": {1: "g"},
                    "positions": {1: "g"},
                    "keys": {3: "s"},
                    "values": {3: "s"},
                },
                dynamo=False,  # a trace takes seconds; torch.export did not end in minutes
            )
    return file


def onnxruntime(*, int8: bool) -> Step:
    """ONNX Runtime on the CPU, float32 or with weights quantised to int8."""
    import onnxruntime as runtime

    file = _quantised() if int8 else onnx_file()
    options = runtime.SessionOptions()
    options.intra_op_num_threads = torch.get_num_threads()
    session = runtime.InferenceSession(str(file), options, providers=["CPUExecutionProvider"])
    return _step(lambda given: session.run(None, given)[0])


def _quantised() -> Path:
    from onnxruntime.quantization import QuantType, quantize_dynamic

    file = FOLDER / "step-int8.onnx"
    if not file.is_file():
        quantize_dynamic(
            str(onnx_file()),
            str(file),
            weight_type=QuantType.QInt8,
            op_types_to_quantize=["MatMul"],
            use_external_data_format=True,
        )
    return file


def openvino(precision: str) -> Step:
    """OpenVINO on the CPU; ``precision`` is ``f32`` or ``bf16``."""
    import openvino as ov

    core = ov.Core()
    settings = {
        "INFERENCE_PRECISION_HINT": precision,
        "INFERENCE_NUM_THREADS": torch.get_num_threads(),
        "PERFORMANCE_HINT": "LATENCY",
    }
    model = core.compile_model(core.read_model(str(onnx_file())), "CPU", settings)
    request = model.create_infer_request()
    return _step(lambda given: request.infer(given, share_inputs=True)[0])


def _step(run: Callable[[dict[str, Any]], Any]) -> Step:
    def step(canvas: Canvas) -> Tensor:
        given = {name: getattr(canvas, name).numpy() for name in INPUTS}
        return torch.from_numpy(run(given)).clone()[0]

    return step
