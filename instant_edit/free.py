"""A draft denoised in any order, by confidence alone: for rewrites, repairs and mask models.

Commits follow the entropy bound, so steps follow difficulty; END cuts the canvas; once full, a
slot that the whole canvas now finds unlikely is revised, each at most once, in two passes at most.
"""

from __future__ import annotations

from collections.abc import Sequence

import torch
from torch import Tensor

from instant_edit import sampling
from instant_edit.canvas import Canvas
from instant_edit.drafting import Outcome, Plan, Question, Sampler, Words
from instant_edit.models.protocol import Prediction
from instant_edit.tokenizer import Tokenizer


class FreeDraft:
    """Denoises all slots together: commits what is sure, cuts at END, revises each slot once."""

    def __init__(
        self, plan: Plan, sampler: Sampler, tokenizer: Tokenizer, generator: torch.Generator
    ) -> None:
        self.plan, self.sampler, self.generator = plan, sampler, generator
        self.mask, self.end = tokenizer.special.mask, tokenizer.special.end
        self.first = tokenizer.special.first_text_id
        self.words = Words(tokenizer, plan.forced)
        self.spelled = 0  # leading slots that spell forced bytes
        size = plan.limit if plan.exact else min(plan.limit, sampler.slots)
        self.canvas = Canvas.masked(size, self.mask)
        if plan.start:
            editable = tuple(token == self.mask for token in plan.start)
            self.canvas = Canvas(plan.start, editable)
        self.sure: dict[int, float] = {}
        self.revised: set[int] = set()
        self.revisions = 0
        self.guess: list[tuple[int, float]] = []
        self.ended = bool(plan.start)
        self.done = not self.canvas.open(self.mask)

    def question(self) -> Question:
        """See ``Draft.question``."""
        return Question([], list(self.canvas.ids))

    def answer(self, prediction: Prediction) -> int:
        """See ``Draft.answer``."""
        scores = self._allowed(prediction.canvas)
        opened = self.canvas.open(self.mask)
        best = scores.max(-1)
        self.guess = list(zip(best.indices.tolist(), best.values.exp().tolist(), strict=True))
        if opened:
            chosen = sampling.commit(
                scores[opened], self.sampler.entropy_bound, self.sampler.confidence
            )
            slots = [i for i, yes in zip(opened, chosen.tolist(), strict=True) if yes]
            self._commit(slots, scores)
        else:
            self._revise(scores)
        return 0

    def _allowed(self, canvas: Tensor) -> Tensor:
        """Scores (G, V) of what may be written, END included while the length is open."""
        scores = canvas.clone()
        closing = scores[:, self.end].clone()
        scores[:, : self.first] = -torch.inf
        if not (self.plan.exact or self.ended):
            scores[:, self.end] = closing
        for slot, token in self.plan.banned.items():
            scores[slot, token] = -torch.inf
        if self.words.forced and self.spelled < len(scores):
            scores[self.spelled] = self.words.allow(canvas[self.spelled])
        return scores.log_softmax(-1)

    def _commit(self, slots: Sequence[int], scores: Tensor) -> None:
        temperature = 0.0 if self.plan.greedy else self.sampler.temperature
        tokens = {i: sampling.draw(scores[i], temperature, self.generator) for i in slots}
        ends = [i for i, token in tokens.items() if token == self.end]
        if ends:
            at = min(ends)
            self.canvas, self.ended = self.canvas.cut(at), True
            tokens = {i: token for i, token in tokens.items() if i < at}
        self.canvas = self.canvas.write(tokens)
        self.sure.update({i: float(scores[i, token].exp()) for i, token in tokens.items()})
        self._spell()
        if self.canvas.open(self.mask):
            return
        if not len(self.canvas):
            self.done = True
            return
        more = min(self.sampler.growth, self.plan.limit - len(self.canvas))
        if not (self.ended or self.plan.exact) and more > 0:
            self.canvas = self.canvas.grow(more, self.mask)
        elif not self.sampler.revisions:
            self.done = True

    def _spell(self) -> None:
        """Follow the forced bytes through the leading slots; the first to misspell is opened."""
        while self.words.forced:
            if self.spelled == len(self.canvas):
                if len(self.canvas) < self.plan.limit:
                    self.canvas = self.canvas.grow(1, self.mask)
                return
            token = self.canvas.ids[self.spelled]
            if token == self.mask:
                return
            if token not in self.words.tokenizer.spelling(self.words.forced):
                self.canvas = self.canvas.write({self.spelled: self.mask})
                return
            self.words.take(token)
            self.spelled += 1

    def _revise(self, scores: Tensor) -> None:
        """Replace tokens that the full canvas now finds unlikely; each slot at most once."""
        ids = torch.tensor(self.canvas.ids)
        now = scores[torch.arange(len(ids)), ids]
        best = scores.max(-1)
        worse = (now < best.values + torch.log(torch.tensor(self.sampler.revising))).tolist()
        changed = {
            i: int(best.indices[i])
            for i in range(len(ids))
            if worse[i] and self.canvas.editable[i] and i not in self.revised and i >= self.spelled
            if int(best.indices[i]) != self.end
        }
        self.revised |= set(changed)
        self.sure.update({i: float(best.values[i].exp()) for i in changed})
        self.canvas = self.canvas.write(changed)
        self.revisions += 1
        self.done = not changed or self.revisions >= self.sampler.revisions

    def finish(self) -> None:
        """See ``Draft.finish``."""
        kept: list[tuple[int, float]] = []
        for slot, token in enumerate(self.canvas.ids):
            best, sure = token, self.sure.get(slot, 1.0)
            if token == self.mask:
                best, sure = self.guess[slot] if slot < len(self.guess) else (self.end, 0.0)
            if best != self.end:
                kept.append((best, sure))
            elif all(self.canvas.editable[slot:]):
                break
        size = len(kept)
        self.canvas = Canvas(tuple(token for token, _ in kept), (True,) * size)
        self.sure = dict(enumerate(sure for _, sure in kept))
        self.done = True

    def outcome(self) -> Outcome:
        """See ``Draft.outcome``."""
        sure = tuple(self.sure.get(i, 1.0) for i in range(len(self.canvas)))
        return Outcome(self.canvas.ids, sure, (), self.ended)

    def view(self) -> tuple[list[int], list[float]]:
        """See ``Draft.view``."""
        ids = list(self.canvas.ids)
        return ids, [0.0 if t == self.mask else self.sure.get(i, 1.0) for i, t in enumerate(ids)]
