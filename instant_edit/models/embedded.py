"""The embedded model: loads the shipped weights and runs them as a ``Denoiser``."""

from __future__ import annotations

import os
from collections.abc import Sequence
from pathlib import Path

import torch
import torch.nn.functional as F  # noqa: N812 - torch's own idiom
from torch import Tensor

from instant_edit.errors import ModelError
from instant_edit.models.asking import in_words
from instant_edit.models.context_cache import ContextCache, Encoded, head_of
from instant_edit.models.network import KeyValues, Network
from instant_edit.models.packed import pack
from instant_edit.models.protocol import Branch, ContextIds, ModelInfo, Prediction
from instant_edit.models.row_counts import padded, padded_keys
from instant_edit.models.rows import Rows
from instant_edit.models.weights_file import MEND, digest, read_network
from instant_edit.tokenizer import Tokenizer

WEIGHTS = Path(__file__).parent / "weights" / "embedded.gguf"
TOKENIZER = Path(__file__).parent / "weights" / "tokenizer.json"
SPARE_ROWS = 128  # of a session's cache, so that growing seldom copies it
SUFFIX_GAP = 64  # positions between the start of a span and its suffix, as trained


def choose_dtype() -> torch.dtype:
    """bfloat16 where the processor multiplies it natively, float32 elsewhere."""
    present = torch.backends.mkldnn.is_available()  # type: ignore[no-untyped-call]
    native = present and torch.ops.mkldnn._is_mkldnn_bf16_supported()
    return torch.bfloat16 if native and torch.cpu._is_avx512_bf16_supported() else torch.float32


def choose_threads() -> int:
    """Cores this process may use, at most eight: a step is bound by memory beyond that."""
    return max(1, min(8, len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else 4))


class EmbeddedDenoiser:
    """The shipped network on this machine's CPU."""

    verifies = True

    def __init__(self, network: Network, tokenizer: Tokenizer, info: ModelInfo) -> None:
        self.network, self.tokenizer, self.info = network, tokenizer, info
        self.contexts = ContextCache()

    @classmethod
    def load(
        cls,
        weights: Path = WEIGHTS,
        tokenizer: Path = TOKENIZER,
        dtype: torch.dtype | None = None,
        threads: int | None = None,
    ) -> EmbeddedDenoiser:
        """Load weights; raises ``ModelError`` naming the file that is missing or corrupt."""
        dtype = dtype or choose_dtype()
        threads = threads or choose_threads()
        torch.set_num_threads(threads)
        network = read_network(weights, dtype)
        try:
            words = Tokenizer.from_file(tokenizer)
        except Exception as error:
            raise ModelError(f"tokenizer file {tokenizer}: {error}; {MEND}") from error
        info = ModelInfo(
            id="embedded",
            digest=digest(weights),
            dtype=str(dtype).removeprefix("torch."),
            threads=threads,
            parameters=sum(p.numel() for p in network.parameters()),
            description=f"SmolLM2-135M with denoising adapters, {weights.name}",
        )
        pack(network)
        return cls(network, words, info)

    @torch.inference_mode()
    def encode(self, contexts: Sequence[ContextIds]) -> EmbeddedSession:
        """Encode each distinct context once; see ``Denoiser.encode``."""
        contexts = [in_words(context, self.tokenizer) for context in contexts]
        found = [self._encoded(context) for context in contexts]
        encoded, reused = [one for one, _ in found], sum(rows for _, rows in found)
        return EmbeddedSession(self.network, contexts, encoded, reused)

    def _encoded(self, context: ContextIds) -> tuple[Encoded, int]:
        """The context, encoded now where the cache has it not, and how many of its rows it had."""
        known = self.contexts.get(context)
        if known is not None:
            return known, known.rows
        head = head_of(context)
        before, reused = self._encoded(head) if head else (None, 0)
        made = self._encode(context, before)
        self.contexts.put(context, made)
        return made, reused

    def _encode(self, context: ContextIds, before: Encoded | None) -> Encoded:
        """Prefix and tail, causally, in one pass over what follows the rows ``before``."""
        c, seen = self.network.config, len(context.prefix)
        ids = [*context.prefix, *context.tail]
        rows, known = len(ids), before.rows if before else 0
        wide = known + padded(rows - known)
        ids += [Tokenizer.special.pad] * (wide - rows)  # behind all others: nobody sees them
        positions = torch.arange(wide)
        positions[seen:] += SUFFIX_GAP
        cache = KeyValues.empty(
            c.layers, 1, c.kv_heads, wide, c.head_width, self.network.embedding.dtype
        )
        mask = None
        if before:
            cache.keys[:, :, :, :known] = before.cache.keys[:, :, :, :known]
            cache.values[:, :, :, :known] = before.cache.values[:, :, :, :known]
            mask = torch.ones(wide, wide, dtype=torch.bool).tril()[None, None, known:]
        hidden, _ = self.network(
            torch.tensor([ids[known:]]), positions[None, known:], past=cache, mask=mask, into=known
        )
        after = self.network.logits(hidden[0, seen - 1 - known]).log_softmax(-1)
        return Encoded(cache, rows, after)


