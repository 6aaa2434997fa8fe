"""A draft for models with a causal pass: the canvas drafts, the causal pass verifies.

Each forward pass does both: it verifies, left to right, the tokens drafted last, and, seeing both
sides, drafts those after them. So a pass always yields at least one token, and never costs more
passes than left-to-right decoding (blockwise parallel decoding, Stern et al., arXiv 1811.03115;
multi-token prediction with gated adapters, Samragh et al., arXiv 2507.11851).
"""

from __future__ import annotations

import math

import torch
from torch import Tensor

from instant_edit import sampling
from instant_edit.canvas import Canvas
from instant_edit.drafting import Outcome, Plan, Sampler, Words
from instant_edit.models.protocol import Prediction
from instant_edit.tokenizer import Tokenizer


class VerifiedDraft:
    """Drafts from the canvas, verified by the causal pass."""

    def __init__(
        self, plan: Plan, sampler: Sampler, tokenizer: Tokenizer, generator: torch.Generator
    ) -> None:
        self.plan, self.sampler, self.generator = plan, sampler, generator
        self.mask, self.end = tokenizer.special.mask, tokenizer.special.end
        self.words = Words(tokenizer, plan.forced)
        self.canvas = Canvas((), ())
        self.confidence: list[float] = []
        self.likelihoods: list[float] = []
        self.pending: list[int] = []
        self.trusted = 0  # leading pending tokens decided already, not to be verified
        self.guess: list[tuple[int, float]] = []
        self.done = self.ended = plan.limit == 0

    def question(self) -> tuple[list[int], list[int]]:
        """See ``Draft.question``."""
        room = self.plan.limit - len(self.canvas) - len(self.pending)
        slots = room if self.plan.exact else min(room, self.sampler.slots)
        return self.pending, [self.mask] * max(0, min(slots, max(1, self.sampler.slots)))

    def answer(self, prediction: Prediction) -> int:
        """See ``Draft.answer``."""
        causal, canvas = prediction.causal, prediction.canvas
        assert causal is not None
        size = len(self.pending)
        agreed = sampling.accepted(
            causal[self.trusted :], self.pending[self.trusted :], self.sampler.agreement
        )
        kept = min(size, self.trusted + agreed)
        for index in range(kept):
            score = float(causal[index, self.pending[index]])
            self.likelihoods.append(score)
            if index >= self.trusted:
                self.confidence.append(float(torch.tensor(score).exp()))
        self.canvas = self.canvas.extend(self.pending[:kept])
        self.pending, self.trusted, self.guess = [], 0, []
        if len(self.canvas) >= self.plan.limit:
            self.done = True
        elif kept < size:
            self._decide(causal[kept], None)
        else:
            self._advance(causal[kept], canvas)
        return kept

    def _advance(self, causal: Tensor, canvas: Tensor) -> None:
        """Everything drafted stands: decide the next token, or the end, and draft on."""
        both = canvas[0] if len(canvas) else None
        if both is not None and not self.plan.exact and not self.words.forced:
            best_text = both[self.words.first :].max()
            if both[self.end] >= best_text + math.log(self.sampler.end):
                self.done = self.ended = True
                return
        token = self._decide(causal, both)
        best = canvas.max(-1)
        self.guess = list(zip(best.indices.tolist(), best.values.exp().tolist(), strict=True))
        if self.words.forced or not self.guess or self.guess[0][0] != token:
            return
        room = self.plan.limit - len(self.canvas) - 1
        for token, sure in self.guess[1 : 1 + room]:
            if sure < self.sampler.confidence or token < self.words.first:
                break
            self.pending.append(token)

    def _decide(self, causal: Tensor, both: Tensor | None) -> int:
        """Choose the next token, given the left-to-right and perhaps the two-sided scores."""
        scores = sampling.blend(causal, both, self.sampler.canvas_share)
        scores = self.words.allow(scores).log_softmax(-1)
        temperature = 0.0 if self.plan.greedy else self.sampler.temperature
        token = sampling.draw(scores, temperature, self.generator)
        self.confidence.append(float(scores[token].exp()))
        self.words.take(token)
        self.pending, self.trusted = [token], 1
        return token

    def finish(self) -> None:
        """See ``Draft.finish``."""
        tokens = list(self.pending)
        for token, sure in self.guess[len(tokens) :]:
            if token < self.words.first:
                break
            tokens.append(token)
            self.confidence.append(sure)
        room = self.plan.limit - len(self.canvas)
        self.canvas = self.canvas.extend(tokens[:room])
        self.done = True

    def outcome(self) -> Outcome:
        """See ``Draft.outcome``."""
        size = len(self.canvas)
        sure = (self.confidence + [0.0] * size)[:size]
        return Outcome(self.canvas.ids, tuple(sure), tuple(self.likelihoods), self.ended)

    def view(self) -> tuple[list[int], list[float]]:
        """See ``Draft.view``."""
        open_slots = 0
        for token, _ in self.guess[len(self.pending) :]:
            if token == self.end:
                break
            open_slots += 1
        ids = [*self.canvas.ids, *self.pending, *[self.mask] * (0 if self.done else open_slots)]
        return ids, (self.confidence + [0.0] * len(ids))[: len(ids)]
