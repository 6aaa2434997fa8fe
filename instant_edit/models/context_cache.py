"""Encoded contexts kept for later requests that read the same tokens.

Another seed, more candidates, a code action resolved after it was previewed: the whole context is
the same, and so are its keys and values. While a user types, its suffix and the prefix's end are
new, and all before them is the same. So the prefix is encoded in blocks of ``BLOCK`` rows, counted
from its start, and each run of whole blocks is kept as a context of its own. What is in the cache
never decides the shape of a pass: reused or encoded anew, the bits are the same.
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
BLOCK = 256  # rows; smaller ones are reused more often, but each costs a pass of its own


@dataclass(frozen=True, slots=True)
class Encoded:
    """A context as the network has read it.

    Args:
        cache: keys and values of its rows, batch 1, and of a few that padded the pass; never
            written to.
        rows: how many are its own.
        after: (V,) log-probabilities of the token after the prefix, left to right.
    """

    cache: KeyValues
    rows: int
    after: Tensor

    @property
    def size(self) -> int:
        """Bytes held."""
        return sum(t.nbytes for t in (self.cache.keys, self.cache.values, self.after))


def head_of(context: ContextIds) -> ContextIds | None:
    """The whole blocks that the prefix begins with; None where it has no row after one."""
    rows = (len(context.prefix) - 1) // BLOCK * BLOCK
    return ContextIds(context.prefix[:rows], ()) if rows else None


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

    def clear(self) -> None:
        """Forget every context."""
        self._kept.clear()
        self.size = 0
