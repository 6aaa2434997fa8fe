"""A draft for models with a causal pass: the canvas drafts, both together verify.

Each forward pass does two things. It verifies the tokens drafted last, each by the causal pass
and by a few slots of its own placed before it, which see both sides; and it drafts those after
them from the canvas, and further from what the context repeats. So every pass yields a token at
least, and a refused draft costs no more than its rows: what stands in its place is decided with
the same two voices (blockwise parallel decoding, Stern et al., arXiv 1811.03115; masks behind
each draft token as in the quadratic decoding of Samragh et al., arXiv 2507.11851).
Where a line ends as the suffix begins, the same pass asks whether the suffix follows.

In a rewrite the canvas decides alone, for the causal pass has not learned to do as it is told;
drafts are copied from the old text, and one stands only if it is what the slots before it would
write. The likeliest other tokens are remembered, for a rewrite that changes or mends nothing.
"""

from __future__ import annotations

import math
from collections.abc import Sequence

import torch
from torch import Tensor

from instant_edit import sampling
from instant_edit.canvas import Canvas
from instant_edit.drafting import Doubt, Outcome, Plan, Question, Sampler, Words
from instant_edit.lookup import Lookup, copied
from instant_edit.models.protocol import Branch, Prediction
from instant_edit.tokenizer import Tokenizer

Guess = tuple[int, float]  # a token and its probability
Other = tuple[float, int, int]  # how likely a token was that could stand at a place


