"""The embedded network: a causal Llama whose canvas slots are adapted to denoise.

One stack of frozen base weights, two ways through it:

* **clean** rows (context, and drafts being verified) take the base weights alone and attend
  causally, so left-to-right decoding and likelihoods are exactly the base model's;
* **canvas** rows add gated low-rank adapters (after Samragh et al., arXiv 2507.11851) and attend
  to the whole context (prefix *and* suffix) and to every other slot of their canvas.

Clean rows never see canvas rows, so context keys and values stay exact over denoising steps,
canvas lengths and candidates.

Shapes: B batch, T rows in this pass, S rows cached, D width, H heads, K key/value heads, E head
width, V vocabulary, R adapter rank.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import torch
import torch.nn.functional as F  # noqa: N812 - torch's own idiom
from torch import Tensor, nn


@dataclass(frozen=True, slots=True)
class NetworkConfig:
    """Sizes of the network; the defaults are those of SmolLM2-135M."""

    layers: int = 30
    width: int = 576
    hidden: int = 1536
    heads: int = 9
    kv_heads: int = 3
    vocabulary: int = 49_152
    rope_base: float = 100_000.0
    norm_eps: float = 1e-5
    rank: int = 32
    special_first: int = 3
    special_count: int = 14

    @property
    def head_width(self) -> int:
        """Width of one attention head."""
        return self.width // self.heads


@dataclass(frozen=True, slots=True)
class KeyValues:
    """Keys and values of every layer, rotated and ready: each (layers, B, K, S, E)."""

    keys: Tensor
    values: Tensor

    @property
    def length(self) -> int:
        """Cached rows S."""
        return self.keys.shape[3]

    def append(self, other: KeyValues) -> KeyValues:
        """These rows, then those of ``other``."""
        return KeyValues(
            torch.cat((self.keys, other.keys), dim=3), torch.cat((self.values, other.values), dim=3)
        )

    def repeat(self, times: int) -> KeyValues:
        """Each batch entry ``times`` over, side by side."""
        return KeyValues(
            self.keys.repeat_interleave(times, dim=1), self.values.repeat_interleave(times, dim=1)
        )

    def rows(self, start: int, end: int) -> KeyValues:
        """The cached rows from ``start`` to ``end``, not copied."""
        return KeyValues(self.keys[:, :, :, start:end], self.values[:, :, :, start:end])

    def room(self, rows: int) -> KeyValues:
        """A copy with room for ``rows`` rows in all; the new ones are zero."""
        layers, batch, heads, used, width = self.keys.shape
        wide = KeyValues.empty(layers, batch, heads, rows, width, self.keys.dtype)
        for new, old in ((wide.keys, self.keys), (wide.values, self.values)):
            new[:, :, :, :used], new[:, :, :, used:] = old, 0
        return wide

    @classmethod
    def empty(
        cls, layers: int, batch: int, heads: int, rows: int, width: int, dtype: torch.dtype
    ) -> KeyValues:
        """Rows that hold anything."""
        shape = (layers, batch, heads, rows, width)
        return cls(torch.empty(shape, dtype=dtype), torch.empty(shape, dtype=dtype))


class LowRank(nn.Module):
    """A low-rank addition to one projection; zero at the start, so it begins as the base."""

    def __init__(self, inputs: int, outputs: int, rank: int) -> None:
        super().__init__()
        self.down = nn.Parameter(torch.randn(rank, inputs) * inputs**-0.5)  # (R, inputs)
        self.up = nn.Parameter(torch.zeros(rank, outputs))  # (R, outputs)

    def forward(self, x: Tensor, gate: Tensor) -> Tensor:
        """(B, T, inputs) -> (B, T, outputs), exactly zero where ``gate`` (T, 1) is."""
        return (F.linear(x, self.down.to(x.dtype)) * gate) @ self.up.to(x.dtype)


class Linear(nn.Module):
    """A frozen base projection with an adapter on canvas rows."""

    def __init__(self, inputs: int, outputs: int, rank: int) -> None:
        super().__init__()
        self.weight = nn.Parameter(torch.empty(outputs, inputs), requires_grad=False)
        self.adapter = LowRank(inputs, outputs, rank)

    def forward(self, x: Tensor, gate: Tensor | None) -> Tensor:
        """(B, T, inputs) -> (B, T, outputs); ``gate`` (T, 1) is 1 on canvas rows, else 0."""
        y = F.linear(x, self.weight)
        return y if gate is None else y + self.adapter(x, gate)


class Norm(nn.Module):
    """RMS norm, computed in float32."""

    def __init__(self, width: int, eps: float) -> None:
        super().__init__()
        self.weight = nn.Parameter(torch.ones(width), requires_grad=False)
        self.eps = eps

    def forward(self, x: Tensor) -> Tensor:
        """(..., D) -> (..., D)."""
        wide = x.float()
        wide = wide * torch.rsqrt(wide.square().mean(-1, keepdim=True) + self.eps)
        return (wide * self.weight.float()).to(x.dtype)


def rotate(x: Tensor, cos: Tensor, sin: Tensor) -> Tensor:
    """Rotate-half RoPE of (B, heads, T, E) by (B, 1, T, E) tables, sin's first half negated."""
    first, second = x.chunk(2, dim=-1)
    return x * cos + torch.cat((second, first), dim=-1) * sin


