"""An answer denoised from random tokens: uniform noise instead of masks, every slot always open.

In each step the slots that are sure together are kept and all others are drawn anew; it ends when
two steps in a row say the same and are sure of it (the sampler of DiffusionGemma, whose constants
these are; entropy bound after Ben-Hamu et al., arXiv 2505.24857).
"""

from __future__ import annotations

import torch
from torch import Tensor

from instant_edit import sampling
from instant_edit.drafting import Outcome, Plan, Question
from instant_edit.models.families.marked_span import FENCE, MarkedSpan
from instant_edit.models.protocol import Prediction
from instant_edit.tokenizer import Tokenizer

STEPS = 48
ENTROPY_BOUND = 0.1  # nats, of what is kept in one step
CERTAIN = 0.005  # mean entropy in nats under which it may end


class UniformDraft:
    """One canvas of tokens, all of them open until the whole is certain."""

    def __init__(
        self,
        plan: Plan,
        tokenizer: Tokenizer,
        generator: torch.Generator,
        *,
        span: MarkedSpan,
        size: int,
    ) -> None:
        self.tokenizer, self.generator, self.span = tokenizer, generator, span
        self.end = tokenizer.special.end
        self.ids = self._noise(size)
        self.best: list[int] = []
        self.sure: list[float] = []
        self.steps = 0
        self.done = plan.limit == 0

    def _noise(self, size: int) -> Tensor:
        """Text tokens drawn uniformly, (G,)."""
        first = self.tokenizer.special.first_text_id
        return torch.randint(first, self.tokenizer.vocabulary, (size,), generator=self.generator)

    def question(self) -> Question:
        """See ``Draft.question``."""
        return Question([], self.ids.tolist())

    def answer(self, prediction: Prediction) -> int:
        """See ``Draft.answer``."""
        scores = prediction.canvas
        drawn = torch.multinomial(scores.exp(), 1, generator=self.generator)[:, 0]
        entropies = sampling.entropy(scores)
        kept = sampling.entropy_bound(entropies, ENTROPY_BOUND)
        self.ids = torch.where(kept, drawn, self._noise(len(drawn)))
        top = scores.max(-1)
        before, self.best = self.best, top.indices.tolist()
        self.sure = top.values.exp().tolist()
        self.steps += 1
        certain = before == self.best and float(entropies.mean()) < CERTAIN
        self.done = certain or self.steps == STEPS
        return 0

    def finish(self) -> None:
        """See ``Draft.finish``."""
        self.done = True

    def _written(self) -> list[tuple[int, float]]:
        """The likeliest tokens up to END."""
        size = self.best.index(self.end) if self.end in self.best else len(self.best)
        return list(zip(self.best[:size], self.sure[:size], strict=True))

    def outcome(self) -> Outcome:
        """See ``Draft.outcome``."""
        written = self._written()
        text = self.tokenizer.decode([token for token, _ in written])
        sure = sum(one for _, one in written) / len(written) if written else 1.0
        ended = self.end in self.best or f"\n{FENCE}" in text
        return self.span.outcome(text, sure, ended, self.tokenizer)

    def view(self) -> tuple[list[int], list[float]]:
        """See ``Draft.view``."""
        known = self.tokenizer.encode(self.span.forced.decode("utf-8", "replace"))
        written = self._written()
        return [*known, *(t for t, _ in written)], [*[1.0] * len(known), *(s for _, s in written)]
