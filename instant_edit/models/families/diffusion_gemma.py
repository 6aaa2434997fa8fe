"""DiffusionGemma through transformers' own class: an encoder for the prompt, a canvas of 256.

The prompt's keys and values are encoded once and never change. Each pass shows the decoder the
canvas and what it said of it the step before (self-conditioning), at a temperature that falls.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

import torch
from torch import Tensor

from instant_edit.drafting import Draft, Plan, Sampler
from instant_edit.models.families.chat import ChatTemplate
from instant_edit.models.families.marked_span import MarkedSpan
from instant_edit.models.families.stock import StockCache, StockModel
from instant_edit.models.families.uniform_draft import STEPS, UniformDraft
from instant_edit.models.families.vocabulary import FIRST, Vocabulary
from instant_edit.models.protocol import Branch, ContextIds, ModelInfo, Prediction
from instant_edit.tokenizer import Tokenizer

COOLEST, WARMEST = 0.4, 0.8  # temperature of the last step and of the first


class DiffusionGemmaDenoiser:
    """A ``DiffusionGemmaForBlockDiffusion`` on one device."""

    verifies = False

    def __init__(
        self, model: StockModel, vocabulary: Vocabulary, chat: ChatTemplate, info: ModelInfo
    ) -> None:
        self.model, self.chat, self.info = model, chat, info
        self.vocabulary = vocabulary
        self.tokenizer: Tokenizer = vocabulary
        end = vocabulary.control("eos_token")
        self.end = vocabulary.stops[0] if end is None else end

    @torch.inference_mode()
    def encode(self, contexts: Sequence[ContextIds]) -> DiffusionGemmaSession:
        """See ``Denoiser.encode``."""
        return DiffusionGemmaSession(self, [self._encoded(context) for context in contexts])

    def _encoded(self, context: ContextIds) -> StockCache:
        """Keys and values of a prompt."""
        span = MarkedSpan.of(context, self.vocabulary)
        ids = self.chat.ids(span.question, span.opening, self.vocabulary)
        encoder = self.model.model.encoder
        return encoder(input_ids=torch.tensor([ids], device=self.model.device)).past_key_values

    def draft(self, plan: Plan, sampler: Sampler, generator: torch.Generator) -> Draft:
        """See ``DraftMaker.draft``. One canvas is all that is written."""
        span = MarkedSpan.of(plan.context, self.vocabulary)
        if plan.start:  # its answer was found wanting: draw another one
            generator.manual_seed(plan.seed + 1)
            plan = replace(plan, start=())
        size = self.model.config.canvas_length
        return UniformDraft(plan, self.vocabulary, generator, span=span, size=size)


class DiffusionGemmaSession:
    """See ``Session``."""

    def __init__(self, denoiser: DiffusionGemmaDenoiser, caches: Sequence[StockCache]) -> None:
        self.denoiser, self.caches = denoiser, caches
        self.said: list[Tensor | None] = [None] * len(caches)
        self.passes = [0] * len(caches)

    @torch.inference_mode()
    def forward(
        self,
        drafts: Sequence[Sequence[int]],
        canvases: Sequence[Sequence[int]],
        branches: Sequence[Sequence[Branch]] = (),
    ) -> list[Prediction]:
        """See ``Session.forward``."""
        empty = torch.empty(0, self.denoiser.vocabulary.vocabulary)
        return [
            Prediction(None, self._one(index, canvas) if canvas else empty)
            for index, canvas in enumerate(canvases)
        ]

    def accept(self, counts: Sequence[int]) -> None:
        """See ``Session.accept``: there are no drafts to verify."""

    def _one(self, index: int, canvas: Sequence[int]) -> Tensor:
        """Log-probabilities (G, V) of one canvas."""
        denoiser, model = self.denoiser, self.denoiser.model
        text = denoiser.vocabulary.text_ids
        ids = [text[i - FIRST] if i >= FIRST else denoiser.end for i in canvas]
        logits = model(
            decoder_input_ids=torch.tensor([ids], device=model.device),
            past_key_values=self.caches[index],
            self_conditioning_logits=self.said[index],
        ).logits
        logits = logits / self._temperature(index)
        self.said[index] = logits.to(model.dtype)
        self.passes[index] += 1
        return denoiser.vocabulary.scores(logits[0], ends=denoiser.vocabulary.stops)

    def _temperature(self, index: int) -> float:
        left = max(1, STEPS - self.passes[index])
        return COOLEST + (WARMEST - COOLEST) * left / STEPS
