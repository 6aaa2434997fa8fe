"""A draft whose slots split and vanish: for models that know "two here" and "none here".

DreamOn (Wu et al. 2025) predicts, beside text, that a slot wants to be two open ones, or wants to
go. Text that is sure is committed together; a change of length is made alone, since it moves
everything behind it.
"""

from __future__ import annotations

import torch
from torch import Tensor

from instant_edit import sampling
from instant_edit.drafting import Outcome, Plan, Question, Sampler, Words
from instant_edit.models.families.vocabulary import EXPAND
from instant_edit.models.protocol import Prediction
from instant_edit.tokenizer import Tokenizer

FIRST_SLOTS = 8


class ElasticDraft:
    """Commits, splits and deletes open slots until none is left."""

    def __init__(
        self, plan: Plan, sampler: Sampler, tokenizer: Tokenizer, generator: torch.Generator
    ) -> None:
        self.plan, self.sampler, self.generator = plan, sampler, generator
        self.mask, self.delete = tokenizer.special.mask, tokenizer.special.end
        self.words = Words(tokenizer, plan.forced)
        self.spelled = 0  # leading slots that spell forced bytes
        self.splits = plan.limit  # how many more there may be, so that it comes to an end
        self.slots: list[tuple[int, float]] = [(self.mask, 0.0)] * min(plan.limit, FIRST_SLOTS)
        self.guess: list[tuple[int, float]] = []
        self.done = not self.slots

    @property
    def opened(self) -> list[int]:
        """Indices of the open slots."""
        return [i for i, (token, _) in enumerate(self.slots) if token == self.mask]

    def question(self) -> Question:
        """See ``Draft.question``."""
        return Question([], [token for token, _ in self.slots])

    def answer(self, prediction: Prediction) -> int:
        """See ``Draft.answer``."""
        scores, opened = self._allowed(prediction.canvas), self.opened
        self._remember(scores)
        best = scores[opened].max(-1).values
        surest = opened[int(best.argmax())]
        temperature = 0.0 if self.plan.greedy else self.sampler.temperature
        token = sampling.draw(scores[surest], temperature, self.generator)
        if token == EXPAND:
            self.splits -= 1
            self.slots[surest : surest + 1] = [(self.mask, 0.0)] * 2
        elif token == self.delete:
            del self.slots[surest]
        else:
            self._write(surest, token, scores)
            self._write_others(scores, [i for i in opened if i != surest], temperature)
        self._spell()
        self.done = not self.opened
        return 0

    def _allowed(self, canvas: Tensor) -> Tensor:
        """Scores (G, V) of text, and of a change of length where there may be one."""
        scores = canvas.clone()
        kept = scores[:, [self.delete, EXPAND]].clone()
        scores[:, : self.words.first] = -torch.inf
        scores[:, self.delete] = kept[:, 0]
        if self.splits and len(self.slots) < self.plan.limit:
            scores[:, EXPAND] = kept[:, 1]
        if self.words.forced and self.spelled < len(scores):
            scores[self.spelled] = self.words.allow(canvas[self.spelled])
        return scores.log_softmax(-1)

    def _remember(self, scores: Tensor) -> None:
        """The best text for each slot, for a deadline."""
        best = scores[:, self.words.first :].max(-1)
        ids = (best.indices + self.words.first).tolist()
        self.guess = list(zip(ids, best.values.exp().tolist(), strict=True))

    def _write(self, slot: int, token: int, scores: Tensor) -> None:
        self.slots[slot] = (token, float(scores[slot, token].exp()))

    def _write_others(self, scores: Tensor, opened: list[int], temperature: float) -> None:
        """Commit what else is sure and text."""
        if not opened:
            return
        sure = scores[opened].max(-1).values.exp() >= self.sampler.confidence
        for slot, yes in zip(opened, sure.tolist(), strict=True):
            token = sampling.draw(scores[slot], temperature, self.generator) if yes else self.mask
            if token >= self.words.first:
                self._write(slot, token, scores)

    def _spell(self) -> None:
        """Follow the forced bytes through the leading slots; the first to misspell is opened."""
        while self.words.forced:
            if self.spelled == len(self.slots):
                if self.spelled == self.plan.limit:
                    return
                self.slots.append((self.mask, 0.0))
            token, _ = self.slots[self.spelled]
            if token == self.mask:
                return
            if token not in self.words.tokenizer.spelling(self.words.forced):
                self.slots[self.spelled] = (self.mask, 0.0)
                return
            self.words.take(token)
            self.spelled += 1

    def finish(self) -> None:
        """See ``Draft.finish``."""
        known = len(self.guess) == len(self.slots)
        self.slots = [
            (self.guess[i] if known else (self.mask, 0.0)) if token == self.mask else (token, sure)
            for i, (token, sure) in enumerate(self.slots)
        ]
        self.slots = [one for one in self.slots if one[0] != self.mask]
        self.done = True

    def outcome(self) -> Outcome:
        """See ``Draft.outcome``."""
        ids, sure = self.view()
        return Outcome(tuple(ids), tuple(sure), (), True)

    def view(self) -> tuple[list[int], list[float]]:
        """See ``Draft.view``."""
        return [token for token, _ in self.slots], [sure for _, sure in self.slots]
