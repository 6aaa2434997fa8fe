"""Models that denoise a block at a time and see what stands before it: block diffusion.

Rows see their own block and those before it (Arriola et al., arXiv 2503.09573), so blocks that are
full never change again, and their keys and values are exact. Such a model sees a suffix as text of
its prompt only: it is asked about a marked span (``marked_span.py``) and answers.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field, replace

import torch
from torch import Tensor

from instant_edit.drafting import Draft, Plan, Sampler
from instant_edit.models.families.block_draft import BlockDraft
from instant_edit.models.families.chat import ChatTemplate
from instant_edit.models.families.marked_span import MarkedSpan
from instant_edit.models.families.stack import Past, Stack
from instant_edit.models.families.vocabulary import FIRST, Vocabulary
from instant_edit.models.protocol import Branch, ContextIds, ModelInfo, Prediction
from instant_edit.tokenizer import Tokenizer


@dataclass(frozen=True, slots=True)
class BlockTokens:
    """The checkpoint's id of the mask, how wide a block is, and whether logits are shifted."""

    mask: int
    block: int
    shift: bool


class BlockDenoiser:
    """A block-diffusion model on one device."""

    verifies = False

    def __init__(
        self,
        stack: Stack,
        vocabulary: Vocabulary,
        chat: ChatTemplate,
        tokens: BlockTokens,
        info: ModelInfo,
    ) -> None:
        self.stack, self.chat, self.tokens, self.info = stack, chat, tokens, info
        self.vocabulary = vocabulary
        self.tokenizer: Tokenizer = vocabulary

    def prompt(self, context: ContextIds) -> list[int]:
        """The question about a context, and the beginning of its answer."""
        span = MarkedSpan.of(context, self.vocabulary)
        return self.chat.ids(span.question, span.opening, self.vocabulary)

    def encode(self, contexts: Sequence[ContextIds]) -> BlockSession:
        """See ``Denoiser.encode``."""
        return BlockSession(self, [self.prompt(context) for context in contexts])

    def draft(self, plan: Plan, sampler: Sampler, generator: torch.Generator) -> Draft:
        """See ``DraftMaker.draft``."""
        block = self.tokens.block
        if plan.start:  # its answer was found wanting: ask for another one
            plan = replace(plan, start=(), greedy=False)
        return BlockDraft(
            plan,
            sampler,
            self.vocabulary,
            generator,
            span=MarkedSpan.of(plan.context, self.vocabulary),
            first=block - len(self.prompt(plan.context)) % block,
            block=block,
        )

    def scores(self, logits: Tensor) -> Tensor:
        """Logits (G, V) as log-probabilities of engine ids; any control token ends the answer."""
        rows = self.stack.config.vocabulary
        ends = [i for i in self.vocabulary.stops if i != self.tokens.mask and i < rows]
        return self.vocabulary.scores(logits, ends=ends)

    def row(self, ids: Sequence[int]) -> list[int]:
        """A canvas in the checkpoint's ids; an END is no more than a mask to those before it."""
        text = self.vocabulary.text_ids
        return [text[i - FIRST] if i >= FIRST else self.tokens.mask for i in ids]


@dataclass(slots=True)
class Settled:
    """The full blocks of one sequence: how many rows, their keys and values, the last hidden."""

    ids: list[int] = field(default_factory=list)
    past: Past | None = None
    last: Tensor | None = None


class BlockSession:
    """See ``Session``."""

    def __init__(self, denoiser: BlockDenoiser, prompts: Sequence[list[int]]) -> None:
        self.denoiser, self.prompts = denoiser, prompts
        self.device = next(denoiser.stack.parameters()).device
        self.settled = [Settled() for _ in prompts]

    @torch.inference_mode()
    def forward(
        self,
        drafts: Sequence[Sequence[int]],
        canvases: Sequence[Sequence[int]],
        branches: Sequence[Sequence[Branch]] = (),
    ) -> list[Prediction]:
        """See ``Session.forward``. Only open slots have rows that mean anything."""
        return [self._one(index, canvas) for index, canvas in enumerate(canvases)]

    def accept(self, counts: Sequence[int]) -> None:
        """See ``Session.accept``: blocks settle by themselves."""

    def _one(self, index: int, canvas: Sequence[int]) -> Prediction:
        denoiser, prompt = self.denoiser, self.prompts[index]
        out = torch.full((len(canvas), denoiser.vocabulary.vocabulary), -torch.inf)
        mask = denoiser.tokenizer.special.mask
        if mask not in canvas:
            return Prediction(None, out)
        ids = [*prompt, *denoiser.row(canvas)]
        block = denoiser.tokens.block
        start = (len(prompt) + list(canvas).index(mask)) // block * block
        known = self._settle(self.settled[index], ids[:start])
        rows = self._rows(known, ids, start)
        first = max(start, len(prompt))
        logits = denoiser.stack.logits(rows[first - start :])
        out[first - len(prompt) :] = denoiser.scores(logits)
        return Prediction(None, out)

    def _settle(self, known: Settled, ids: list[int]) -> Settled:
        """Keys and values of the full blocks, those new since the last pass computed now."""
        done = len(known.ids)
        if len(ids) > done:
            hidden, own = self._run(ids[done:], done, known.past)
            known.past = own if known.past is None else joined(known.past, own)
            known.ids, known.last = ids, hidden[-1]
        return known

    def _rows(self, known: Settled, ids: list[int], start: int) -> Tensor:
        """Hidden states that speak of the tokens from ``start`` on."""
        hidden, _ = self._run(ids[start:], start, known.past)
        if not self.denoiser.tokens.shift:
            return hidden
        before = hidden[0] if known.last is None else known.last
        return torch.cat((before[None], hidden[:-1]))

    def _run(self, ids: list[int], start: int, past: Past | None) -> tuple[Tensor, Past]:
        """A pass over some rows behind the settled ones: hidden states (T, D), and their own."""
        rows = torch.arange(start, start + len(ids), device=self.device)
        everything = torch.arange(start + len(ids), device=self.device)
        block = self.denoiser.tokens.block
        look = everything[None] // block <= rows[:, None] // block  # (T, S + T)
        tokens = torch.tensor([ids], device=self.device)
        hidden, own = self.denoiser.stack(tokens, rows[None], look[None, None], past)
        wanted: Tensor = hidden[0]
        return wanted, own


def joined(past: Past, own: Past) -> Past:
    """Keys and values of earlier rows, then of later ones."""
    return tuple(
        (torch.cat((old[0], new[0]), dim=2), torch.cat((old[1], new[1]), dim=2))
        for old, new in zip(past, own, strict=True)
    )
