"""A draft for models with a causal pass: the canvas drafts, the causal pass verifies.

Each forward pass does both: it verifies, left to right, the tokens drafted last, and, seeing both
sides, drafts those after them. So every pass yields a token at least, and there are never more
than left-to-right decoding needs (blockwise parallel decoding, Stern et al., arXiv 1811.03115;
multi-token prediction with gated adapters, Samragh et al., arXiv 2507.11851).
Where a line ends as the suffix begins, one pass more asks whether the suffix follows.
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
        self.drafted: Tensor | None = None  # the canvas that ``pending`` was drafted from
        self.probing = False  # the next pass asks whether the suffix follows
        self.probes = 0
        self.done = self.ended = plan.limit == 0

    def question(self) -> tuple[list[int], list[int]]:
        """See ``Draft.question``."""
        if self.probing:
            return list(self.plan.following), []
        slots = self.sampler.slots
        if self.plan.exact:
            slots = min(slots, self.plan.limit - len(self.canvas) - len(self.pending))
        return self.pending, [self.mask] * max(0, slots)

    def answer(self, prediction: Prediction) -> int:
        """See ``Draft.answer``."""
        causal, canvas = prediction.causal, prediction.canvas
        assert causal is not None
        if self.probing:
            return self._probed(causal)
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
            self._correct(causal[kept], kept)
        else:
            self._advance(causal[kept], canvas)
        return kept

    def _correct(self, causal: Tensor, slot: int) -> None:
        """The causal pass refuses the draft at ``slot``: decide it again, with what the canvas
        said of it before the tokens in between were known.
        """
        earlier = self.drafted[slot] if self.drafted is not None else None
        self._decide(causal, earlier, self.sampler.earlier_share)

    def _advance(self, causal: Tensor, canvas: Tensor) -> None:
        """Everything drafted stands: decide the next token, or the end, and draft on."""
        self.drafted = canvas
        both = canvas[0] if len(canvas) else None
        if both is not None and self._ends(causal, both):
            self.done = self.ended = True
            return
        token = self._decide(causal, both, self.sampler.canvas_share)
        best = canvas.max(-1)
        self.guess = list(zip(best.indices.tolist(), best.values.exp().tolist(), strict=True))
        if self.probing or self.words.forced or not self.guess or self.guess[0][0] != token:
            return
        room = self.plan.limit - len(self.canvas) - 1
        for token, sure in self.guess[1 : 1 + room]:
            if sure < self.sampler.confidence or token < self.words.first or self._may_end(token):
                break
            self.pending.append(token)

    def _ends(self, causal: Tensor, both: Tensor) -> bool:
        """Whether END is likelier here than any token."""
        if self.plan.exact or self.words.forced:
            return False
        weight = self.sampler.end_share
        closing = float(both[self.end])
        if self.plan.following:
            closing = weight * closing + (1 - weight) * float(causal[self.plan.following[0]])
        going_on = sampling.blend(causal, both, weight)[self.words.first :].max()
        return closing >= float(going_on) + math.log(self.sampler.end)

    def _may_end(self, token: int) -> bool:
        """Whether the span may end before ``token``, which begins as the suffix does."""
        if self.sampler.suffix == math.inf:  # no likelihood would do: ask for none
            return False
        if self.plan.exact or self.words.forced or not self.canvas.ids or not self.plan.following:
            return False
        pieces = self.words.tokenizer.token_bytes
        next_line = pieces[token].startswith(b"\n")
        first = self.plan.following[0]
        return token == first or (next_line and pieces[first].startswith(b"\n"))

    def _probed(self, causal: Tensor) -> int:
        """The causal pass over the suffix, put here: end if it follows, else go on.

        After the last probe the draft is done without an end; ``ending.py`` finds the likeliest.
        """
        ids = torch.as_tensor(self.plan.following)
        likelihood = float(causal[torch.arange(len(ids)), ids].mean())
        self.probing = False
        self.probes += 1
        self.ended = likelihood >= self.sampler.suffix
        self.done = self.ended or self.probes == self.plan.probes
        if self.done:
            self.pending = []
            self.confidence.pop()
        return 0

    def _decide(self, causal: Tensor, both: Tensor | None, share: float) -> int:
        """Choose the next token, given the left-to-right and perhaps the two-sided scores.

        Where the span may end before it, the next pass asks whether it does.
        """
        scores = sampling.blend(causal, both, share)
        scores = self.words.allow(scores).log_softmax(-1)
        temperature = 0.0 if self.plan.greedy else self.sampler.temperature
        token = sampling.draw(scores, temperature, self.generator)
        self.confidence.append(float(scores[token].exp()))
        self.words.take(token)
        self.pending, self.trusted = [token], 1
        self.probing = self._may_end(token)
        return token

    def finish(self) -> None:
        """See ``Draft.finish``."""
        if self.probing:  # a line is whole: leave it at that
            self.pending, self.guess = [], []
            self.confidence.pop()
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
