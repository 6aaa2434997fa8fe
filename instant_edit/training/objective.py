"""The loss: masked cross-entropy on canvas slots, softened by the left-to-right teacher.

The frozen base, reading the true text, already gives a distribution over each masked token;
its best guesses make a lower-variance target than the token alone (Hinton et al. 2015).
"""

from __future__ import annotations

from dataclasses import dataclass

import torch
from torch import Tensor

from instant_edit.models.network import KeyValues, Network
from instant_edit.training.batch import Batch
from instant_edit.training.canvases import SHOWN

TEACHER_SHARE = 0.3
TEACHER_TOP = 16


@dataclass(frozen=True, slots=True)
class Loss:
    """A scalar to minimise, and what to show of it."""

    value: Tensor
    cross_entropy: Tensor  # of slots whose token is hidden or wrong
    accuracy: Tensor
    supervised: int


def clean_passes(network: Network, batch: Batch) -> tuple[Tensor, KeyValues]:
    """The window's hidden states (N, W, D) and a cache of W + T rows a hole."""
    rows = torch.arange(batch.window.shape[1], device=batch.window.device)[None]
    hidden, window = network(batch.window, rows)
    times = batch.tail.shape[0] // batch.window.shape[0]
    window = window.repeat(times)
    _, tail = network(batch.tail, batch.tail_positions, past=window, mask=batch.tail_mask)
    return hidden, window.append(tail)


@torch.no_grad()
def encode_context(network: Network, batch: Batch) -> tuple[Tensor, KeyValues]:
    """``clean_passes`` without gradient: their rows use frozen weights only."""
    return clean_passes(network, batch)


def denoising_loss(network: Network, batch: Batch) -> Loss:
    """Loss of one batch; gradients reach adapters and special rows."""
    context_hidden, cache = encode_context(network, batch)
    hidden, _ = network(
        batch.canvas, batch.canvas_positions, past=cache, mask=batch.canvas_mask, adapted=0
    )
    chosen = batch.weights > 0  # (N, Q)
    labels, weights = batch.labels[chosen], batch.weights[chosen]
    scores = network.logits(hidden[chosen])  # (supervised, V)
    log_z = scores.logsumexp(-1)
    nll = log_z - scores.gather(-1, labels[:, None]).squeeze(-1)
    target = nll
    teacher_rows = batch.teacher[chosen]
    taught = teacher_rows >= 0
    if bool(taught.any()):
        times = batch.tail.shape[0] // batch.window.shape[0]
        example = chosen.nonzero()[:, 0][taught] // times
        with torch.no_grad():
            teacher = network.logits(context_hidden[example, teacher_rows[taught]])
            top, index = teacher.topk(TEACHER_TOP, dim=-1)
            share = top.softmax(-1)
        soft = (share * (log_z[taught, None] - scores[taught].gather(-1, index))).sum(-1)
        mixed = (1 - TEACHER_SHARE) * nll[taught] + TEACHER_SHARE * soft
        target = nll.masked_scatter(taught, mixed)
    full = weights > SHOWN
    return Loss(
        value=(target * weights).sum() / weights.sum(),
        cross_entropy=nll[full].mean().detach(),
        accuracy=(scores.argmax(-1) == labels)[full].float().mean().detach(),
        supervised=int(full.sum()),
    )


@torch.no_grad()
def left_to_right_loss(network: Network, batch: Batch) -> Tensor:
    """Mean negative log-likelihood of the windows' tokens under the clean, causal pass."""
    rows = torch.arange(batch.window.shape[1], device=batch.window.device)[None]
    hidden, _ = network(batch.window, rows)
    scores = network.logits(hidden[:, :-1]).flatten(0, 1)
    return torch.nn.functional.cross_entropy(scores, batch.window[:, 1:].flatten())
