"""The canvas: token slots of one span, some frozen, some still open."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace


@dataclass(frozen=True, slots=True)
class Canvas:
    """Token ids of one span and which of them may be written.

    Frozen ids can not be written: ``write`` raises ``ValueError`` for them.
    """

    ids: tuple[int, ...]
    editable: tuple[bool, ...]

    @classmethod
    def masked(cls, size: int, mask: int) -> Canvas:
        """A canvas of ``size`` open slots."""
        return cls((mask,) * size, (True,) * size)

    def __len__(self) -> int:
        return len(self.ids)

    def open(self, mask: int) -> list[int]:
        """Indices of the slots that still hold the mask."""
        return [i for i, token in enumerate(self.ids) if token == mask]

    def write(self, tokens: Mapping[int, int]) -> Canvas:
        """The canvas with some slots written."""
        ids = list(self.ids)
        for index, token in tokens.items():
            if not self.editable[index]:
                raise ValueError(f"canvas slot {index} is frozen")
            ids[index] = token
        return replace(self, ids=tuple(ids))

    def cut(self, size: int) -> Canvas:
        """The first ``size`` slots; frozen slots can not be cut off."""
        if not all(self.editable[size:]):
            raise ValueError(f"cutting the canvas at {size} would drop frozen slots")
        return Canvas(self.ids[:size], self.editable[:size])

    def grow(self, slots: int, mask: int) -> Canvas:
        """The canvas with open slots added at its end."""
        return Canvas(self.ids + (mask,) * slots, self.editable + (True,) * slots)

    def extend(self, tokens: Sequence[int]) -> Canvas:
        """The canvas with frozen tokens added at its end."""
        size = len(tokens)
        return Canvas(self.ids + tuple(tokens), self.editable + (False,) * size)
