"""The rows of one forward pass that belong to one canvas: draft, canvas, branches."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import torch
from torch import Tensor

from instant_edit.models.protocol import Branch, Prediction


@dataclass(frozen=True, slots=True)
class Block:
    """Rows side by side that see each other.

    Args:
        ids: what each row reads.
        place: position of the first row, counted from the draft's first token.
        after: how many draft tokens all of them see.
        causal: whether a row sees only the rows before it, or the whole block.
    """

    ids: tuple[int, ...]
    place: int
    after: int
    causal: bool


class Rows:
    """Clean rows (the draft, then branches read left to right), and slots (canvas, then branches).

    A slot reads the token before it (autoregressive shift), and so does a clean branch's first
    token: the draft's own row speaks for it.
    """

    def __init__(
        self, draft: Sequence[int], canvas: Sequence[int], branches: Sequence[Branch], last: int
    ) -> None:
        self.branches = branches
        self.draft = len(draft)
        before = (last, *draft)
        self.clean = [Block(tuple(draft), 0, 0, causal=True)]
        self.slots = [
            Block((before[-1], *canvas)[: len(canvas)], self.draft - 1, self.draft, False)
        ]
        for one in branches:
            if one.clean:
                self.clean.append(Block(one.ids[:-1], one.after, one.after, causal=True))
            else:
                ids = (before[one.after], *one.ids[:-1])
                self.slots.append(Block(ids, one.after - 1, one.after, causal=False))

    def place(
        self, blocks: Sequence[Block], first: int, ids: Tensor, positions: Tensor, look: Tensor
    ) -> None:
        """Write blocks from row ``first`` on into ids (T,), positions (T,) and look (T, T)."""
        for block in blocks:
            size = len(block.ids)
            rows = slice(first, first + size)
            ids[rows] = torch.tensor(block.ids, dtype=torch.long)
            positions[rows] += block.place + torch.arange(size)
            look[rows, : block.after] = True
            own = torch.ones(size, size, dtype=torch.bool)
            look[rows, rows] = own.tril() if block.causal else own
            first += size

    @property
    def clean_rows(self) -> int:
        """How many rows are read left to right."""
        return sum(len(block.ids) for block in self.clean)

    @property
    def slot_rows(self) -> int:
        """How many rows are slots."""
        return sum(len(block.ids) for block in self.slots)

    def prediction(self, after: Tensor, scores: Tensor) -> Prediction:
        """What a pass says, from the row before it (V,) and its own rows (clean + slots, V)."""
        parts = iter(torch.split(scores, [len(one.ids) for one in (*self.clean, *self.slots)]))
        causal = torch.cat((after[None], next(parts)))
        clean = [next(parts) for _ in self.clean[1:]]
        canvas, *slots = parts
        of_clean, of_slots = iter(clean), iter(slots)
        return Prediction(
            causal,
            canvas,
            tuple(
                torch.cat((causal[one.after][None], next(of_clean)))
                if one.clean
                else next(of_slots)
                for one in self.branches
            ),
        )
