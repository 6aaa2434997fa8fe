"""Autoregressive code models that fill in the middle (Bavarian et al., arXiv 2207.14255).

Run by transformers' own classes; the order and the names of the control tokens come from the
tokenizer. Prefix and suffix are encoded once; each pass adds the tokens written since.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

import torch
from torch import Tensor

from instant_edit.drafting import Draft, Plan, Sampler
from instant_edit.errors import InputError, ModelError
from instant_edit.models.families.left_to_right import LeftToRightDraft
from instant_edit.models.families.stock import StockCache, StockModel
from instant_edit.models.families.vocabulary import Vocabulary
from instant_edit.models.protocol import Branch, ContextIds, ModelInfo, Prediction
from instant_edit.tokenizer import Tokenizer

# Control tokens before the prefix, before the suffix, and before the middle.
MARKS = (
    ("<|fim_prefix|>", "<|fim_suffix|>", "<|fim_middle|>"),  # Qwen2.5-Coder, CodeGemma
    ("<fim_prefix>", "<fim_suffix>", "<fim_middle>"),  # StarCoder, StarCoder2, Granite
    ("<fim-prefix>", "<fim-suffix>", "<fim-middle>"),  # SantaCoder
    ("<｜fim▁begin｜>", "<｜fim▁hole｜>", "<｜fim▁end｜>"),  # DeepSeek-Coder
)


def marks(vocabulary: Vocabulary) -> tuple[int, int, int]:
    """The control tokens that a tokenizer has for it.

    Raises:
        ModelError: it has none that are known.
    """
    known = {text: token for token, text in vocabulary.controls.items()}
    for names in MARKS:
        if all(name in known for name in names):
            prefix, suffix, middle = (known[name] for name in names)
            return prefix, suffix, middle
    raise ModelError(
        f"{vocabulary.checkpoint.folder}: its tokenizer has no tokens to fill in the middle "
        f"(looked for {', '.join(names[0] for names in MARKS)})"
    )


class FillInMiddleDenoiser:
    """A causal model of transformers on one device."""

    verifies = False  # its left-to-right pass sees the suffix: it ranks no candidates by it

    def __init__(self, model: StockModel, vocabulary: Vocabulary, info: ModelInfo) -> None:
        self.model, self.info = model, info
        self.vocabulary = vocabulary
        self.tokenizer: Tokenizer = vocabulary
        self.marks = marks(vocabulary)

    @torch.inference_mode()
    def encode(self, contexts: Sequence[ContextIds]) -> FillInMiddleSession:
        """See ``Denoiser.encode``.

        Raises:
            InputError: a context carries an instruction.
        """
        return FillInMiddleSession(self, [self._prompt(context) for context in contexts])

    def _prompt(self, context: ContextIds) -> list[int]:
        if self.tokenizer.special.instruction in context.tail:
            raise InputError(
                f"model {self.info.id} fills spans and takes no instruction; leave it out to have "
                "the span filled, or name a model that rewrites ('instant-edit models list')"
            )
        prefix, suffix, middle = self.marks
        before = self.vocabulary.model_ids(context.prefix[1:])
        after = self.vocabulary.model_ids(context.tail[1:])
        return [prefix, *before, suffix, *after, middle]

    def draft(self, plan: Plan, sampler: Sampler, generator: torch.Generator) -> Draft:
        """See ``DraftMaker.draft``."""
        if plan.start:  # it cannot go back to the middle: it writes anew, by chance
            forced = plan.context.forced
            plan = replace(plan, start=(), banned={}, forced=forced, greedy=False)
        return LeftToRightDraft(plan, sampler, self.vocabulary, generator)

    def scores(self, logits: Tensor) -> Tensor:
        """Logits (T, V) as log-probabilities of engine ids; any control token ends the middle."""
        return self.vocabulary.scores(logits, ends=self.vocabulary.stops)


class FillInMiddleSession:
    """See ``Session``; one cache for each context, cut back to what was accepted."""

    def __init__(self, denoiser: FillInMiddleDenoiser, prompts: Sequence[list[int]]) -> None:
        from transformers import DynamicCache

        self.denoiser = denoiser
        self.caches = [DynamicCache() for _ in prompts]
        self.after = [
            self._run(cache, prompt, 1)[-1]
            for cache, prompt in zip(self.caches, prompts, strict=True)
        ]
        self._causal: list[Tensor] = []

    def _run(self, cache: StockCache, ids: Sequence[int], last: int) -> Tensor:
        """Log-probabilities (``last``, V) after the last of some tokens, which join the cache."""
        model = self.denoiser.model
        tokens = torch.tensor([list(ids)], device=model.device)
        said = model(tokens, past_key_values=cache, use_cache=True, logits_to_keep=last)
        return self.denoiser.scores(said.logits[0])

    @torch.inference_mode()
    def forward(
        self,
        drafts: Sequence[Sequence[int]],
        canvases: Sequence[Sequence[int]],
        branches: Sequence[Sequence[Branch]] = (),
    ) -> list[Prediction]:
        """See ``Session.forward``. There is no canvas."""
        self._causal = []
        for index, draft in enumerate(drafts):
            rows = [self.after[index][None]]
            if draft:
                ids = self.denoiser.vocabulary.model_ids(draft)
                rows.append(self._run(self.caches[index], ids, len(ids)))
            self._causal.append(torch.cat(rows))
        return [Prediction(causal, causal[:0]) for causal in self._causal]

    def accept(self, counts: Sequence[int]) -> None:
        """See ``Session.accept``."""
        for index, count in enumerate(counts):
            refused = len(self._causal[index]) - 1 - count
            self.after[index] = self._causal[index][count]
            if refused:
                self.caches[index].crop(-refused)
