"""Many requests denoised together: first answers for a window of files at once.

Rounding may depend on what is denoised beside an edit, so a task remembers its batch, and a
replay puts the same requests together again.
"""

from __future__ import annotations

from dataclasses import dataclass
from itertools import count
from typing import TYPE_CHECKING

from instant_edit.errors import InputError

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence

    from instant_edit.interface import Engine
    from instant_edit.request import EditRequest, EditResult

WINDOW = 4  # batches that are sorted by length together


@dataclass(frozen=True, slots=True)
class Ready:
    """An answer that came out of a batch, before any judge has seen it."""

    result: EditResult
    batch: int


@dataclass
class Batcher:
    """Asks for up to ``size`` requests at a time, those of like length together."""

    editor: Engine
    size: int
    stopped: Callable[[], bool]

    def __post_init__(self) -> None:
        self._numbers = count(1)

    def answers(self, requests: Sequence[EditRequest]) -> list[Ready | None]:
        """An answer for each request; None for one that has to be asked alone.

        Raises:
            EditCancelled: the run was stopped.
        """
        found: list[Ready | None] = [None] * len(requests)
        order = sorted(range(len(requests)), key=lambda index: length(requests[index]))
        for group in _groups(order, self.size):
            for index, ready in zip(
                group, self._together([requests[i] for i in group]), strict=True
            ):
                found[index] = ready
        return found

    def _together(self, requests: Sequence[EditRequest]) -> Sequence[Ready | None]:
        if len(requests) == 1:
            return [None]
        number = next(self._numbers)
        try:
            results = self.editor.edit_many(requests, cancelled=self.stopped)
        except InputError:  # one of them cannot be edited: alone, it says so for itself
            return [None] * len(requests)
        return [Ready(result, number) for result in results]


def length(request: EditRequest) -> int:
    """What a request costs, about: the text that it replaces."""
    return max((len(span) for span in request.spans), default=0)


def _groups(order: Sequence[int], size: int) -> Iterator[Sequence[int]]:
    for start in range(0, len(order), size):
        yield order[start : start + size]
