"""Pure functions over log-probabilities: which slots to commit, accept, revise.

Shapes: G canvas slots, D draft tokens, V vocabulary. All inputs are log-probabilities in float32.
"""

from __future__ import annotations

from collections.abc import Sequence

import torch
from torch import Tensor


def entropy(scores: Tensor) -> Tensor:
    """Entropy in nats of each row, (G, V) -> (G,)."""
    return -(scores.exp() * scores.clamp(min=-60)).sum(-1)


def entropy_bound(entropies: Tensor, bound: float) -> Tensor:
    """Which slots may be committed together, (G,) -> (G,) bool.

    The largest set of the surest slots whose joint dependence, at most the sum of their
    entropies less the largest, stays within ``bound`` nats (EB-Sampler, Ben-Hamu et al.,
    arXiv 2505.24857). At least one slot.
    """
    order = entropies.argsort()
    ordered = entropies[order]
    cost = ordered.cumsum(0) - ordered
    chosen = torch.zeros_like(entropies, dtype=torch.bool)
    chosen[order[cost <= bound]] = True
    return chosen


def commit(scores: Tensor, bound: float, threshold: float) -> Tensor:
    """Slots to commit in one denoising step, (G, V) -> (G,) bool: at least one.

    The entropy-bound set joined with every slot whose best token has at least ``threshold``
    probability (Fast-dLLM, arXiv 2505.22618).
    """
    sure = scores.max(-1).values.exp() >= threshold
    return entropy_bound(entropy(scores), bound) | sure


def accepted(causal: Tensor, draft: Sequence[int], ratio: float) -> int:
    """How many leading draft tokens the causal pass agrees with.

    A token stands while its left-to-right probability is at least ``ratio`` of the best one's;
    1.0 is exact greedy verification (speculative decoding, Leviathan et al., arXiv 2211.17192).

    Args:
        causal: (D or more, V), row d being the distribution of draft token d.
        draft: D token ids.
        ratio: in (0, 1].
    """
    if not draft:
        return 0
    rows = causal[: len(draft)]
    picked = rows[torch.arange(len(draft)), torch.as_tensor(draft)]
    agreed = picked >= rows.max(-1).values + torch.log(torch.tensor(ratio)) - 1e-6
    return int(agreed.long().cumprod(0).sum())


def blend(causal: Tensor | None, canvas: Tensor | None, share: float) -> Tensor:
    """One distribution from the left-to-right and the two-sided one, (V,) each.

    A geometric mixture: the canvas weighs ``share``, the causal pass the rest.
    """
    if causal is None or canvas is None:
        only = canvas if causal is None else causal
        assert only is not None
        return only
    return ((1 - share) * causal + share * canvas).log_softmax(-1)


def draw(scores: Tensor, temperature: float, generator: torch.Generator) -> int:
    """One id of (V,); the best one at temperature 0."""
    if temperature <= 0:
        return int(scores.argmax())
    shares = (scores / temperature).softmax(-1)
    return int(torch.multinomial(shares, 1, generator=generator))
