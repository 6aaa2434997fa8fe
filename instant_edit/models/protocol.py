"""What the engine asks of a model: encode contexts once, then score canvases step by step.

Shapes: V vocabulary, G canvas slots, D draft tokens.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Protocol, runtime_checkable

from instant_edit.tokenizer import Tokenizer

if TYPE_CHECKING:
    from torch import Generator, Tensor

    from instant_edit.drafting import Draft, Plan, Sampler


@dataclass(frozen=True, slots=True)
class ModelInfo:
    """What a model is, for reports and for ``doctor``."""

    id: str
    digest: str
    dtype: str
    threads: int
    parameters: int
    description: str


@dataclass(frozen=True, slots=True)
class ContextIds:
    """The surroundings of one span, as the model reads them; never written.

    Args:
        prefix: ids before the span, the begin token first.
        tail: ids after it: suffix, instruction, old text, each behind its control token.
        forced: text between the two which the canvas spells first, since the tokenizer may join
            it with what is written.
    """

    prefix: tuple[int, ...]
    tail: tuple[int, ...]
    forced: bytes = b""


@dataclass(frozen=True, slots=True)
class Branch:
    """More to ask in the same pass, from a place inside a draft; nothing else sees its rows.

    Args:
        after: how many of the draft's tokens stand before it.
        ids: slots of a small canvas (mask where open), or tokens to be read left to right.
        clean: whether they are such tokens, seeing no suffix, or slots, seeing both sides.
    """

    after: int
    ids: tuple[int, ...]
    clean: bool = False


@dataclass(frozen=True, slots=True)
class Prediction:
    """What one forward pass says of one canvas. Rows are log-probabilities.

    Args:
        causal: (1 + D, V); row d is the left-to-right distribution after the first d draft
            tokens, seeing neither suffix nor canvas. None where the model has no such pass.
        canvas: (G, V); row i is the distribution of canvas token i given both sides.
        branches: (len(ids), V) each; row i is the distribution of the branch's token i.
    """

    causal: Tensor | None
    canvas: Tensor
    branches: tuple[Tensor, ...] = ()


class Session(Protocol):
    """Encoded contexts, one for each canvas, and the tokens accepted so far."""

    def forward(
        self,
        drafts: Sequence[Sequence[int]],
        canvases: Sequence[Sequence[int]],
        branches: Sequence[Sequence[Branch]] = (),
    ) -> list[Prediction]:
        """One forward pass over all canvases.

        Args:
            drafts: for each canvas, tokens that follow the accepted ones, to be verified.
            canvases: for each canvas, the ids of its slots after the draft (mask where open);
                empty for a canvas that is done.
            branches: for each canvas, what else to ask; only of models that verify.
        """

    def accept(self, counts: Sequence[int]) -> None:
        """Keep the first ``counts[b]`` tokens of the last drafts as exact context."""


@runtime_checkable
class Reusing(Protocol):
    """A session whose contexts may have been known already; others need not say so."""

    context_rows: int
    reused_rows: int


class Denoiser(Protocol):
    """A model that infills spans."""

    tokenizer: Tokenizer
    info: ModelInfo
    verifies: bool  # whether predictions carry a causal pass

    def encode(self, contexts: Sequence[ContextIds]) -> Session:
        """Encode contexts once; the same context given twice side by side is encoded once."""


@runtime_checkable
class DraftMaker(Protocol):
    """A ``Denoiser`` that has its own way to denoise a canvas.

    One that has none gets ``VerifiedDraft`` where it verifies and the plan asks for it, else
    ``FreeDraft``.
    """

    def draft(self, plan: Plan, sampler: Sampler, generator: Generator) -> Draft:
        """A draft for one canvas; what it asks is answered by the denoiser's own session."""