class Block(nn.Module):
    """One transformer layer with fused QKV and gate/up projections."""

    def __init__(self, config: NetworkConfig) -> None:
        super().__init__()
        self.config = config
        kv_width = config.kv_heads * config.head_width
        self.attention_norm = Norm(config.width, config.norm_eps)
        self.qkv = Linear(config.width, config.width + 2 * kv_width, config.rank)
        self.out = Linear(config.width, config.width, config.rank)
        self.mlp_norm = Norm(config.width, config.norm_eps)
        self.gate_up = Linear(config.width, 2 * config.hidden, config.rank)
        self.down = Linear(config.hidden, config.width, config.rank)

    def forward(
        self,
        x: Tensor,
        cos: Tensor,
        sin: Tensor,
        past: tuple[Tensor, Tensor] | None,
        mask: Tensor | None,
        gate: Tensor | None,
        into: int | None,
    ) -> tuple[Tensor, Tensor, Tensor]:
        """(B, T, D) -> (B, T, D) and this pass's own keys and values, each (B, K, T, E)."""
        c = self.config
        batch, rows, _ = x.shape
        kv_width = c.kv_heads * c.head_width
        qkv: Tensor = self.qkv(self.attention_norm(x), gate)
        qk, v = torch.split(qkv, [c.width + kv_width, kv_width], dim=-1)
        qk = qk.view(batch, rows, -1, c.head_width).transpose(1, 2)
        qk = rotate(qk, cos, sin)  # (B, H+K, T, E)
        q, k = torch.split(qk, [c.heads, c.kv_heads], dim=1)
        v = v.view(batch, rows, -1, c.head_width).transpose(1, 2)  # (B, K, T, E)
        keys, values = k, v
        if past is not None and into is not None:
            seen = into + rows if mask is None else mask.shape[-1]
            keys, values = (whole[:, :, :seen] for whole in past)
            keys[:, :, into : into + rows], values[:, :, into : into + rows] = k, v
        elif past is not None:
            old_keys, old_values = past
            if old_keys.shape[0] != batch:
                old_keys = old_keys.expand(batch, -1, -1, -1)
                old_values = old_values.expand(batch, -1, -1, -1)
            keys, values = torch.cat((old_keys, k), dim=2), torch.cat((old_values, v), dim=2)
        y = attend(q, keys, values, mask)
        x = x + self.out(y.transpose(1, 2).reshape(batch, rows, c.width), gate)
        opened, up = self.gate_up(self.mlp_norm(x), gate).chunk(2, dim=-1)
        return x + self.down(F.silu(opened) * up, gate), k, v


