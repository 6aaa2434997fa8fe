"""An answer written block after block: within a block in any order, the blocks left to right."""

from __future__ import annotations

import torch
from torch import Tensor

from instant_edit import sampling
from instant_edit.drafting import Outcome, Plan, Question, Sampler
from instant_edit.models.families.marked_span import FENCE, MarkedSpan
from instant_edit.models.protocol import Prediction
from instant_edit.tokenizer import Tokenizer

CONFIDENCE = 0.9  # of a token that is committed beside the surest one
SPARE = 16  # tokens of an answer that are no text of the span: its fence


class BlockDraft:
    """Commits what is sure in the last block; opens the next when it is full; stops at END.

    Args:
        plan: what is wanted; ``limit`` bounds the answer.
        span: what it is an answer to.
        first: slots of the first block, which the prompt has begun.
        block: slots of the others.
    """

    def __init__(
        self,
        plan: Plan,
        sampler: Sampler,
        tokenizer: Tokenizer,
        generator: torch.Generator,
        *,
        span: MarkedSpan,
        first: int,
        block: int,
    ) -> None:
        self.sampler, self.tokenizer, self.generator = sampler, tokenizer, generator
        self.span, self.block = span, block
        self.temperature = 0.0 if plan.greedy else sampler.temperature
        self.limit = plan.limit + SPARE
        self.mask, self.end = tokenizer.special.mask, tokenizer.special.end
        self.ids = [self.mask] * first
        self.sure: list[float] = [0.0] * first
        self.ended = False
        self.done = plan.limit == 0

    def question(self) -> Question:
        """See ``Draft.question``."""
        return Question([], list(self.ids))

    def answer(self, prediction: Prediction) -> int:
        """See ``Draft.answer``."""
        opened = [i for i, token in enumerate(self.ids) if token == self.mask]
        scores = self._allowed(prediction.canvas[opened])
        chosen = sampling.commit(scores, self.sampler.entropy_bound, CONFIDENCE)
        for row, (slot, yes) in enumerate(zip(opened, chosen.tolist(), strict=True)):
            if yes:
                token = sampling.draw(scores[row], self.temperature, self.generator)
                self.ids[slot], self.sure[slot] = token, float(scores[row, token].exp())
        self._cut()
        if self.mask not in self.ids and not self.done:
            self._go_on()
        return 0

    def _allowed(self, scores: Tensor) -> Tensor:
        out = scores.clone()
        out[:, : self.tokenizer.special.first_text_id] = -torch.inf
        out[:, self.end] = scores[:, self.end]
        return out.log_softmax(-1)

    def _cut(self) -> None:
        """Drop what stands behind an END; done when nothing before it is open."""
        if self.end in self.ids:
            at = self.ids.index(self.end)
            del self.ids[at + 1 :], self.sure[at + 1 :]
            self.ended = self.done = self.mask not in self.ids

    def _go_on(self) -> None:
        """The block is full: stop where the code block is closed, else open the next."""
        self.ended = f"\n{FENCE}" in self.tokenizer.decode(self.ids)
        self.done = self.ended or len(self.ids) >= self.limit
        if not self.done:
            self.ids += [self.mask] * self.block
            self.sure += [0.0] * self.block

    def finish(self) -> None:
        """See ``Draft.finish``. What stands behind an open slot is let go."""
        if self.mask in self.ids:
            at = self.ids.index(self.mask)
            del self.ids[at:], self.sure[at:]
        self.done = True

    def outcome(self) -> Outcome:
        """See ``Draft.outcome``."""
        text = self.tokenizer.decode(self.ids)
        sure = sum(self.sure) / len(self.sure) if self.sure else 1.0
        return self.span.outcome(text, sure, self.ended, self.tokenizer)

    def view(self) -> tuple[list[int], list[float]]:
        """See ``Draft.view``: the answer as it stands, behind what the span begins with."""
        known = self.tokenizer.encode(self.span.forced.decode("utf-8", "replace"))
        shown = [(t, s) for t, s in zip(self.ids, self.sure, strict=True) if t != self.end]
        return [*known, *(t for t, _ in shown)], [*[1.0] * len(known), *(s for _, s in shown)]
