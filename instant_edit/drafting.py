"""What is to be written into a canvas, how, and what has been: plan, sampler, draft, outcome.

Two kinds of draft keep to the protocol here: ``verified.py`` and ``free.py``.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import NamedTuple, Protocol

import torch
from torch import Tensor

from instant_edit.models.protocol import Branch, ContextIds, Prediction
from instant_edit.tokenizer import Tokenizer


@dataclass(frozen=True, slots=True)
class Sampler:
    """Constants of the sampler, chosen on held-out text (see the model card).

    Args:
        entropy_bound: nats, for ``FreeDraft``.
        confidence: probability above which a slot is committed, for ``FreeDraft``.
        drafting: probability above which the canvas drafts on, for ``VerifiedDraft``.
        agreement: ratio of ``sampling.accepted`` for a drafted token.
        revising: the same ratio for a committed one, for ``FreeDraft``.
        canvas_share: weight of the two-sided distribution where both speak.
        stairs: slots placed before each drafted token to verify it.
        lookup: tokens that must agree for a draft looked up in the context; 0 looks up nothing.
        reach: most tokens drafted at once.
        expect: probability of a line end from which the suffix is asked for beforehand.
        end: a span ends where END has this share of the best token's probability.
        end_share: weight of the canvas in END's probability; the causal pass speaks for it
            through the probability that the suffix's first token comes next.
        suffix: mean log-probability of the suffix's first tokens from which a span ends where its
            next token would begin as the suffix does. END's own probability in the canvas added
            nothing to it (``benchmarks/ends.py``).
        slots: width of the canvas beyond what is known.
        temperature: of candidates after the first.
        verified: whether the causal pass verifies fills, where the model has one.
        scored: whether the suffix's likelihood finds ends that no END told, and ranks candidates.
        revisions: most passes over a full canvas, for ``FreeDraft``.
        growth: slots that a full canvas without END grows by.
        repairs: how often a rejected draft is remasked.
        second: probability from which the likeliest other token of a rewrite that changed nothing
            is written in its place, and the rest denoised again; above 1 never.
        mending: how many other beginnings are tried, together, where a rewrite leaves a syntax
            error that its span had.
    """

    entropy_bound: float = 0.1
    confidence: float = 0.5
    drafting: float = 0.15
    agreement: float = 0.5
    revising: float = 0.1
    canvas_share: float = 0.8
    stairs: int = 3
    lookup: int = 3
    reach: int = 8
    expect: float = 0.2
    end: float = 1.0
    end_share: float = 0.5
    suffix: float = -2.4
    slots: int = 16
    temperature: float = 0.7
    verified: bool = True
    scored: bool = True
    revisions: int = 2
    growth: int = 8
    repairs: int = 2
    second: float = 0.05
    mending: int = 6


AUTOREGRESSIVE = Sampler(drafting=2.0, canvas_share=0.0, agreement=1.0, slots=8, lookup=0)


@dataclass(frozen=True, slots=True)
class Plan:
    """What is to be written into one canvas.

    Args:
        context: what the model reads.
        forced: bytes the canvas must begin with.
        limit: most tokens.
        exact: whether exactly ``limit`` tokens are wanted (an oracle length).
        start: tokens to begin with, mask where open; empty for a fresh canvas.
        following: first tokens of the suffix.
        probes: line ends to try before the likeliest of them is taken.
        banned: by slot, a token that may not be written there again.
        greedy: take the best token, or draw with the sampler's temperature.
        verified: whether drafts shall be verified, where the model can.
        instructed: whether it is a rewrite: then the canvas alone decides, and strictly.
        old: first tokens of the old text, to copy from.
        begin: tokens that are decided already.
        seed: of what is drawn by chance.
        closing: text behind the canvas that the replacement ends with, for previews.
    """

    context: ContextIds
    forced: bytes = b""
    limit: int = 64
    exact: bool = False
    start: tuple[int, ...] = ()
    following: tuple[int, ...] = ()
    probes: int = 4
    banned: Mapping[int, int] = field(default_factory=dict)
    greedy: bool = True
    verified: bool = True
    instructed: bool = False
    old: tuple[int, ...] = ()
    begin: tuple[int, ...] = ()
    seed: int = 0
    closing: str = ""


class Doubt(NamedTuple):
    """Another way to begin: what was written up to a place, and the likeliest other token there."""

    likely: float
    begin: tuple[int, ...]


@dataclass(frozen=True, slots=True)
class Outcome:
    """Tokens written, how sure each was, and their left-to-right log-likelihoods (if known).

    Of a rewrite also whether it changed nothing, and its doubts, the likeliest first.
    """

    ids: tuple[int, ...]
    confidence: tuple[float, ...]
    likelihoods: tuple[float, ...]
    ended: bool
    unchanged: bool = False
    doubts: tuple[Doubt, ...] = ()


class Question(NamedTuple):
    """What one canvas asks of the next pass: see ``Session.forward``."""

    draft: list[int]
    canvas: list[int]
    branches: tuple[Branch, ...] = ()


class Draft(Protocol):
    """One canvas under way."""

    done: bool

    def question(self) -> Question:
        """Draft tokens to verify and canvas slots to score in the next pass."""

    def answer(self, prediction: Prediction) -> int:
        """Take in a pass; how many draft tokens are now exact context."""

    def finish(self) -> None:
        """Close at once with the best tokens known (a deadline)."""

    def outcome(self) -> Outcome:
        """What has been written."""

    def view(self) -> tuple[list[int], list[float]]:
        """Tokens so far, mask where open, and their confidence: for previews."""


class Words:
    """Which ids may be written, given the bytes the canvas still has to spell."""

    def __init__(self, tokenizer: Tokenizer, forced: bytes) -> None:
        self.tokenizer = tokenizer
        self.first = tokenizer.special.first_text_id
        self.forced = forced

    def allow(self, scores: Tensor) -> Tensor:
        """Scores (V,) with control tokens, and tokens that misspell, made impossible."""
        out = scores.clone()
        out[: self.first] = -torch.inf
        if self.forced:
            keep = self.tokenizer.spelling(self.forced)
            allowed = torch.full_like(out, -torch.inf)
            allowed[keep] = 0.0
            out = out + allowed
        return out

    def take(self, token: int) -> None:
        """Note that a token was written."""
        self.forced = self.forced[len(self.tokenizer.token_bytes[token]) :]
