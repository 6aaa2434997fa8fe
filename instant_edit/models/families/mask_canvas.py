"""Models that fill a masked canvas in place and see both sides of it.

There is no exact cache: every row sees every other, so what is known of the context changes with
each token written, and each pass runs the whole sequence

    begin? · prefix · canvas · suffix · end?

``reuse`` keeps the keys and values of the context over a few passes all the same (the dual cache of
Fast-dLLM, arXiv 2505.22618), and only while they stay within its bound of the exact ones.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass

import torch
from torch import Tensor

from instant_edit.drafting import Draft, Plan, Sampler
from instant_edit.errors import InputError
from instant_edit.free import FreeDraft
from instant_edit.models.families.elastic import ElasticDraft
from instant_edit.models.families.probed import ProbedDraft
from instant_edit.models.families.reuse import Reuse, ReusedContexts
from instant_edit.models.families.stack import Stack
from instant_edit.models.families.vocabulary import FIRST, Vocabulary
from instant_edit.models.protocol import Branch, ContextIds, ModelInfo, Prediction
from instant_edit.tokenizer import Tokenizer


@dataclass(frozen=True, slots=True)
class CanvasTokens:
    """The checkpoint's ids that a canvas needs, and whether its logits are shifted."""

    mask: int
    shift: bool
    begin: int | None = None
    end: int | None = None
    expand: int | None = None
    delete: int | None = None


@dataclass(frozen=True, slots=True)
class Surroundings:
    """The context of one canvas in the checkpoint's ids."""

    before: tuple[int, ...]
    after: tuple[int, ...]


class MaskCanvasDenoiser:
    """A mask-canvas model on one device."""

    verifies = False

    def __init__(
        self,
        stack: Stack,
        vocabulary: Vocabulary,
        tokens: CanvasTokens,
        info: ModelInfo,
        reuse: Reuse | None = None,
    ) -> None:
        self.stack, self.tokens, self.info, self.reuse = stack, tokens, info, reuse
        self.vocabulary = vocabulary
        self.tokenizer: Tokenizer = vocabulary

    def encode(self, contexts: Sequence[ContextIds]) -> MaskCanvasSession:
        """See ``Denoiser.encode``.

        Raises:
            InputError: a context carries an instruction.
        """
        return MaskCanvasSession(self, [self._surroundings(context) for context in contexts])

    def _surroundings(self, context: ContextIds) -> Surroundings:
        if self.tokenizer.special.instruction in context.tail:
            raise InputError(
                f"model {self.info.id} fills spans and takes no instruction; leave it out to have "
                "the span filled, or name a model that rewrites ('instant-edit models list')"
            )
        begin = [] if self.tokens.begin is None else [self.tokens.begin]
        end = [] if self.tokens.end is None else [self.tokens.end]
        prefix = self.vocabulary.model_ids(context.prefix[1:])
        suffix = self.vocabulary.model_ids(context.tail[1:])
        return Surroundings((*begin, *prefix), (*suffix, *end))

    def draft(self, plan: Plan, sampler: Sampler, generator: torch.Generator) -> Draft:
        """See ``DraftMaker.draft``."""
        if plan.start or plan.exact:
            return FreeDraft(plan, sampler, self.vocabulary, generator)
        if self.tokens.expand is not None:
            return ElasticDraft(plan, sampler, self.vocabulary, generator)
        return ProbedDraft(plan, sampler, self.vocabulary, generator)

    def row(self, ids: Sequence[int]) -> list[int]:
        """A canvas in the checkpoint's ids."""
        mask = self.tokenizer.special.mask
        text = self.vocabulary.text_ids
        return [self.tokens.mask if i == mask else text[i - FIRST] for i in ids]

    def scores(self, logits: Tensor) -> Tensor:
        """Logits (G, V) as log-probabilities of engine ids; END stands for "delete"."""
        ends = [] if self.tokens.delete is None else [self.tokens.delete]
        return self.vocabulary.scores(logits, ends=ends, expand=self.tokens.expand)


class MaskCanvasSession:
    """See ``Session``; canvases whose sequences are equally long run side by side."""

    def __init__(self, denoiser: MaskCanvasDenoiser, contexts: Sequence[Surroundings]) -> None:
        self.denoiser, self.contexts = denoiser, contexts
        self.device = next(denoiser.stack.parameters()).device
        self.reused = ReusedContexts(denoiser.stack, denoiser.reuse) if denoiser.reuse else None

    @torch.inference_mode()
    def forward(
        self,
        drafts: Sequence[Sequence[int]],
        canvases: Sequence[Sequence[int]],
        branches: Sequence[Sequence[Branch]] = (),
    ) -> list[Prediction]:
        """See ``Session.forward``. There is no causal pass: drafts are empty.

        Such a model is trained on open slots alone, and what it says of others means nothing: a
        token once written stands, and a canvas without open slots needs no pass.
        """
        out = [Prediction(None, self._written(canvas)) for canvas in canvases]
        for indices in self._alike(canvases):
            rows = [self._row(index, canvases[index]) for index in indices]
            places = [self._slots(index, len(canvases[index])) for index in indices]
            logits = self._logits(indices, torch.tensor(rows, device=self.device), places)
            for index, said in zip(indices, logits, strict=True):
                opened = torch.tensor(canvases[index]) == self.denoiser.tokenizer.special.mask
                out[index].canvas[opened] = self.denoiser.scores(said)[opened]
        return out

    def _written(self, canvas: Sequence[int]) -> Tensor:
        """Scores (G, V) that are certain of the tokens in a canvas."""
        rows = torch.full((len(canvas), self.denoiser.vocabulary.vocabulary), -torch.inf)
        rows[torch.arange(len(canvas)), torch.tensor(canvas, dtype=torch.long)] = 0.0
        return rows

    def accept(self, counts: Sequence[int]) -> None:
        """See ``Session.accept``: nothing is ever exact."""

    def _alike(self, canvases: Sequence[Sequence[int]]) -> list[list[int]]:
        """Indices of canvases with open slots, by the length of their sequences."""
        alike: dict[int, list[int]] = defaultdict(list)
        for index, canvas in enumerate(canvases):
            if self.denoiser.tokenizer.special.mask in canvas:
                here = self.contexts[index]
                alike[len(here.before) + len(canvas) + len(here.after)].append(index)
        return list(alike.values())

    def _row(self, index: int, canvas: Sequence[int]) -> list[int]:
        here = self.contexts[index]
        return [*here.before, *self.denoiser.row(canvas), *here.after]

    def _slots(self, index: int, size: int) -> range:
        """Rows whose logits speak of the canvas."""
        start = len(self.contexts[index].before) - int(self.denoiser.tokens.shift)
        return range(max(0, start), max(0, start) + size)

    def _logits(self, indices: list[int], ids: Tensor, places: list[range]) -> list[Tensor]:
        """Logits (G, V) of each canvas."""
        stack = self.denoiser.stack
        if self.reused is not None:
            each = zip(indices, ids, places, strict=True)
            return [stack.logits(self._reusing(i, row, place)) for i, row, place in each]
        positions = torch.arange(ids.shape[1], device=self.device)[None]
        hidden, _ = stack(ids, positions)
        return [stack.logits(h[list(place)]) for h, place in zip(hidden, places, strict=True)]

    def _reusing(self, index: int, ids: Tensor, slots: range) -> Tensor:
        """Hidden states (G, D) of a canvas, with the context's keys and values kept."""
        assert self.reused is not None
        moving = range(slots.start, len(ids) - len(self.contexts[index].after))
        return self.reused.hidden(index, ids, moving)[: len(slots)]
