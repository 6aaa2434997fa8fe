"""The network of the open models: one transformer, its variants by configuration.

Dense Llama, Qwen2 (biases on queries, keys and values), Qwen3 (norms on queries and keys),
and the same with experts (``experts.py``). Nothing in it is causal: who may look where is the
caller's mask, and without one every row sees every other.

Shapes: B batch, T rows in this pass, S rows cached, D width, H heads, K key/value heads, E head
width, F hidden width, V vocabulary.
"""

from __future__ import annotations

from dataclasses import dataclass

import torch
import torch.nn.functional as F  # noqa: N812 - torch's own idiom
from torch import Tensor, nn

from instant_edit.models.families.experts import ExpertConfig, Experts
from instant_edit.models.families.mlp import GatedMlp

Past = tuple[tuple[Tensor, Tensor], ...]  # for each layer keys and values, each (B, K, S, E)


@dataclass(frozen=True, slots=True)
class StackConfig:
    """Sizes and variants of a network.

    Args:
        layers: number of blocks.
        width: of the residual stream.
        hidden: of the dense MLPs.
        heads: of the queries.
        kv_heads: of the keys and values.
        head_width: of one head; ``heads * head_width`` need not be ``width``.
        vocabulary: rows of the embedding.
        rope_base: base of the rotary frequencies.
        norm_eps: of every norm.
        qkv_bias: whether queries, keys and values have biases.
        out_bias: whether the attention's output has one.
        head_norm: whether queries and keys are normed, head by head.
        rotary: how many of a head's dimensions are rotated.
        tied: whether the head is the embedding.
        experts: their shape where there are any.
        sparse: for each layer, whether its MLP is of experts.
    """

    layers: int
    width: int
    hidden: int
    heads: int
    kv_heads: int
    head_width: int
    vocabulary: int
    rope_base: float
    norm_eps: float
    qkv_bias: bool
    out_bias: bool
    head_norm: bool
    rotary: int
    tied: bool
    experts: ExpertConfig | None
    sparse: tuple[bool, ...]


class Norm(nn.Module):
    """RMS norm, computed in float32."""

    def __init__(self, width: int, eps: float) -> None:
        super().__init__()
        self.weight = nn.Parameter(torch.ones(width))
        self.eps = eps

    def forward(self, x: Tensor) -> Tensor:
        """(..., D) -> (..., D)."""
        wide = x.float()
        wide = wide * torch.rsqrt(wide.square().mean(-1, keepdim=True) + self.eps)
        return self.weight * wide.to(x.dtype)


def rotate(x: Tensor, cos: Tensor, sin: Tensor) -> Tensor:
    """Rotate-half RoPE on the first dimensions of (B, heads, T, E); the rest pass."""
    turned, kept = x.tensor_split((cos.shape[-1],), dim=-1)
    first, second = turned.chunk(2, dim=-1)
    turned = turned * cos + torch.cat((-second, first), dim=-1) * sin
    return torch.cat((turned, kept), dim=-1)


class Attention(nn.Module):
    """Grouped attention with fused queries, keys and values."""

    def __init__(self, config: StackConfig) -> None:
        super().__init__()
        c = self.config = config
        rows = (c.heads + 2 * c.kv_heads) * c.head_width
        self.qkv = nn.Linear(c.width, rows, bias=c.qkv_bias)
        self.out = nn.Linear(c.heads * c.head_width, c.width, bias=c.out_bias)
        self.query_norm = Norm(c.head_width, c.norm_eps) if c.head_norm else nn.Identity()
        self.key_norm = Norm(c.head_width, c.norm_eps) if c.head_norm else nn.Identity()

    def forward(
        self,
        x: Tensor,
        cos: Tensor,
        sin: Tensor,
        mask: Tensor | None,
        past: tuple[Tensor, Tensor] | None,
    ) -> tuple[Tensor, tuple[Tensor, Tensor]]:
        """(B, T, D) -> (B, T, D), and this pass's own keys and values."""
        c, (batch, rows, _) = self.config, x.shape
        qkv = self.qkv(x).view(batch, rows, -1, c.head_width).transpose(1, 2)  # (B, H+2K, T, E)
        q, k, v = qkv.split((c.heads, c.kv_heads, c.kv_heads), dim=1)
        q = rotate(self.query_norm(q), cos, sin)
        k = rotate(self.key_norm(k), cos, sin)
        keys, values = k, v
        if past is not None:
            keys, values = torch.cat((past[0], k), dim=2), torch.cat((past[1], v), dim=2)
        y = F.scaled_dot_product_attention(q, keys, values, attn_mask=mask, enable_gqa=True)
        return self.out(y.transpose(1, 2).reshape(batch, rows, -1)), (k, v)


