"""A draft written left to right, a token a pass: for models that fill in the middle that way."""

from __future__ import annotations

import torch
from torch import Tensor

from instant_edit import sampling
from instant_edit.drafting import Outcome, Plan, Question, Sampler, Words
from instant_edit.models.protocol import Prediction
from instant_edit.tokenizer import Tokenizer


class LeftToRightDraft:
    """Writes the likeliest next token until END, or until there is no room."""

    def __init__(
        self, plan: Plan, sampler: Sampler, tokenizer: Tokenizer, generator: torch.Generator
    ) -> None:
        self.plan, self.generator = plan, generator
        self.temperature = 0.0 if plan.greedy else sampler.temperature
        self.words, self.end = Words(tokenizer, plan.forced), tokenizer.special.end
        self.ids: list[int] = []
        self.likelihoods: list[float] = []
        self.pending: list[int] = []
        self.ended = False
        self.done = plan.limit == 0

    def question(self) -> Question:
        """See ``Draft.question``."""
        return Question(list(self.pending), [])

    def answer(self, prediction: Prediction) -> int:
        """See ``Draft.answer``."""
        assert prediction.causal is not None
        kept, slot = len(self.pending), len(self.ids)
        scores = self._allowed(prediction.causal[-1], slot)
        token = sampling.draw(scores, self.temperature, self.generator)
        self.pending = [token]
        if token == self.end:
            self.done = self.ended = True
            return kept
        self.ids.append(token)
        self.likelihoods.append(float(scores[token]))
        self.words.take(token)
        self.done = len(self.ids) >= self.plan.limit
        return kept

    def _allowed(self, causal: Tensor, slot: int) -> Tensor:
        """Scores (V,) of what may be written next."""
        scores = self.words.allow(causal)
        if not self.words.forced and not self.plan.exact:
            scores[self.end] = causal[self.end]
        if slot in self.plan.banned:
            scores[self.plan.banned[slot]] = -torch.inf
        return scores.log_softmax(-1)

    def finish(self) -> None:
        """See ``Draft.finish``."""
        self.done = True

    def outcome(self) -> Outcome:
        """See ``Draft.outcome``."""
        ids, sure = self.view()
        return Outcome(tuple(ids), tuple(sure), tuple(self.likelihoods), self.ended)

    def view(self) -> tuple[list[int], list[float]]:
        """See ``Draft.view``."""
        return list(self.ids), [float(torch.tensor(one).exp()) for one in self.likelihoods]
