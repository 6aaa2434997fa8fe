"""The denoising loop: one forward pass a step, over all canvases; cancel and deadline between."""

from __future__ import annotations

import codecs
import time
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass

import torch

from instant_edit.drafting import Draft, Outcome, Plan, Question, Sampler
from instant_edit.errors import EditCancelled
from instant_edit.free import FreeDraft
from instant_edit.models.protocol import Denoiser, DraftMaker, Reusing, Session
from instant_edit.tokenizer import Tokenizer
from instant_edit.verified import VerifiedDraft

OPEN_SLOT = "▒"


@dataclass(frozen=True, slots=True)
class Piece:
    """A token of a draft as text, and its probability; an open slot is ``▒`` with 0."""

    text: str
    confidence: float


@dataclass(frozen=True, slots=True)
class Step:
    """The drafts after one denoising step, for previews.

    Args:
        number: 1 for the first.
        masked: slots still open, over all canvases shown.
        pieces: for each canvas, what its replacement would read now.
    """

    number: int
    masked: int
    pieces: tuple[tuple[Piece, ...], ...]

    @property
    def texts(self) -> tuple[str, ...]:
        """Each canvas as one text."""
        return tuple("".join(piece.text for piece in draft) for draft in self.pieces)


@dataclass(slots=True)
class Limits:
    """When to stop: asked between two steps."""

    cancelled: Callable[[], bool] | None = None
    deadline: float | None = None  # in time.monotonic() seconds

    @classmethod
    def together(cls, limits: Sequence[Limits]) -> Limits:
        """The limits of work done together: whoever cancels, and the first deadline."""
        asked = [one.cancelled for one in limits if one.cancelled is not None]
        deadlines = [one.deadline for one in limits if one.deadline is not None]
        cancelled = (lambda: any(ask() for ask in asked)) if asked else None
        return cls(cancelled, min(deadlines, default=None))

    def check(self) -> bool:
        """Whether the deadline has passed.

        Raises:
            EditCancelled: the caller asked to stop.
        """
        if self.cancelled is not None and self.cancelled():
            raise EditCancelled("cancelled between two denoising steps")
        return self.deadline is not None and time.monotonic() >= self.deadline


class Denoising:
    """Several canvases under way over one session; iterate for its steps."""

    def __init__(
        self,
        denoiser: Denoiser,
        plans: Sequence[Plan],
        *,
        sampler: Sampler,
        limits: Limits,
    ) -> None:
        self.tokenizer: Tokenizer = denoiser.tokenizer
        self.plans = plans
        self.drafts = [begun(denoiser, plan, sampler) for plan in plans]
        self.limits = limits
        limits.check()
        began = time.perf_counter()
        self.session: Session = denoiser.encode([plan.context for plan in plans])
        self.context_milliseconds = 1000 * (time.perf_counter() - began)
        self.context_rows = self.reused_rows = 0
        if isinstance(self.session, Reusing):
            self.context_rows = self.session.context_rows
            self.reused_rows = self.session.reused_rows
        self.passes = 0
        self.timed_out = False

    def steps(self, shown: Sequence[int]) -> Iterator[Step]:
        """Denoise until every canvas is done; yields previews of the canvases ``shown``."""
        while not all(draft.done for draft in self.drafts):
            if self.limits.check():
                self._finish()
                return
            asked = [Question([], []) if d.done else d.question() for d in self.drafts]
            predictions = self.session.forward(
                [one.draft for one in asked],
                [one.canvas for one in asked],
                [one.branches for one in asked],
            )
            self.passes += 1
            kept = [
                0 if draft.done else draft.answer(prediction)
                for draft, prediction in zip(self.drafts, predictions, strict=True)
            ]
            self.session.accept(kept)
            yield self._step(shown)

    def _finish(self) -> None:
        self.timed_out = True
        for draft in self.drafts:
            if not draft.done:
                draft.finish()

    def outcomes(self) -> list[Outcome]:
        """What each canvas holds."""
        return [draft.outcome() for draft in self.drafts]

    def _step(self, shown: Sequence[int]) -> Step:
        mask = self.tokenizer.special.mask
        views = [(self.plans[index], *self.drafts[index].view()) for index in shown]
        drafts = tuple(pieces(plan, ids, sure, self.tokenizer) for plan, ids, sure in views)
        masked = sum(ids.count(mask) for _, ids, _ in views)
        return Step(self.passes, masked, drafts)


def begun(denoiser: Denoiser, plan: Plan, sampler: Sampler) -> Draft:
    """A fresh draft of the kind that the plan and the model ask for."""
    generator = torch.Generator().manual_seed(plan.seed)
    if isinstance(denoiser, DraftMaker):
        return denoiser.draft(plan, sampler, generator)
    verified = plan.verified and sampler.verified and denoiser.verifies
    kind = VerifiedDraft if verified else FreeDraft
    return kind(plan, sampler, denoiser.tokenizer, generator)


def pieces(
    plan: Plan, ids: Sequence[int], sure: Sequence[float], tokenizer: Tokenizer
) -> tuple[Piece, ...]:
    """A draft as it would stand in the source: less its forced bytes, with its closing text.

    A character that several tokens spell stands with the last of them.
    """
    decoder = codecs.getincrementaldecoder("utf-8")("replace")
    known, out = len(plan.forced), list[Piece]()
    for token, confidence in zip(ids, sure, strict=True):
        if token == tokenizer.special.mask:
            out.append(Piece(decoder.decode(b"", True) + OPEN_SLOT, 0.0))
            continue
        spelled = tokenizer.token_bytes[token]
        text = decoder.decode(spelled[known:])
        known = max(0, known - len(spelled))
        if text:
            out.append(Piece(text, confidence))
    rest = decoder.decode(b"", True) + plan.closing
    return (*out, Piece(rest, 1.0)) if rest else tuple(out)
