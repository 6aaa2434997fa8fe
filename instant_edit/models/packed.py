"""Frozen projections laid out for the processor once, instead of at every multiplication.

oneDNN multiplies a matrix in blocks; given a plain one, it rearranges it on the way, each time.
Passes over a few canvas slots, bound by reading weights, gain most. A projection and the entrance
of its adapter read the same rows, so they are one matrix here.
"""

from __future__ import annotations

from functools import partial

import torch
import torch.nn.functional as F  # noqa: N812 - torch's own idiom
from torch import Tensor, nn

from instant_edit.models.network import Block, Linear, Network
from instant_edit.models.row_counts import padded


class PackedLinear(nn.Module):
    """Takes the place of a ``Linear``; for inference only."""

    def __init__(self, linear: Linear) -> None:
        super().__init__()
        self.outputs = linear.weight.shape[0]
        down, up = (p.detach().to(linear.weight.dtype) for p in linear.adapter.parameters())
        self.joined = packed(torch.cat((linear.weight.detach(), down)))  # (outputs + R, inputs)
        self.up = packed(up.t().contiguous())  # (outputs, R)

    def forward(self, x: Tensor, gate: Tensor | None) -> Tensor:
        """See ``Linear.forward``."""
        y = multiply(x, self.joined)
        base = y[..., : self.outputs]
        if gate is None:
            return base
        return base + multiply(y[..., self.outputs :] * gate, self.up)


def packed(weight: Tensor) -> Tensor:
    """(outputs, inputs), as ``multiply`` wants it."""
    return torch.ops.mkldnn._reorder_linear_weight(weight, None)  # type: ignore[no-any-return]


def multiply(x: Tensor, weight: Tensor) -> Tensor:
    """(..., inputs) by a packed (outputs, inputs) -> (..., outputs)."""
    rows = x.shape[:-1].numel()
    spare = padded(rows) - rows
    if spare:
        more = F.pad(x.reshape(rows, -1), (0, 0, 0, spare))
        return multiply(more, weight)[:rows].view(*x.shape[:-1], -1)
    return torch.ops.mkldnn._linear_pointwise(x, weight, None, "none", [], "")  # type: ignore[no-any-return]


def can_pack(dtype: torch.dtype) -> bool:
    """Whether this build of torch packs, and multiplies rightly what it packed."""
    x, weight = torch.randn(3, 64).to(dtype), torch.randn(96, 64).to(dtype)
    try:
        found = multiply(x, packed(weight))
    except (AttributeError, RuntimeError):  # no such operator here, or not for this type
        return False
    return torch.allclose(found.float(), F.linear(x.float(), weight.float()), rtol=0.02, atol=0.2)


def pack(network: Network) -> bool:
    """Pack a network on the CPU in place; False, with nothing done, where it can not be."""
    if not can_pack(network.embedding.dtype):
        return False
    for block in network.blocks:
        assert isinstance(block, Block)
        for name in ("qkv", "out", "gate_up", "down"):
            setattr(block, name, PackedLinear(getattr(block, name)))
    rows = network.embedding.detach().clone()
    first, special = network.config.special_first, network.special.detach()
    rows[first : first + len(special)] = special
    network.head = partial(multiply, weight=packed(rows))
    return True
