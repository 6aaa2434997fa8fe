"""The gated MLP of Llama and its kin."""

from __future__ import annotations

import torch.nn.functional as F  # noqa: N812 - torch's own idiom
from torch import Tensor, nn


class GatedMlp(nn.Module):
    """SwiGLU (Shazeer, arXiv 2002.05202) with gate and up fused."""

    def __init__(self, width: int, hidden: int) -> None:
        super().__init__()
        self.gate_up = nn.Linear(width, 2 * hidden, bias=False)
        self.down = nn.Linear(hidden, width, bias=False)

    def forward(self, x: Tensor) -> Tensor:
        """(..., D) -> (..., D)."""
        gate, up = self.gate_up(x).chunk(2, dim=-1)
        y: Tensor = self.down(F.silu(gate) * up)
        return y
