"""A sparse MLP: each row goes through a few experts that a router chooses.

Two routers: softmax over all experts (Qwen3-MoE, LLaDA-MoE), and sigmoid with a correcting bias,
experts in groups of which only the best may be chosen, and shared experts (LLaDA2).

Shapes: R rows, D width, F hidden width of an expert, N experts, A active ones.
"""

from __future__ import annotations

from dataclasses import dataclass

import torch
import torch.nn.functional as F  # noqa: N812 - torch's own idiom
from torch import Tensor, nn

from instant_edit.models.families.mlp import GatedMlp


@dataclass(frozen=True, slots=True)
class ExpertConfig:
    """The experts of a layer.

    Args:
        count: how many there are.
        active: how many a row goes through.
        hidden: width of one.
        normalised: whether the weights of the active ones are made to sum to 1.
        sigmoid: whether scores are sigmoids, not a softmax, and are corrected by a bias when
            experts are chosen.
        groups: into which the experts fall; 1 for none.
        open_groups: how many of them may be chosen from.
        scale: of what the active experts give.
        shared: hidden width of what every row goes through besides; 0 for nothing.
    """

    count: int
    active: int
    hidden: int
    normalised: bool
    sigmoid: bool = False
    groups: int = 1
    open_groups: int = 1
    scale: float = 1.0
    shared: int = 0


class Experts(nn.Module):
    """Router, experts, and what is shared."""

    def __init__(self, width: int, config: ExpertConfig) -> None:
        super().__init__()
        c = self.config = config
        self.router = nn.Linear(width, c.count, bias=False)
        self.gate_up = nn.Parameter(torch.empty(c.count, 2 * c.hidden, width))  # (N, 2F, D)
        self.down = nn.Parameter(torch.empty(c.count, width, c.hidden))  # (N, D, F)
        if c.sigmoid:
            self.correction = nn.Parameter(torch.zeros(c.count))
        self.shared = GatedMlp(width, c.shared) if c.shared else None

    def forward(self, x: Tensor) -> Tensor:
        """(B, T, D) -> (B, T, D)."""
        rows = x.reshape(-1, x.shape[-1])
        weights, chosen = self.route(rows)
        out = torch.zeros_like(rows)
        for expert in sorted(set(chosen.flatten().tolist())):
            row, place = (chosen == expert).nonzero(as_tuple=True)
            gate, up = F.linear(rows[row], self.gate_up[expert]).chunk(2, dim=-1)
            y = F.linear(F.silu(gate) * up, self.down[expert])
            out.index_add_(0, row, y * weights[row, place].unsqueeze(-1))
        if self.shared is not None:
            out = out + self.shared(rows)
        return out.view_as(x)

    def route(self, rows: Tensor) -> tuple[Tensor, Tensor]:
        """Weights and experts of each row, (R, A) both."""
        c = self.config
        scores = F.linear(rows.float(), self.router.weight.float())  # (R, N)
        scores = scores.sigmoid() if c.sigmoid else scores.softmax(-1)
        wanted = scores + self.correction.float() if c.sigmoid else scores
        chosen = self._open(wanted).topk(c.active, dim=-1).indices
        weights = scores.gather(-1, chosen)
        if c.normalised:
            weights = weights / (weights.sum(-1, keepdim=True) + 1e-20)
        return (weights * c.scale).to(rows.dtype), chosen

    def _open(self, wanted: Tensor) -> Tensor:
        """Scores with experts outside the best groups made impossible; a group is worth its
        two best.
        """
        c = self.config
        if c.groups == 1:
            return wanted
        grouped = wanted.view(len(wanted), c.groups, -1)
        best = grouped.topk(2, dim=-1).values.sum(-1).topk(c.open_groups, dim=-1).indices
        closed = torch.ones(grouped.shape[:2], dtype=torch.bool, device=wanted.device)
        closed.scatter_(1, best, False)
        return grouped.masked_fill(closed.unsqueeze(-1), -torch.inf).view_as(wanted)
