"""Examples into one batch of tensors: the window pass, the tail pass and the canvas pass.

Shapes: N examples, W window rows (begin included), C holes, T tail rows, Q canvas slots a hole.
"""

from __future__ import annotations

from dataclasses import dataclass, fields

import numpy as np
import torch
from torch import Tensor

from instant_edit.tokenizer import Tokenizer
from instant_edit.training.corpus import Corpus
from instant_edit.training.corruption import Corruptor, Example
from instant_edit.training.shape import Shape


@dataclass(frozen=True, slots=True)
class Batch:
    """Everything one training step reads."""

    window: Tensor  # (N, W)
    tail: Tensor  # (N*C, T)
    tail_positions: Tensor  # (N*C, T)
    tail_mask: Tensor  # (N*C, 1, T, W + T)
    canvas: Tensor  # (N*C, Q)
    canvas_positions: Tensor  # (N*C, Q)
    canvas_mask: Tensor  # (N*C, 1, Q, W + T + Q)
    labels: Tensor  # (N*C, Q)
    weights: Tensor  # (N*C, Q)
    teacher: Tensor  # (N*C, Q) window rows, -1 where there is none

    def to(self, device: torch.device) -> Batch:
        """The batch on another device."""
        return Batch(*(getattr(self, f.name).to(device) for f in fields(self)))


def collate(examples: list[Example], shape: Shape) -> Batch:
    """Stack examples and draw their masks."""
    s = shape

    def stacked(name: str) -> Tensor:
        return torch.from_numpy(np.stack([getattr(e, name) for e in examples]))

    start = stacked("hole_start").flatten()  # (N*C,)
    asked, written = (stacked(name).flatten()[:, None] for name in ("asked", "written"))
    tail_length = stacked("tail_length").flatten()
    canvas, at = (stacked(name).view(-1, s.slots) for name in ("canvas", "at"))  # (N*C, Q)
    rows, window = torch.arange(s.tail), torch.arange(1 + s.window)
    before = (window < start[:, None])[:, None]  # (N*C, 1, W)
    own_text = ((rows >= asked) & (rows < written))[:, None]  # (N*C, 1, T) what is written
    present = (rows < tail_length[:, None])[:, None] & ~own_text
    causal = torch.ones(s.tail, s.tail, dtype=torch.bool).tril()
    seen = causal & (own_text.transpose(1, 2) | ~own_text)  # the tail does not see what is written
    tail_mask = torch.cat((before.expand(-1, s.tail, -1), seen), dim=-1)
    in_window = (start[:, None] + at * (written == 0))[..., None]  # (N*C, Q, 1)
    in_tail = present | (own_text & (rows < (asked + at)[..., None]))  # (N*C, Q, T)
    own = (canvas[:, :, None] == canvas[:, None, :]) & (canvas >= 0)[:, None]  # (N*C, Q, Q)
    tail_rows = torch.where(rows < written, rows, s.gap + rows - written + asked)

    def per_hole(name: str) -> Tensor:
        return stacked(name).view(len(start), s.slots)

    return Batch(
        window=stacked("window"),
        tail=stacked("tails").view(len(start), s.tail),
        tail_positions=start[:, None] + tail_rows,
        tail_mask=tail_mask.unsqueeze(1),
        canvas=per_hole("inputs"),
        canvas_positions=start[:, None] - 1 + asked + at + per_hole("slot"),
        canvas_mask=torch.cat((window < in_window, in_tail, own), dim=-1).unsqueeze(1),
        labels=per_hole("labels"),
        weights=per_hole("weights"),
        teacher=per_hole("teacher"),
    )


class Batches:
    """Batches by number: the same seed and number give the same batch, on any machine."""

    def __init__(
        self, corpus: Corpus, tokenizer: Tokenizer, shape: Shape, size: int, seed: int
    ) -> None:
        self.corpus, self.shape, self.size, self.seed = corpus, shape, size, seed
        self.corruptor = Corruptor(tokenizer, shape)

    def get(self, number: int, *, held_out: bool = False) -> Batch:
        """Batch ``number`` of the training side, or of the held-out side."""
        rng = np.random.default_rng([self.seed, number, int(held_out)])
        draw = self.corpus.draw
        examples = [
            self.corruptor.example(draw(rng, held_out=held_out), rng) for _ in range(self.size)
        ]
        return collate(examples, self.shape)
