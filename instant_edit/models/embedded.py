"""The embedded model: loads the shipped weights and runs them as a ``Denoiser``."""

from __future__ import annotations

import os
from collections.abc import Sequence
from pathlib import Path

import torch
from torch import Tensor

from instant_edit.errors import ModelError
from instant_edit.models.network import KeyValues, Network
from instant_edit.models.protocol import ContextIds, ModelInfo, Prediction
from instant_edit.models.weights_file import MEND, digest, read_network
from instant_edit.tokenizer import Tokenizer

WEIGHTS = Path(__file__).parent / "weights" / "embedded.gguf"
TOKENIZER = Path(__file__).parent / "weights" / "tokenizer.json"
SPARE_ROWS = 64  # of a cache, so that accepting tokens seldom copies it
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
        return cls(network, words, info)

    @torch.inference_mode()
    def encode(self, contexts: Sequence[ContextIds]) -> EmbeddedSession:
        """Encode each distinct context once; see ``Denoiser.encode``."""
        distinct = list(dict.fromkeys(contexts))
        encoded = {context: self._encode(context) for context in distinct}
        return EmbeddedSession(self.network, contexts, [encoded[c] for c in contexts])

    def _encode(self, context: ContextIds) -> tuple[KeyValues, Tensor]:
        """Prefix then tail, causally; the cache and the log-probabilities after the prefix."""
        prefix = torch.tensor([context.prefix])
        hidden, cache = self.network(prefix, torch.arange(prefix.shape[1])[None])
        after = self.network.logits(hidden[0, -1]).log_softmax(-1)
        if not context.tail:
            return cache, after
        tail = torch.tensor([context.tail])
        rows, seen = tail.shape[1], prefix.shape[1]
        positions = seen + SUFFIX_GAP + torch.arange(rows)[None]
        look = torch.ones(rows, seen + rows, dtype=torch.bool).tril(seen)[None, None]
        _, more = self.network(tail, positions, past=cache, mask=look)
        return cache.append(more), after


class EmbeddedSession:
    """Contexts side by side in one padded cache, growing by the tokens accepted.

    Rows of the cache, for each canvas b: context (prefix and tail, padded to the longest),
    then accepted tokens (padded to the most accepted).
    """

    def __init__(
        self,
        network: Network,
        contexts: Sequence[ContextIds],
        encoded: Sequence[tuple[KeyValues, Tensor]],
    ) -> None:
        self.network = network
        self.prefix = [len(c.prefix) for c in contexts]
        self.last = [c.prefix[-1] for c in contexts]
        self.accepted = [0] * len(contexts)
        self.after = [after for _, after in encoded]
        lengths = torch.tensor([cache.length for cache, _ in encoded])
        self.cache = _stack([cache for cache, _ in encoded])
        rows = torch.arange(self.cache.length)
        self.visible = rows < lengths[:, None]  # (B, S)
        self.clean = rows < torch.tensor(self.prefix)[:, None]
        self.cache = self.cache.padded(len(rows) + SPARE_ROWS)
        self._drafts: list[list[int]] = []
        self._fresh: KeyValues | None = None
        self._causal: list[Tensor] = []

    @torch.inference_mode()
    def forward(
        self, drafts: Sequence[Sequence[int]], canvases: Sequence[Sequence[int]]
    ) -> list[Prediction]:
        """See ``Session.forward``. Slot i of a canvas reads token i-1 (autoregressive shift)."""
        count = len(drafts)
        most, slots = max(map(len, drafts)), max(map(len, canvases))
        rows = most + slots
        if rows == 0:
            return [Prediction(after[None], after[None][:0]) for after in self.after]
        ids = torch.full((count, rows), Tokenizer.special.pad)
        positions = torch.zeros(count, rows, dtype=torch.long)
        look = torch.zeros(count, rows, rows, dtype=torch.bool)
        for b, (draft, canvas) in enumerate(zip(drafts, canvases, strict=True)):
            size, start = len(draft), self.prefix[b] + self.accepted[b]
            ids[b, :size] = torch.tensor(draft, dtype=torch.long)
            positions[b, :most] = start + torch.arange(most)
            look[b, :size, :size] = torch.ones(size, size, dtype=torch.bool).tril()
            if canvas:
                before = draft[-1] if draft else self.last[b]
                wide = len(canvas)
                ids[b, most : most + wide] = torch.tensor([before, *canvas[:-1]])
                positions[b, most:] = start + size - 1 + torch.arange(slots)
                look[b, most : most + wide, :size] = True
                look[b, most : most + wide, most : most + wide] = True
        canvas_rows = torch.arange(rows) >= most
        past = torch.where(canvas_rows[:, None], self.visible[:, None], self.clean[:, None])
        mask = torch.cat((past, look), dim=-1).unsqueeze(1)  # (B, 1, rows, S + rows)
        hidden, fresh = self.network(
            ids,
            positions,
            past=self.cache.first(self.visible.shape[1]),
            mask=mask,
            adapted=most if slots else None,
        )
        self._drafts, self._fresh = [list(d) for d in drafts], fresh
        out, self._causal = [], []
        for b, (draft, canvas) in enumerate(zip(drafts, canvases, strict=True)):
            wanted = [*range(len(draft)), *range(most, most + len(canvas))]
            scores = self.network.logits(hidden[b, wanted]).log_softmax(-1)
            causal = torch.cat((self.after[b][None], scores[: len(draft)]))
            self._causal.append(causal)
            out.append(Prediction(causal, scores[len(draft) :]))
        return out

    @torch.inference_mode()
    def accept(self, counts: Sequence[int]) -> None:
        """See ``Session.accept``."""
        most = max(counts)
        if most == 0 or self._fresh is None:
            return
        kept = torch.arange(most) < torch.tensor(counts)[:, None]  # (B, most)
        used = self.visible.shape[1]
        if used + most > self.cache.length:
            self.cache = self.cache.padded(used + most + SPARE_ROWS)
        self.cache.write(used, self._fresh.first(most))
        self.visible = torch.cat((self.visible, kept), dim=1)
        self.clean = torch.cat((self.clean, kept), dim=1)
        for b, size in enumerate(counts):
            if size:
                self.last[b] = self._drafts[b][size - 1]
                self.after[b] = self._causal[b][size]
                self.accepted[b] += size


def _stack(caches: Sequence[KeyValues]) -> KeyValues:
    """Caches of one entry each into one of B entries, padded on the right with zeros."""
    longest = max(c.length for c in caches)

    wide = [c.padded(longest) for c in caches]
    return KeyValues(
        torch.cat([c.keys for c in wide], dim=1), torch.cat([c.values for c in wide], dim=1)
    )