class EmbeddedSession:
    """Contexts side by side in one padded cache, growing by the tokens accepted.

    Rows of the cache, for each canvas b: context (prefix and tail, padded to the longest),
    then accepted tokens (padded to the most accepted), then what the last pass wrote.
    """

    def __init__(
        self,
        network: Network,
        contexts: Sequence[ContextIds],
        encoded: Sequence[Encoded],
        reused: int,
    ) -> None:
        self.network = network
        self.context_rows, self.reused_rows = sum(one.rows for one in encoded), reused
        self.prefix = [len(c.prefix) for c in contexts]
        self.last = [c.prefix[-1] for c in contexts]
        self.accepted = [0] * len(contexts)
        self.after = [one.after for one in encoded]
        lengths = torch.tensor([one.rows for one in encoded])
        self.cache = side_by_side(encoded, SPARE_ROWS)
        rows = torch.arange(int(lengths.max()))
        self.visible = rows < lengths[:, None]  # (B, S)
        self.clean = rows < torch.tensor(self.prefix)[:, None]
        self._drafts: list[list[int]] = []
        self._causal: list[Tensor] = []

    @torch.inference_mode()
    def forward(
        self,
        drafts: Sequence[Sequence[int]],
        canvases: Sequence[Sequence[int]],
        branches: Sequence[Sequence[Branch]] = (),
    ) -> list[Prediction]:
        """See ``Session.forward``. Slot i of a canvas reads token i-1 (autoregressive shift)."""
        asked = branches or [()] * len(drafts)
        rows = [
            Rows(draft, canvas, more, last)
            for draft, canvas, more, last in zip(drafts, canvases, asked, self.last, strict=True)
        ]
        clean = max(one.clean_rows for one in rows)
        slots = max(one.slot_rows for one in rows)
        if clean + slots == 0:
            return [Prediction(after[None], after[None][:0]) for after in self.after]
        ids, positions, mask = self._side_by_side(rows, clean, slots)
        used = self.visible.shape[1]
        if mask.shape[-1] > self.cache.length:
            self.cache = self.cache.room(mask.shape[-1] + SPARE_ROWS)
        hidden, _ = self.network(
            ids,
            positions,
            past=self.cache,
            mask=mask,
            adapted=clean if slots else None,
            into=used,
        )
        self._drafts = [list(draft) for draft in drafts]
        out, self._causal = [], []
        for b, one in enumerate(rows):
            wanted = [*range(one.clean_rows), *range(clean, clean + one.slot_rows)]
            scores = normalised(self.network.logits(hidden[b, wanted]))
            prediction = one.prediction(self.after[b], scores)
            assert prediction.causal is not None
            self._causal.append(prediction.causal)
            out.append(prediction)
        return out

    def _side_by_side(
        self, rows: Sequence[Rows], clean: int, slots: int
    ) -> tuple[Tensor, Tensor, Tensor]:
        """Ids and positions (B, T) of clean rows then slots, and what each row may look at.

        The mask is (B, 1, T, S + T): clean rows see the clean rows of the cache, slots all.
        T and S + T are padded: rows that mean nothing come last, and nobody looks at them.
        """
        count, most = len(rows), padded(clean + slots)
        ids = torch.full((count, most), Tokenizer.special.pad)
        positions = torch.zeros(count, most, dtype=torch.long)
        look = torch.zeros(count, most, most, dtype=torch.bool)
        for b, one in enumerate(rows):
            positions[b] = self.prefix[b] + self.accepted[b]
            one.place(one.clean, 0, ids[b], positions[b], look[b])
            one.place(one.slots, clean, ids[b], positions[b], look[b])
        past = torch.where(
            (torch.arange(most) >= clean)[:, None], self.visible[:, None], self.clean[:, None]
        )
        mask = torch.cat((past, look), dim=-1).unsqueeze(1)
        used = mask.shape[-1]
        return ids, positions, F.pad(mask, (0, padded_keys(used) - used))

    def accept(self, counts: Sequence[int]) -> None:
        """See ``Session.accept``. The rows of the last drafts stand in the cache already."""
        most = max(counts)
        if most == 0:
            return
        kept = torch.arange(most) < torch.tensor(counts)[:, None]  # (B, most)
        self.visible = torch.cat((self.visible, kept), dim=1)
        self.clean = torch.cat((self.clean, kept), dim=1)
        for b, size in enumerate(counts):
            if size:
                self.last[b] = self._drafts[b][size - 1]
                self.after[b] = self._causal[b][size]
                self.accepted[b] += size


def normalised(scores: Tensor) -> Tensor:
    """Log-probabilities in the place of logits (rows, V), a few rows at a time.

    A second tensor of that size, 200 KB a row, would be the largest block of a pass.
    """
    for part in torch.split(scores, 8):
        part.copy_(part.log_softmax(-1))
    return scores


def side_by_side(encoded: Sequence[Encoded], spare: int) -> KeyValues:
    """Contexts copied into one cache of B entries, with ``spare`` rows more at the least.

    Rows past the end of each are zero: masked, but they must be numbers.
    """
    first = encoded[0].cache.keys
    layers, _, heads, _, width = first.shape
    longest = padded_keys(max(one.rows for one in encoded) + spare)
    out = KeyValues.empty(layers, len(encoded), heads, longest, width, first.dtype)
    for b, one in enumerate(encoded):
        size = one.rows
        for whole, part in ((out.keys, one.cache.keys), (out.values, one.cache.values)):
            whole[:, b, :, :size] = part[:, 0, :, :size]
            whole[:, b, :, size:] = 0
    return out
