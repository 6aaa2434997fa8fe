"""Keys and values of a bidirectional context, kept over passes although they are not exact.

While a canvas keeps its length, only its own rows are computed against the context's keys and
values of an earlier pass (the dual cache of Fast-dLLM, Wu et al., arXiv 2505.22618). The first such
pass of every canvas is also computed exactly; where any probability of its slots differs by more
than the bound, nothing is reused for that canvas again.
"""

from __future__ import annotations

from dataclasses import dataclass

import torch
from torch import Tensor

from instant_edit.models.families.stack import Past, Stack


@dataclass(frozen=True, slots=True)
class Reuse:
    """How far to trust old keys and values.

    Args:
        passes: how many passes they serve before all is computed anew.
        bound: the most that a probability may differ from the exact one in the pass that checks.
    """

    passes: int = 4
    bound: float = 0.05


@dataclass(slots=True)
class Kept:
    """What is known of one canvas's context."""

    past: Past
    rows: int
    served: int = 0
    checked: bool = False
    refused: bool = False


class ReusedContexts:
    """The hidden states of canvases, computed with as few rows as the bound allows."""

    def __init__(self, stack: Stack, reuse: Reuse) -> None:
        self.stack, self.reuse = stack, reuse
        self.kept: dict[int, Kept] = {}
        self.partial = self.whole = 0  # passes of either kind, for benchmarks

    def hidden(self, index: int, ids: Tensor, moving: range) -> Tensor:
        """Hidden states of the rows ``moving`` of a sequence (T,); the others are its context."""
        kept = self.kept.get(index)
        fresh = kept is not None and kept.rows == len(ids) and kept.served < self.reuse.passes
        if kept is None or kept.refused or not fresh:
            return self._whole(index, ids, moving)
        kept.served += 1
        found = self._partial(kept, ids, moving)
        if kept.checked:
            return found
        exact = self._whole(index, ids, moving)
        self.kept[index].checked = True
        self.kept[index].refused = self._differ(found, exact)
        return exact

    def _differ(self, found: Tensor, exact: Tensor) -> bool:
        shares = [self.stack.logits(one).softmax(-1) for one in (found, exact)]
        return bool((shares[0] - shares[1]).abs().max() > self.reuse.bound)

    def _whole(self, index: int, ids: Tensor, moving: range) -> Tensor:
        """Every row, remembered."""
        self.whole += 1
        positions = torch.arange(len(ids), device=ids.device)[None]
        hidden, past = self.stack(ids[None], positions)
        known = self.kept.get(index)
        self.kept[index] = Kept(
            without(past, moving),
            len(ids),
            checked=known is not None and known.checked,
            refused=known is not None and known.refused,
        )
        wanted: Tensor = hidden[0, list(moving)]
        return wanted

    def _partial(self, kept: Kept, ids: Tensor, moving: range) -> Tensor:
        """The rows asked for alone."""
        self.partial += 1
        rows = torch.tensor(list(moving), device=ids.device)
        hidden, _ = self.stack(ids[rows][None], rows[None], past=kept.past)
        wanted: Tensor = hidden[0]
        return wanted


def without(past: Past, rows: range) -> Past:
    """Keys and values less some rows."""
    return tuple(
        (
            torch.cat((keys[:, :, : rows.start], keys[:, :, rows.stop :]), dim=2),
            torch.cat((values[:, :, : rows.start], values[:, :, rows.stop :]), dim=2),
        )
        for keys, values in past
    )
