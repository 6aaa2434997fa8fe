"""Encoded contexts kept for the next request that asks for the very same one.

Another seed, more candidates, a code action resolved after it was previewed: the context is the
same, token by token, and so are its keys and values, bit by bit. Nothing shorter than a whole
context is reused, since a pass of another shape may round differently.
"""

from __future__ import annotations

from collections import OrderedDict
from dataclasses import dataclass

from torch import Tensor

from instant_edit.models.network import KeyValues
from instant_edit.models.protocol import ContextIds

# The contexts of the latest request or two, 14 MB each at their longest in bfloat16. A run over
# many files never asks for older ones, and its memory is to stay that of a single edit.
BYTES = 48 * 1024 * 1024


@dataclass(frozen=True, slots=True)
class Encoded:
    """A context as the network has read it.

    Args:
        cache: keys and values of its rows, batch 1; never written to.
        after: (V,) log-probabilities of the token after the prefix, left to right.
    """

    cache: KeyValues
    after: Tensor

    @property
    def size(self) -> int:
        """Bytes held."""
        return sum(t.nbytes for t in (self.cache.keys, self.cache.values, self.after))


class ContextCache:
    """Encoded contexts up to a number of bytes; the least recently used goes first."""

    def __init__(self, limit: int = BYTES) -> None:
        self.limit = limit
        self.size = self.hits = self.misses = 0
        self._kept: OrderedDict[ContextIds, Encoded] = OrderedDict()

    def get(self, context: ContextIds) -> Encoded | None:
        """What is kept of a context."""
        found = self._kept.get(context)
        if found is None:
            self.misses += 1
            return None
        self.hits += 1
        self._kept.move_to_end(context)
        return found

    def put(self, context: ContextIds, encoded: Encoded) -> None:
        """Keep a context, unless it is larger than the whole cache."""
        if encoded.size > self.limit or context in self._kept:
            return
        self._kept[context] = encoded
        self.size += encoded.size
        while self.size > self.limit:
            _, dropped = self._kept.popitem(last=False)
            self.size -= dropped.size
