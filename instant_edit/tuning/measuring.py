"""How a model does on rows: what it writes, and how much the true text surprises it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import torch

from instant_edit.context import window
from instant_edit.engine import Editor
from instant_edit.evaluation.attempt import Variant, attempt

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from instant_edit.evaluation.cases import Case
    from instant_edit.models.protocol import Denoiser
    from instant_edit.request import Mode

MOST_HIDDEN = 20  # tokens of a span that are looked at, as many as a canvas has in training


@dataclass(frozen=True, slots=True)
class Score:
    """One row under one model.

    Args:
        exact: whether the edit is what people made of it, to the character.
        edited: whether an edit passed the gate.
        loss: nats, summed over the hidden tokens, all of them hidden at once.
        tokens: how many tokens those are, the END behind them included.
    """

    exact: bool
    edited: bool
    loss: float
    tokens: int


def measure(
    denoiser: Denoiser,
    rows: Sequence[Case],
    mode: Mode,
    seed: int,
    tell: Callable[[int], None] = lambda done: None,
) -> list[Score]:
    """Edit each row with the model and ask it for the true text.

    Args:
        denoiser: the model.
        rows: of one kind.
        mode: the kind.
        seed: of the edits.
        tell: told how many rows are done.
    """
    editor, scores = Editor(denoiser), []
    for number, row in enumerate(rows, 1):
        done = attempt(editor, row, Variant(mode), seed=seed)
        loss, tokens = surprise(denoiser, row, mode)
        scores.append(Score(bool(done.exact), done.edited, loss, tokens))
        tell(number)
    return scores


def surprise(denoiser: Denoiser, row: Case, mode: Mode) -> tuple[float, int]:
    """Nats that the true text costs where all of it is hidden, and how many tokens it has.

    One pass over a canvas as long as the true text and its END: what a model's first step sees.
    """
    assert row.reference is not None
    tokenizer = denoiser.tokenizer
    instruction = row.instruction if mode == "rewrite" else None
    here = window(row.source, row.span, tokenizer, mode=mode, instruction=instruction)
    spelled = here.forced.decode(errors="ignore") + row.reference.removesuffix(here.closing)
    ids = [*tokenizer.encode(spelled), tokenizer.special.end][:MOST_HIDDEN]
    session = denoiser.encode([here.ids])
    (prediction,) = session.forward([()], [(tokenizer.special.mask,) * len(ids)])
    said = prediction.canvas[torch.arange(len(ids)), torch.tensor(ids)]
    return -float(said.sum()), len(ids)
