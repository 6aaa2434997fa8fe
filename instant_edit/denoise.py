"""The denoising loop: one forward pass a step, over all canvases; cancel and deadline between."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass

import torch

from instant_edit.drafting import Draft, Outcome, Plan, Sampler
from instant_edit.errors import EditCancelled
from instant_edit.free import FreeDraft
from instant_edit.models.protocol import Denoiser, Session
from instant_edit.tokenizer import Tokenizer
from instant_edit.verified import VerifiedDraft

OPEN_SLOT = "▒"


@dataclass(frozen=True, slots=True)
class Step:
    """The canvases after one denoising step.

    Args:
        number: 1 for the first.
        masked: slots still open, over all canvases shown.
        texts: the draft of each canvas; open slots are ``▒``.
        confidence: for each canvas, the probability of each token (0 where open).
    """

    number: int
    masked: int
    texts: tuple[str, ...]
    confidence: tuple[tuple[float, ...], ...]


@dataclass(slots=True)
class Limits:
    """When to stop: asked between two steps."""

    cancelled: Callable[[], bool] | None = None
    deadline: float | None = None  # in time.monotonic() seconds

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
        seed: int,
        verified: bool,
        limits: Limits,
    ) -> None:
        kind = VerifiedDraft if verified and denoiser.verifies else FreeDraft
        self.tokenizer: Tokenizer = denoiser.tokenizer
        self.drafts: list[Draft] = [
            kind(plan, sampler, denoiser.tokenizer, torch.Generator().manual_seed(seed + index))
            for index, plan in enumerate(plans)
        ]
        self.limits = limits
        limits.check()
        began = time.perf_counter()
        self.session: Session = denoiser.encode([plan.context for plan in plans])
        self.context_milliseconds = 1000 * (time.perf_counter() - began)
        self.passes = 0
        self.timed_out = False

    def steps(self, shown: Sequence[int]) -> Iterator[Step]:
        """Denoise until every canvas is done; yields previews of the canvases ``shown``."""
        while not all(draft.done for draft in self.drafts):
            if self.limits.check():
                self._finish()
                return
            questions = [([], []) if d.done else d.question() for d in self.drafts]
            predictions = self.session.forward(
                [list(q[0]) for q in questions], [list(q[1]) for q in questions]
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
        views = [self.drafts[index].view() for index in shown]
        texts = tuple(draft_text(ids, self.tokenizer) for ids, _ in views)
        masked = sum(ids.count(mask) for ids, _ in views)
        return Step(self.passes, masked, texts, tuple(tuple(sure) for _, sure in views))


def draft_text(ids: Sequence[int], tokenizer: Tokenizer) -> str:
    """Text of a canvas, each open slot shown as ``▒``."""
    mask, out, run = tokenizer.special.mask, [], list[int]()
    for token in ids:
        if token == mask:
            out += [tokenizer.decode(run), OPEN_SLOT]
            run = []
        else:
            run.append(token)
    return "".join([*out, tokenizer.decode(run)])