class VerifiedDraft:
    """Drafts from the canvas, verified by the causal pass and by the slots before each."""

    def __init__(
        self, plan: Plan, sampler: Sampler, tokenizer: Tokenizer, generator: torch.Generator
    ) -> None:
        self.plan, self.sampler, self.generator = plan, sampler, generator
        self.mask, self.end = tokenizer.special.mask, tokenizer.special.end
        self.words = Words(tokenizer, plan.forced)
        alone = plan.instructed
        self.canvas_share = 1.0 if alone else sampler.canvas_share
        self.end_share = 1.0 if alone else sampler.end_share
        self.agreement = 1.0 if alone else sampler.agreement
        self.stairs = max(1, sampler.stairs) if alone else sampler.stairs
        self.lookup = Lookup((plan.context.tail, plan.context.prefix), sampler.lookup)
        self.canvas = Canvas((), ())
        self.confidence: list[float] = []
        self.likelihoods: list[float] = []
        self.pending: list[Guess] = [(token, 1.0) for token in plan.begin]
        self.trusted = len(self.pending)  # leading pending tokens decided already
        for token in plan.begin:
            self.words.take(token)
        self.others: list[Other] = []
        self.guess: list[Guess] = []  # what the canvas said of the pending tokens and on
        self.ends: list[int] = []  # places in ``pending`` where the span may end
        self.tried = 0
        self.done = self.ended = plan.limit == 0

    def question(self) -> Question:
        """See ``Draft.question``."""
        draft = [token for token, _ in self.pending]
        room = self.plan.limit - len(self.canvas) if self.plan.exact else math.inf
        slots = int(max(0, min(self.sampler.slots, room - len(draft))))
        stairs = [
            Branch(place, (self.mask,) * int(min(self.stairs, room - place)))
            for place in range(self.trusted, len(draft))
        ]
        ends = [Branch(place, self.plan.following, clean=True) for place in self.ends]
        return Question(draft, [self.mask] * slots, (*stairs, *ends))

    def answer(self, prediction: Prediction) -> int:
        """See ``Draft.answer``."""
        causal, size = prediction.causal, len(self.pending)
        assert causal is not None
        checked = size - self.trusted
        canvases = [*prediction.branches[:checked], prediction.canvas]
        follows = {
            place: self._likelihood(rows)
            for place, rows in zip(self.ends, prediction.branches[checked:], strict=True)
        }
        if 0 in follows and self._closed(follows[0]):
            return 0
        kept = self.trusted
        while kept < size and self._stands(causal[kept], canvases[kept - self.trusted], kept):
            kept += 1
        for index, (token, sure) in enumerate(self.pending[:kept]):
            self.likelihoods.append(
                math.log(max(sure, 1e-9)) if self.plan.instructed else float(causal[index, token])
            )
            self.confidence.append(sure)
        self.canvas = self.canvas.extend([token for token, _ in self.pending[:kept]])
        canvas = canvases[kept - self.trusted]
        self.pending, self.trusted, self.guess, self.ends = [], 0, [], []
        if len(self.canvas) >= self.plan.limit:
            self.done = True
        else:
            self._advance(causal[kept], canvas, follows.get(kept) if kept == size else None)
        return kept

    def _stands(self, causal: Tensor, canvas: Tensor, place: int) -> bool:
        """Whether the token drafted at a place is, or is nearly, what would be written there."""
        both = canvas[0] if len(canvas) else None
        if both is not None and self._ends(causal, both):
            return False
        token = self.pending[place][0]
        scores = self.words.allow(sampling.blend(causal, both, self.canvas_share))
        scores = scores.log_softmax(-1)
        self.pending[place] = token, float(scores[token].exp())
        stands = sampling.accepted(scores[None], [token], self.agreement) == 1
        if stands:
            self._doubt(scores, place, token)
        return stands

    def _advance(self, causal: Tensor, canvas: Tensor, follows: float | None) -> None:
        """Everything written stands: decide the next token, or the end, and draft on.

        ``follows`` is the suffix's likelihood here, if it was asked for.
        """
        both = canvas[0] if len(canvas) else None
        if both is not None and self._ends(causal, both):
            self._doubt(both, 0, self.end)
            self.done = self.ended = True
            return
        scores = sampling.blend(causal, both, self.canvas_share)
        scores = self.words.allow(scores).log_softmax(-1)
        temperature = 0.0 if self.plan.greedy else self.sampler.temperature
        token = sampling.draw(scores, temperature, self.generator)
        self._doubt(scores, 0, token)
        self.words.take(token)
        self.pending, self.trusted = [(token, float(scores[token].exp()))], 1
        if self._may_end(token):
            if follows is None:
                self.ends = [0]
            elif self._closed(follows):
                return
        best = canvas.max(-1)
        self.guess = list(zip(best.indices.tolist(), best.values.exp().tolist(), strict=True))
        if not self.words.forced and self.guess:
            self._draft_on(token)

    def _draft_on(self, token: int) -> None:
        """Draft beyond the decided token: what the canvas is sure of, then what is looked up."""
        room = min(self.sampler.reach, self.plan.limit - len(self.canvas) - 1)
        guessed = self.guess[1:] if self.guess[0][0] == token else []
        for number, (guess, sure) in enumerate(guessed[:room]):
            if sure < self.sampler.drafting or not self._draftable(guess):
                self._expect_end(*guessed[number])
                break
            self.pending.append((guess, sure))
        room -= len(self.pending) - 1
        for guess in self._looked_up(room):
            if not self._draftable(guess):
                self._expect_end(guess, 1.0)
                break
            self.pending.append((guess, 0.0))

    def _looked_up(self, most: int) -> Sequence[int]:
        pending = [one for one, _ in self.pending]
        if self.plan.instructed and self.sampler.lookup:
            return copied(self.plan.old, [*self.canvas.ids, *pending], most)
        return self.lookup.after(self.plan.context.prefix, self.canvas.ids, pending, most=most)

    def _draftable(self, token: int) -> bool:
        return token >= self.words.first and not self._may_end(token, drafted=True)

    def _expect_end(self, token: int, sure: float) -> None:
        """Where a draft stops because the span may end there, ask for the suffix beforehand."""
        place = len(self.pending)
        if sure >= self.sampler.expect and self._may_end(token, drafted=True):
            self.ends.append(place)

    def _ends(self, causal: Tensor, both: Tensor) -> bool:
        """Whether END is likelier here than any token."""
        if self.plan.exact or self.words.forced:
            return False
        weight = self.end_share
        closing = float(both[self.end])
        if self.plan.following:
            closing = weight * closing + (1 - weight) * float(causal[self.plan.following[0]])
        going_on = sampling.blend(causal, both, weight)[self.words.first :].max()
        return closing >= float(going_on) + math.log(self.sampler.end)

    def _may_end(self, token: int, *, drafted: bool = False) -> bool:
        """Whether the span may end before ``token``, which begins as the suffix does."""
        if self.sampler.suffix == math.inf:  # no likelihood would do: ask for none
            return False
        if self.plan.exact or self.words.forced or not self.plan.following:
            return False
        if not drafted and not self.canvas.ids:
            return False
        pieces = self.words.tokenizer.token_bytes
        next_line = pieces[token].startswith(b"\n")
        first = self.plan.following[0]
        return token == first or (next_line and pieces[first].startswith(b"\n"))

    def _likelihood(self, rows: Tensor) -> float:
        """Mean log-probability of the suffix's first tokens."""
        ids = torch.as_tensor(self.plan.following)
        return float(rows[torch.arange(len(ids)), ids].mean())

    def _closed(self, likelihood: float) -> bool:
        """Whether the span is done here: the suffix follows, or enough places were tried.

        After the last of them it is done without an end; ``ending.py`` finds the likeliest.
        """
        self.tried += 1
        self.ended = likelihood >= self.sampler.suffix
        self.done = self.ended or self.tried == self.plan.probes
        if self.done:
            self.pending = []
        return self.done

    def finish(self) -> None:
        """See ``Draft.finish``."""
        if 0 not in self.ends:  # else a line is whole: leave it at that
            known = len(self.pending)
            for guess in [*self.pending, *self.guess[known:]]:
                if guess[0] < self.words.first or len(self.canvas) >= self.plan.limit:
                    break
                self.canvas = self.canvas.extend([guess[0]])
                self.confidence.append(guess[1])
        self.done = True

    def _doubt(self, scores: Tensor, place: int, chosen: int) -> None:
        """Remember the likeliest of all tokens that were not chosen; ``place`` is after the canvas.

        Only where text is copied may it stand for the whole: forced bytes are no choice.
        """
        if not self.plan.instructed or self.words.forced:
            return
        found = scores[self.words.first :].topk(2)
        for score, index in zip(found.values.tolist(), found.indices.tolist(), strict=True):
            token = index + self.words.first
            if token != chosen:
                self.others.append((math.exp(score), len(self.canvas) + place, token))
                return

    def _unchanged(self) -> bool:
        """Whether a rewrite says what the old text says."""
        spell = self.words.tokenizer.decode_bytes
        written = spell(self.canvas.ids).removeprefix(self.plan.forced)
        return written == spell(self.plan.old).removesuffix(self.plan.closing.encode())

    def outcome(self) -> Outcome:
        """See ``Draft.outcome``."""
        ids = self.canvas.ids
        most = max(1, self.sampler.mending)
        others = sorted(self.others, key=lambda other: -other[0])[:most]
        return Outcome(
            ids,
            tuple(self.confidence),
            tuple(self.likelihoods),
            self.ended,
            self.plan.instructed and self._unchanged(),
            tuple(Doubt(likely, (*ids[:place], token)) for likely, place, token in others),
        )

    def view(self) -> tuple[list[int], list[float]]:
        """See ``Draft.view``."""
        known = [*self.pending]
        for token, _ in self.guess[len(known) :]:
            if token == self.end or self.done:
                break
            known.append((self.mask, 0.0))
        ids = [*self.canvas.ids, *(token for token, _ in known)]
        return ids, [*self.confidence, *(sure for _, sure in known)]
