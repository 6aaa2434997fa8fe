"""A step in torch: as it ships, and what else torch offers."""

from __future__ import annotations

import torch
from torch import Tensor, nn

from benchmarks.runtimes.canvases import Canvas, Step, network
from instant_edit.models.network import Block, KeyValues, Linear, Network
from instant_edit.models.packed import pack


def eager(dtype: torch.dtype, *, packed: bool) -> Step:
    """The network as it is, with plain or with packed weights (what ships)."""
    made = network(dtype)
    if packed and not pack(made):
        raise NotImplementedError(f"this processor or torch does not pack {dtype}")
    return stepping(made, dtype)


def compiled(dtype: torch.dtype) -> Step:
    """``torch.compile`` of a block, which all blocks share; each width of a canvas by itself."""
    made = network(dtype)
    for block in made.blocks:
        block.compile(dynamic=False)
    return stepping(made, dtype)


def int8() -> Step:
    """torchao: int8 weights, activations quantised on the way; adapters and head left alone."""
    from torchao.quantization import Int8DynamicActivationInt8WeightConfig, quantize_

    made = split(network(torch.float32))
    quantize_(made, Int8DynamicActivationInt8WeightConfig())
    return stepping(made, torch.float32)


def dynamic_int8() -> Step:
    """The same by torch's own older kernels, which need no other package."""
    from torch.ao.quantization import quantize_dynamic

    plain = split(network(torch.float32))
    made = quantize_dynamic(plain, {nn.Linear}, torch.qint8)  # type: ignore[no-untyped-call]
    return stepping(made, torch.float32)


def split(made: Network) -> Network:
    """The network with torch's own linear layers, in place."""
    for block in made.blocks:
        assert isinstance(block, Block)
        for name in ("qkv", "out", "gate_up", "down"):
            setattr(block, name, Split(getattr(block, name)))
    return made


class Split(nn.Module):
    """A ``Linear`` whose base projection is torch's own, so that tools know it."""

    def __init__(self, linear: Linear) -> None:
        super().__init__()
        outputs, inputs = linear.weight.shape
        self.base = nn.Linear(inputs, outputs, bias=False, device="meta")
        self.base.weight = nn.Parameter(linear.weight.detach(), requires_grad=False)
        self.adapter = linear.adapter

    def forward(self, x: Tensor, gate: Tensor | None) -> Tensor:
        """See ``Linear.forward``."""
        y: Tensor = self.base(x)
        return y if gate is None else y + self.adapter(x, gate)


def stepping(made: Network, dtype: torch.dtype) -> Step:
    """A step as the engine makes it: rows written behind the context's, in the same buffer."""

    @torch.inference_mode()
    def step(canvas: Canvas) -> Tensor:
        rows, width = canvas.keys.shape[3], canvas.ids.shape[1]
        key = (id(canvas.keys), width)
        if key not in buffers:  # once a context, as a session does; not part of a step
            buffers.clear()
            typed = canvas.typed(dtype)
            buffers[key] = KeyValues(typed.keys, typed.values).room(rows + width)
        mask = torch.ones(1, 1, width, rows + width, dtype=torch.bool)
        hidden, _ = made(
            canvas.ids, canvas.positions, past=buffers[key], mask=mask, adapted=0, into=rows
        )
        return made.logits(hidden[0])

    buffers: dict[tuple[int, int], KeyValues] = {}
    return step
