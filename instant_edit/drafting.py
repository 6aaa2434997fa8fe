"""How one canvas is denoised: what to put before the model each step, what to keep of its answer.

``VerifiedDraft`` fills a span with a model that also has a causal pass: the canvas, seeing both
sides, drafts several tokens at once; the next forward pass verifies them left to right while it
drafts on. ``FreeDraft`` denoises in any order, by confidence alone.
"""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Protocol

import torch
from torch import Tensor

from instant_edit import sampling
from instant_edit.canvas import Canvas
from instant_edit.models.protocol import ContextIds, Prediction
from instant_edit.tokenizer import Tokenizer


@dataclass(frozen=True, slots=True)
class Sampler:
    """Constants of the sampler, chosen on held-out text (see the model card).

    Args:
        entropy_bound: nats, for ``FreeDraft``.
        confidence: probability above which a slot is committed or drafted on.
        agreement: ratio of ``sampling.accepted``.
        canvas_share: weight of the two-sided distribution where both speak.
        end: a span ends where END has this share of the best token's probability.
        slots: width of the canvas beyond what is known.
        temperature: of candidates after the first.
    """

    entropy_bound: float = 0.1
    confidence: float = 0.6
    agreement: float = 0.3
    canvas_share: float = 0.5
    end: float = 1.0
    slots: int = 16
    temperature: float = 0.7


AUTOREGRESSIVE = Sampler(confidence=2.0, canvas_share=0.0, agreement=1.0, slots=1)


@dataclass(frozen=True, slots=True)
class Plan:
    """What is to be written into one canvas.

    Args:
        context: what the model reads.
        forced: bytes the canvas must begin with.
        limit: most tokens.
        exact: whether exactly ``limit`` tokens are wanted (an oracle length).
        start: tokens to begin with, mask where open; empty for a fresh canvas.
        banned: by slot, a token that may not be written there again.
        greedy: take the best token, or draw with the sampler's temperature.
    """

    context: ContextIds
    forced: bytes = b""
    limit: int = 64
    exact: bool = False
    start: tuple[int, ...] = ()
    banned: Mapping[int, int] = field(default_factory=dict)
    greedy: bool = True


@dataclass(frozen=True, slots=True)
class Outcome:
    """Tokens written, how sure each was, and their left-to-right log-likelihood."""

    ids: tuple[int, ...]
    confidence: tuple[float, ...]
    likelihood: float
    ended: bool


class Draft(Protocol):
    """One canvas under way."""

    done: bool

    def question(self) -> tuple[list[int], list[int]]:
        """Draft tokens to verify and canvas slots to score in the next pass."""

    def answer(self, prediction: Prediction) -> int:
        """Take in a pass; how many draft tokens are now exact context."""

    def finish(self) -> None:
        """Close at once with the best tokens known (a deadline)."""

    def outcome(self) -> Outcome:
        """What has been written."""

    def view(self) -> tuple[list[int], list[float]]:
        """Tokens so far, mask where open, and their confidence: for previews."""


class _Words:
    """Which ids may be written, given the bytes the canvas still has to spell."""

    def __init__(self, tokenizer: Tokenizer, forced: bytes) -> None:
        self.table = tokenizer.token_bytes
        self.first = tokenizer.special.first_text_id
        self.forced = forced

    def allow(self, scores: Tensor) -> Tensor:
        """Scores (V,) with control tokens, and tokens that misspell, made impossible."""
        out = scores.clone()
        out[: self.first] = -torch.inf
        if self.forced:
            rest = self.forced
            keep = [i for i, b in enumerate(self.table) if b and fits(b, rest)]
            allowed = torch.full_like(out, -torch.inf)
            allowed[keep] = 0.0
            out = out + allowed
        return out

    def take(self, token: int) -> None:
        """Note that a token was written."""
        self.forced = self.forced[len(self.table[token]) :]


def fits(token: bytes, rest: bytes) -> bool:
    """Whether a token may be written where the bytes ``rest`` must come first."""
    return token.startswith(rest) or rest.startswith(token)


