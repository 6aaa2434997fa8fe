"""A denoiser that says something random: what must hold whatever a model says."""

from __future__ import annotations

import random
from collections.abc import Sequence
from dataclasses import replace

import torch
from torch import Tensor

from instant_edit.denoise import Denoising, Limits
from instant_edit.drafting import Plan, Sampler
from instant_edit.models.protocol import Branch, ContextIds, ModelInfo, Prediction
from tests.scripted import tokenizer

WORDS = tokenizer()
LIKELY = [WORDS.encode(piece)[0] for piece in (" a", "b", "\n", "(", "é", " return", "    ", "=")]
CONTEXT = ContextIds((0, 20), (6, 21))


def row(*key: object) -> Tensor:
    """Log-probabilities (V,) that depend on ``key`` alone; control tokens are among the likely."""
    chance = random.Random(repr(key))
    scores = torch.full((WORDS.vocabulary,), -12.0)
    for token in (*LIKELY, WORDS.special.end, WORDS.special.mask, chance.randrange(17, 40_000)):
        scores[token] = chance.uniform(-4, 4)
    return scores.log_softmax(-1)


class ChanceDenoiser:
    """Its causal pass is a proper function of the text so far, its canvas pass of nothing."""

    def __init__(self, salt: int, *, verifies: bool = True) -> None:
        self.tokenizer = WORDS
        self.info = ModelInfo("chance", "sha256:0", "float32", 1, 0, "random")
        self.salt, self.verifies = salt, verifies

    def causal(self, ids: Sequence[int]) -> Tensor:
        """The left-to-right distribution after some tokens."""
        return row(self.salt, "causal", *ids)

    def encode(self, contexts: Sequence[ContextIds]) -> ChanceSession:
        """See ``Denoiser.encode``."""
        return ChanceSession(self, len(contexts))


class ChanceSession:
    """See ``Session``."""

    def __init__(self, denoiser: ChanceDenoiser, count: int) -> None:
        self.denoiser = denoiser
        self.accepted: list[list[int]] = [[] for _ in range(count)]
        self.drafts: list[list[int]] = []
        self.passes = 0

    def forward(
        self,
        drafts: Sequence[Sequence[int]],
        canvases: Sequence[Sequence[int]],
        branches: Sequence[Sequence[Branch]] = (),
    ) -> list[Prediction]:
        """See ``Session.forward``."""
        self.passes += 1
        self.drafts = [list(draft) for draft in drafts]
        asked = branches or [()] * len(drafts)
        each = zip(self.accepted, drafts, canvases, asked, strict=True)
        return [self._predict(*one) for one in each]

    def _predict(
        self,
        accepted: list[int],
        draft: Sequence[int],
        canvas: Sequence[int],
        branches: Sequence[Branch],
    ) -> Prediction:
        causal = [self.denoiser.causal([*accepted, *draft[:d]]) for d in range(len(draft) + 1)]
        salt = (self.denoiser.salt, self.passes)
        rows = [row(*salt, slot) for slot in range(len(canvas))]
        both = torch.stack(rows) if rows else causal[0][None][:0]
        more = tuple(self._branch([*accepted, *draft[: b.after]], b) for b in branches)
        return Prediction(torch.stack(causal) if self.denoiser.verifies else None, both, more)

    def _branch(self, before: list[int], branch: Branch) -> Tensor:
        places = range(len(branch.ids))
        if branch.clean:
            return torch.stack([self.denoiser.causal([*before, *branch.ids[:i]]) for i in places])
        rows = [row(self.denoiser.salt, self.passes, len(before), slot) for slot in places]
        return torch.stack(rows) if rows else torch.empty(0, WORDS.vocabulary)

    def accept(self, counts: Sequence[int]) -> None:
        """See ``Session.accept``."""
        for ids, draft, count in zip(self.accepted, self.drafts, counts, strict=True):
            ids += draft[:count]


class StopAfter(Limits):
    """A deadline that passes after some steps."""

    def __init__(self, steps: int) -> None:
        super().__init__()
        self.left = steps + 1  # asked once before the first step

    def check(self) -> bool:
        """See ``Limits.check``."""
        self.left -= 1
        return self.left < 0


def denoise(
    denoiser: ChanceDenoiser,
    plans: Sequence[Plan],
    sampler: Sampler,
    *,
    verified: bool,
    seed: int = 0,
    limits: Limits | None = None,
) -> Denoising:
    """Denoise some plans to their end, or to a deadline."""
    chosen = [
        replace(plan, verified=verified, seed=seed + index) for index, plan in enumerate(plans)
    ]
    denoising = Denoising(denoiser, chosen, sampler=sampler, limits=limits or Limits())
    for _ in denoising.steps(range(len(plans))):
        assert denoising.passes < 500, "it does not come to an end"
    return denoising
