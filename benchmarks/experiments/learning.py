"""One short training after a recipe, and what it has learned on held-out text."""

from __future__ import annotations

import time
from dataclasses import dataclass, replace

import torch
import torch.nn.functional as F  # noqa: N812 - torch's own idiom
from torch import Tensor

from benchmarks.experiments.recipes import Recipe
from instant_edit.models.network import Network
from instant_edit.tokenizer import Tokenizer
from instant_edit.training.batch import Batch, Batches
from instant_edit.training.loop import groups, prefetch
from instant_edit.training.objective import (
    TEACHER_TOP,
    clean_passes,
    encode_context,
    left_to_right_loss,
)

MOST_STEPS = 100_000


@dataclass(slots=True)
class Learned:
    """Held-out figures after a budget: losses in nats a token, shares of slots that are right."""

    steps: int
    seconds: float
    left_to_right: float
    loss: float
    first: float  # the slot right behind what is written
    second: float
    edits: float  # the first slot, in rewrites
    ends: float  # slots that should say END, right behind what is written


def learn(
    network: Network, batches: Batches, recipe: Recipe, seconds: float, *, warmup: int = 10
) -> tuple[int, float]:
    """Train for so many seconds of work by both cores; the steps taken, and the seconds."""
    trained = network.trainable()
    if recipe.everything:
        trained = dict[str, Tensor](network.named_parameters())
    for tensor in trained.values():
        tensor.requires_grad_(True)
    parts = (
        [{"params": list(trained.values()), "times": 1.0}] if recipe.everything else groups(trained)
    )
    optimizer = torch.optim.AdamW(parts, recipe.rate, (0.9, 0.95), weight_decay=0.01, fused=True)
    step, spent = 0, 0.0
    for batch in prefetch(batches, 0, MOST_STEPS):
        began = time.process_time() / torch.get_num_threads()
        share = spent / seconds
        for group in optimizer.param_groups:  # warm up, then fall over the last quarter
            fall = min(1.0, (step + 1) / warmup) * min(1.0, 4 * max(0.0, 1 - share))
            group["lr"] = recipe.rate * group["times"] * fall
        loss = loss_of(network, sighted(batch, recipe, share), recipe)
        optimizer.zero_grad(set_to_none=True)
        torch.autograd.backward(loss)
        torch.nn.utils.clip_grad_norm_(trained.values(), 1.0)
        optimizer.step()
        step += 1
        spent += time.process_time() / torch.get_num_threads() - began
        if spent >= seconds:
            break
    return step, spent


def sighted(batch: Batch, recipe: Recipe, share: float) -> Batch:
    """The batch with what its slots see of their canvas, at a share of the budget."""
    if recipe.sight == "both sides" or (recipe.sight != "left only" and share > 0.5):
        return batch
    mask = batch.canvas_mask.clone()
    slots = mask.shape[2]
    mask[..., -slots:] &= torch.ones(slots, slots, dtype=torch.bool).tril()
    return replace(batch, canvas_mask=mask)


def loss_of(network: Network, batch: Batch, recipe: Recipe) -> Tensor:
    """The recipe's loss of one batch, a scalar."""
    with torch.autocast("cpu", torch.bfloat16, enabled=recipe.everything):
        encode = clean_passes if recipe.through_context else encode_context
        context, cache = encode(network, batch)
        hidden, _ = network(
            batch.canvas, batch.canvas_positions, past=cache, mask=batch.canvas_mask, adapted=0
        )
        chosen = batch.weights > 0
        labels, weights = batch.labels[chosen], batch.weights[chosen]
        scores = network.logits(hidden[chosen])
        log_z = scores.logsumexp(-1)
        target = log_z - scores.gather(-1, labels[:, None]).squeeze(-1)
        taught = batch.teacher[chosen] >= 0
        if bool(taught.any()) and (recipe.teacher_share or recipe.alignment):
            times = batch.tail.shape[0] // batch.window.shape[0]
            example = chosen.nonzero()[:, 0][taught] // times
            true = context[example, batch.teacher[chosen][taught]].detach()
            top, index = network.logits(true).detach().topk(TEACHER_TOP, dim=-1)
            gap = log_z[taught, None] - scores[taught].gather(-1, index)
            soft = (top.softmax(-1) * gap).sum(-1)
            mixed = (1 - recipe.teacher_share) * target[taught] + recipe.teacher_share * soft
            near = F.cosine_similarity(hidden[chosen][taught].float(), true.float(), dim=-1)
            mixed = mixed + recipe.alignment * (1 - near)
            target = target.masked_scatter(taught, mixed)
        loss: Tensor = (target * weights).sum() / weights.sum()
        if recipe.left_to_right:
            loss = loss + recipe.left_to_right * clean_loss(network, batch)
    return loss


def clean_loss(network: Network, batch: Batch) -> Tensor:
    """Mean loss of the windows' tokens left to right, with gradient."""
    rows = torch.arange(batch.window.shape[1])[None]
    hidden, _ = network(batch.window, rows)
    return F.cross_entropy(
        network.logits(hidden[:, :-1]).flatten(0, 1), batch.window[:, 1:].flatten()
    )


@torch.no_grad()
def measured(network: Network, batches: Batches, count: int, sight: Recipe) -> Learned:
    """Figures over ``count`` held-out batches."""
    end, mask = Tokenizer.special.end, Tokenizer.special.mask
    instruction = Tokenizer.special.instruction
    right: dict[str, list[Tensor]] = {"first": [], "second": [], "edits": [], "ends": []}
    losses, causal = [], []
    for number in range(count):
        batch = sighted(batches.get(number, held_out=True), sight, 1.0)
        with torch.autocast("cpu", torch.bfloat16, enabled=sight.everything):
            causal.append(float(left_to_right_loss(network, batch)))
            _, cache = encode_context(network, batch)
            hidden, _ = network(
                batch.canvas, batch.canvas_positions, past=cache, mask=batch.canvas_mask, adapted=0
            )
            scores = network.logits(hidden)
        good = scores.argmax(-1) == batch.labels
        heavy = batch.weights == 1
        opens = heavy & (batch.canvas != mask)  # holds a known token, and asks for the next
        after = torch.zeros_like(opens)
        after[:, 1:] = opens[:, :-1] & heavy[:, 1:] & (batch.canvas[:, 1:] == mask)
        rewrite = (batch.tail == instruction).any(1)[:, None]
        said = batch.labels != end
        for name, which in {
            "first": opens & said & ~rewrite,
            "second": after & said & ~rewrite,
            "edits": opens & said & rewrite,
            "ends": opens & ~said,
        }.items():
            right[name].append(good[which].float())
        nll = F.cross_entropy(scores.flatten(0, 1), batch.labels.flatten(), reduction="none")
        losses.append(nll.view_as(batch.weights)[batch.weights > 0.1])
    shares = {name: float(torch.cat(found).mean()) for name, found in right.items()}
    loss = float(torch.cat(losses).mean())
    return Learned(0, 0.0, sum(causal) / count, loss, **shares)