class VerifiedDraft:
    """Drafts from the canvas, verified by the causal pass; see the module's docstring."""

    def __init__(
        self, plan: Plan, sampler: Sampler, tokenizer: Tokenizer, generator: torch.Generator
    ) -> None:
        self.plan, self.sampler, self.generator = plan, sampler, generator
        self.mask, self.end = tokenizer.special.mask, tokenizer.special.end
        self.words = _Words(tokenizer, plan.forced)
        self.canvas = Canvas((), ())
        self.confidence: list[float] = []
        self.likelihood = 0.0
        self.pending: list[int] = []
        self.trusted = 0  # leading pending tokens decided already, not to be verified
        self.guess: list[tuple[int, float]] = []
        self.done = self.ended = plan.limit == 0

    def question(self) -> tuple[list[int], list[int]]:
        room = self.plan.limit - len(self.canvas) - len(self.pending)
        slots = room if self.plan.exact else min(room, self.sampler.slots)
        return self.pending, [self.mask] * max(0, min(slots, max(1, self.sampler.slots)))

    def answer(self, prediction: Prediction) -> int:
        causal, canvas = prediction.causal, prediction.canvas
        assert causal is not None
        size = len(self.pending)
        agreed = sampling.accepted(
            causal[self.trusted :], self.pending[self.trusted :], self.sampler.agreement
        )
        kept = min(size, self.trusted + agreed)
        for index in range(kept):
            score = float(causal[index, self.pending[index]])
            self.likelihood += score
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
        size = len(self.canvas)
        sure = (self.confidence + [0.0] * size)[:size]
        return Outcome(self.canvas.ids, tuple(sure), self.likelihood, self.ended)

    def view(self) -> tuple[list[int], list[float]]:
        open_slots = 0
        for token, _ in self.guess[len(self.pending) :]:
            if token == self.end:
                break
            open_slots += 1
        ids = [*self.canvas.ids, *self.pending, *[self.mask] * (0 if self.done else open_slots)]
        return ids, (self.confidence + [0.0] * len(ids))[: len(ids)]


class FreeDraft:
    """Denoises all slots together: commits what is sure, cuts at END, revises each slot once."""

    def __init__(
        self, plan: Plan, sampler: Sampler, tokenizer: Tokenizer, generator: torch.Generator
    ) -> None:
        self.plan, self.sampler, self.generator = plan, sampler, generator
        self.mask, self.end = tokenizer.special.mask, tokenizer.special.end
        self.first = tokenizer.special.first_text_id
        self.words = _Words(tokenizer, plan.forced)
        size = plan.limit if plan.exact else min(plan.limit, sampler.slots)
        self.canvas = Canvas.masked(size, self.mask)
        if plan.start:
            editable = tuple(token == self.mask for token in plan.start)
            self.canvas = Canvas(plan.start, editable)
        self.sure: dict[int, float] = {}
        self.revised: set[int] = set()
        self.best: list[int] = []
        self.ended = bool(plan.start)
        self.done = not self.canvas.open(self.mask)

    def question(self) -> tuple[list[int], list[int]]:
        return [], list(self.canvas.ids)

    def answer(self, prediction: Prediction) -> int:
        scores = self._allowed(prediction.canvas)
        opened = self.canvas.open(self.mask)
        best = scores.max(-1)
        self.best = best.indices.tolist()
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
        if self.words.forced and len(scores):
            scores[0] = self.words.allow(canvas[0])
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
        if self.canvas.open(self.mask):
            return
        more = min(8, self.plan.limit - len(self.canvas))
        if not (self.ended or self.plan.exact) and more > 0:
            self.canvas = self.canvas.grow(more, self.mask)

    def _revise(self, scores: Tensor) -> None:
        """Replace tokens that the full canvas now finds unlikely; each slot at most once."""
        ids = torch.tensor(self.canvas.ids)
        now = scores[torch.arange(len(ids)), ids]
        best = scores.max(-1)
        worse = (now < best.values + torch.log(torch.tensor(self.sampler.agreement))).tolist()
        changed = {
            i: int(best.indices[i])
            for i in range(len(ids))
            if worse[i] and self.canvas.editable[i] and i not in self.revised
            if int(best.indices[i]) != self.end
        }
        self.revised |= set(changed)
        self.sure.update({i: float(best.values[i].exp()) for i in changed})
        self.canvas = self.canvas.write(changed)
        self.done = not changed or len(self.revised) == len(ids)

    def finish(self) -> None:
        tokens = {}
        for slot in self.canvas.open(self.mask):
            token = self.best[slot] if slot < len(self.best) else self.end
            if token == self.end:
                self.canvas = self.canvas.cut(slot)
                break
            tokens[slot] = token
        self.canvas = self.canvas.write(tokens)
        self.done = True

    def outcome(self) -> Outcome:
        sure = tuple(self.sure.get(i, 1.0) for i in range(len(self.canvas)))
        return Outcome(self.canvas.ids, sure, 0.0, self.ended)

    def view(self) -> tuple[list[int], list[float]]:
        ids = list(self.canvas.ids)
        return ids, [0.0 if t == self.mask else self.sure.get(i, 1.0) for i, t in enumerate(ids)]
