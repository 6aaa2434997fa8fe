"""A draft whose length is found first: for mask models that cannot say how long a span is.

The first denoising step of a canvas of the right length is surer than that of its neighbours.
Lengths are tried up and down from a first guess while they get better, each measured against how
sure canvases of that length are anyway (CAL: Liu et al., arXiv 2602.00476).
"""

from __future__ import annotations

import math
from dataclasses import replace

import torch

from instant_edit.drafting import Draft, Outcome, Plan, Question, Sampler
from instant_edit.free import FreeDraft
from instant_edit.models.protocol import Prediction
from instant_edit.tokenizer import Tokenizer

FIRST_GUESS = 8
PATIENCE = 4  # lengths in a row that may be worse before a direction is given up


def usual_confidence(length: int) -> float:
    """How sure the first step of a canvas is by its length alone, as the paper fitted it."""
    return math.exp(-1.77 * length) + 0.56 * math.exp(-0.06 * length) + 0.24


class Lengths:
    """A search for the best length: upwards from the first guess, then downwards."""

    def __init__(self, first: int, most: int) -> None:
        self.first, self.most = min(first, most), most
        self.scores: dict[int, float] = {}
        self.worse, self.step = 0, 1
        self.next: int | None = self.first

    @property
    def best(self) -> int:
        """The best length yet, the shorter one where two are as good."""
        return max(self.scores, key=lambda length: (self.scores[length], -length), default=1)

    def measured(self, confidence: float) -> None:
        """Take in the mean confidence of the length ``next``, and choose the one after it."""
        assert self.next is not None
        length, best = self.next, max(self.scores.values(), default=-1.0)
        self.scores[length] = confidence / usual_confidence(length)
        self.worse = 0 if self.scores[length] > best else self.worse + 1
        self.next = length + self.step
        if self.worse == PATIENCE or not 1 <= self.next <= self.most:
            self._turn()

    def _turn(self) -> None:
        below = self.first - 1
        downwards = self.step == 1 and below >= 1
        self.step, self.worse = -1, 0
        self.next = below if downwards else None


class ProbedDraft:
    """Finds the length, a pass for each that is tried, then denoises a canvas of it."""

    def __init__(
        self, plan: Plan, sampler: Sampler, tokenizer: Tokenizer, generator: torch.Generator
    ) -> None:
        self.plan, self.sampler = plan, sampler
        self.tokenizer, self.generator = tokenizer, generator
        self.lengths = Lengths(FIRST_GUESS, plan.limit)
        self.inner: Draft | None = None
        self.done = plan.limit == 0

    def question(self) -> Question:
        """See ``Draft.question``."""
        if self.inner is not None:
            return self.inner.question()
        return Question([], [self.tokenizer.special.mask] * (self.lengths.next or 0))

    def answer(self, prediction: Prediction) -> int:
        """See ``Draft.answer``."""
        if self.inner is not None:
            kept = self.inner.answer(prediction)
            self.done = self.inner.done
            return kept
        self.lengths.measured(float(prediction.canvas.max(-1).values.exp().mean()))
        if self.lengths.next is None:
            self.inner = self._denoising(self.lengths.best)
        return 0

    def _denoising(self, length: int) -> Draft:
        plan = replace(self.plan, exact=True, limit=length)
        return FreeDraft(plan, self.sampler, self.tokenizer, self.generator)

    def finish(self) -> None:
        """See ``Draft.finish``. Where not even the length is known, nothing is written."""
        if self.inner is not None and not self.inner.done:
            self.inner.finish()
        self.done = True

    def outcome(self) -> Outcome:
        """See ``Draft.outcome``."""
        if self.inner is None:
            return Outcome((), (), (), False)
        return self.inner.outcome()

    def view(self) -> tuple[list[int], list[float]]:
        """See ``Draft.view``."""
        if self.inner is not None:
            return self.inner.view()
        size = self.lengths.next or 0
        return [self.tokenizer.special.mask] * size, [0.0] * size