class Block(nn.Module):
    """One transformer layer."""

    def __init__(self, config: StackConfig, sparse: bool) -> None:
        super().__init__()
        self.attention_norm = Norm(config.width, config.norm_eps)
        self.attention = Attention(config)
        self.mlp_norm = Norm(config.width, config.norm_eps)
        self.mlp: nn.Module = GatedMlp(config.width, config.hidden)
        if sparse:
            assert config.experts is not None
            self.mlp = Experts(config.width, config.experts)

    def forward(
        self,
        x: Tensor,
        cos: Tensor,
        sin: Tensor,
        mask: Tensor | None,
        past: tuple[Tensor, Tensor] | None,
    ) -> tuple[Tensor, tuple[Tensor, Tensor]]:
        """(B, T, D) -> (B, T, D), and this pass's own keys and values."""
        y, own = self.attention(self.attention_norm(x), cos, sin, mask, past)
        x = x + y
        return x + self.mlp(self.mlp_norm(x)), own


class Stack(nn.Module):
    """Embedding, blocks, norm and head."""

    def __init__(self, config: StackConfig) -> None:
        super().__init__()
        self.config = config
        self.embedding = nn.Embedding(config.vocabulary, config.width)
        self.blocks = nn.ModuleList(Block(config, sparse) for sparse in config.sparse)
        self.norm = Norm(config.width, config.norm_eps)
        self.head = nn.Linear(config.width, config.vocabulary, bias=False)
        if config.tied:
            self.head.weight = self.embedding.weight

    def forward(
        self,
        ids: Tensor,
        positions: Tensor,
        mask: Tensor | None = None,
        past: Past | None = None,
    ) -> tuple[Tensor, Past]:
        """Run rows through the stack.

        Args:
            ids: (B, T) token ids.
            positions: (B or 1, T) rotary positions.
            mask: (B or 1, 1, T, S+T) bool, True where a row may look; None for everywhere.
            past: keys and values of rows before these, as an earlier pass gave them.

        Returns:
            The normed hidden states (B, T, D), and the keys and values of these rows.
        """
        x = self.embedding(ids)
        cos, sin = self._angles(positions, x.dtype)
        own = []
        for layer, block in enumerate(self.blocks):
            x, made = block(x, cos, sin, mask, past[layer] if past is not None else None)
            own.append(made)
        return self.norm(x), tuple(own)

    def _angles(self, positions: Tensor, dtype: torch.dtype) -> tuple[Tensor, Tensor]:
        """Cosines and sines, (B or 1, 1, T, rotary) each."""
        c = self.config
        steps = torch.arange(0, c.rotary, 2, device=positions.device).float() / c.rotary
        angles = positions.float().unsqueeze(-1) * c.rope_base**-steps  # (B, T, rotary / 2)
        angles = torch.cat((angles, angles), dim=-1).unsqueeze(1)
        return angles.cos().to(dtype), angles.sin().to(dtype)

    def logits(self, hidden: Tensor) -> Tensor:
        """(..., D) -> (..., V) in float32."""
        scores: Tensor = self.head(hidden)
        return scores.float()
