"""Real canvases for a step: contexts of library code, encoded once in float32, and open slots."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass

import torch
from torch import Tensor

from instant_edit.benchmarking.inputs import fills
from instant_edit.models.embedded import TOKENIZER, WEIGHTS, EmbeddedDenoiser
from instant_edit.models.network import Network
from instant_edit.models.protocol import ContextIds
from instant_edit.models.weights_file import read_network
from instant_edit.tokenizer import Tokenizer

PLACES = 12
PREFIX, SUFFIX = 384, 128  # rows
CONTEXT = PREFIX + SUFFIX

Step = Callable[["Canvas"], Tensor]  # to logits (G, V)


@dataclass(frozen=True, slots=True)
class Canvas:
    """What one step reads.

    Args:
        ids: (1, G) ids of the rows: the token before the hole, then masks.
        positions: (1, G).
        keys: (layers, 1, K, S, E) of the context; values likewise.
        values: see ``keys``.
    """

    ids: Tensor
    positions: Tensor
    keys: Tensor
    values: Tensor

    def typed(self, dtype: torch.dtype) -> Canvas:
        """The same canvas over keys and values of another type."""
        return Canvas(self.ids, self.positions, self.keys.to(dtype), self.values.to(dtype))


def network(dtype: torch.dtype) -> Network:
    """The shipped network, not yet packed."""
    return read_network(WEIGHTS, dtype)


def contexts(places: int = PLACES) -> Iterator[tuple[int, int, Tensor, Tensor]]:
    """For each place: the last token, its position, and the context's float32 keys and values."""
    reference = EmbeddedDenoiser.load(dtype=torch.float32)
    words = Tokenizer.from_file(TOKENIZER)
    for fill in fills(lambda text: len(words.encode(text)), places, context=3 * CONTEXT):
        (span,) = fill.request.spans
        before = words.encode(fill.request.source[: span.start])
        after = words.encode(fill.request.source[span.end :])
        ids = ContextIds((0, *before[1 - PREFIX :]), (words.special.suffix, *after[: SUFFIX - 1]))
        cache = reference.encode([ids]).cache.rows(0, len(ids.prefix) + len(ids.tail))
        if cache.length == CONTEXT:
            keys, values = cache.keys.contiguous(), cache.values.contiguous()
            yield ids.prefix[-1], PREFIX - 1, keys, values


def canvas(context: tuple[int, int, Tensor, Tensor], slots: int) -> Canvas:
    """Open slots behind one context."""
    last, position, keys, values = context
    ids = torch.full((1, slots), Tokenizer.special.mask)
    ids[0, 0] = last
    return Canvas(ids, position + torch.arange(slots)[None], keys, values)