def attend(q: Tensor, keys: Tensor, values: Tensor, mask: Tensor | None) -> Tensor:
    """Grouped attention of (B, H, T, E) over (B, K, S+T, E); no mask means causal, S = 0.

    Masked attention that must be differentiated is written out: on CPUs the fused kernel's
    backward pass is slower, and here the heads of a group share their keys without a copy.
    """
    if mask is None or not torch.is_grad_enabled():
        return F.scaled_dot_product_attention(
            q, keys, values, attn_mask=mask, is_causal=mask is None, enable_gqa=True
        )
    batch, heads, rows, width = q.shape
    kv_heads = keys.shape[1]
    grouped = q.reshape(batch, kv_heads, heads // kv_heads * rows, width)
    scores = (grouped @ keys.transpose(2, 3)).view(batch, kv_heads, -1, rows, keys.shape[2])
    scores = scores.float() * width**-0.5
    scores = scores.masked_fill(~mask.unsqueeze(1), -1e30)  # (B, K, H/K, T, S+T)
    shares = scores.softmax(-1).to(values.dtype).view(batch, kv_heads, -1, keys.shape[2])
    mixed: Tensor = (shares @ values).view(batch, heads, rows, width)
    return mixed


class Network(nn.Module):
    """Embedding, blocks, norm and tied head, with trainable rows for the special tokens."""

    def __init__(self, config: NetworkConfig) -> None:
        super().__init__()
        self.config = config
        self.embedding = nn.Parameter(
            torch.empty(config.vocabulary, config.width), requires_grad=False
        )
        self.special = nn.Parameter(torch.zeros(config.special_count, config.width))
        self.blocks = nn.ModuleList(Block(config) for _ in range(config.layers))
        self.norm = Norm(config.width, config.norm_eps)
        self.head: Callable[[Tensor], Tensor] | None = None  # a faster way to the logits
        self.frequencies: Tensor
        self.set_frequencies()

    def set_frequencies(self) -> None:
        """Fill the RoPE table; again after loading, since it is not stored."""
        c = self.config
        half = torch.arange(0, c.head_width, 2, dtype=torch.float32) / c.head_width
        self.register_buffer("frequencies", c.rope_base**-half, persistent=False)

    def embed(self, ids: Tensor) -> Tensor:
        """(B, T) ids -> (B, T, D); special ids take their trained rows."""
        c = self.config
        x = F.embedding(ids, self.embedding)
        index = ids - c.special_first
        special = (index >= 0) & (index < c.special_count)
        rows = F.embedding(index.clamp(0, c.special_count - 1), self.special.to(x.dtype))
        return torch.where(special.unsqueeze(-1), rows, x)

    def forward(
        self,
        ids: Tensor,
        positions: Tensor,
        *,
        past: KeyValues | None = None,
        mask: Tensor | None = None,
        adapted: int | None = None,
        into: int | None = None,
    ) -> tuple[Tensor, KeyValues]:
        """Run rows through the stack.

        Args:
            ids: (B, T) token ids.
            positions: (B, T) or (1, T) RoPE positions.
            past: cached context, batch B or 1.
            mask: (B or 1, 1, T, S+T) bool, True where a row may look; None means causal.
            adapted: the first canvas row; None when all rows are clean.
            into: write keys and values into ``past`` from this row on, and see of it as many
                rows as the mask has; None leaves ``past`` as it is. Inference only.

        Returns:
            The normed hidden states (B, T, D) and the keys and values of these T rows.
        """
        x = self.embed(ids)
        gate = None
        if adapted is not None:
            rows = torch.arange(ids.shape[1], device=ids.device)
            gate = (rows >= adapted).to(x.dtype).unsqueeze(-1)  # (T, 1)
        angles = positions.float().unsqueeze(-1) * self.frequencies  # (B, T, E/2)
        cos, sin = angles.cos().repeat(1, 1, 2), angles.sin()
        sin = torch.cat((-sin, sin), dim=-1)
        cos, sin = (table.unsqueeze(1).to(x.dtype) for table in (cos, sin))  # (B, 1, T, E)
        keys, values = [], []
        for layer, block in enumerate(self.blocks):
            cached = (past.keys[layer], past.values[layer]) if past is not None else None
            x, k, v = block(x, cos, sin, cached, mask, gate, into)
            keys.append(k)
            values.append(v)
        if past is not None and into is not None:
            return self.norm(x), past.rows(into, into + ids.shape[1])
        return self.norm(x), KeyValues(torch.stack(keys), torch.stack(values))

    def logits(self, hidden: Tensor) -> Tensor:
        """(..., D) -> (..., V) in float32; special ids are scored by their trained rows."""
        if self.head is not None:
            return self.head(hidden).float()
        c = self.config
        scores = F.linear(hidden, self.embedding).float()
        special = F.linear(hidden, self.special.to(hidden.dtype)).float()
        first, last = c.special_first, c.special_first + c.special_count
        return torch.cat((scores[..., :first], special, scores[..., last:]), dim=-1)

    def trainable(self) -> dict[str, Tensor]:
        """The parameters that training changes: adapters and special rows."""
        return {name: p for name, p in self.named_parameters() if p.requires_grad}
