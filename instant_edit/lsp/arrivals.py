"""Whether an edit that was sent to the editor is really there.

An editor's word is no proof: Neovim 0.11 answers ``applied: true`` to a stale edit which it
refused. The next ``didChange`` is: its text is nearer to the one with the edit, or to the one
without it.
"""

from __future__ import annotations

import asyncio
from dataclasses import dataclass, field
from enum import Enum, auto
from typing import TYPE_CHECKING

from instant_edit.lsp.tracking import Change

if TYPE_CHECKING:
    from instant_edit.lsp.documents import Document


class Arrival(Enum):
    """What the next version of a document says of an edit sent."""

    THERE = auto()
    MISSING = auto()
    UNSURE = auto()


@dataclass(eq=False)
class Expected:
    """One document that should become another text; ``seen`` is set by its next version."""

    document: Document
    text: str
    seen: asyncio.Future[Arrival] = field(default_factory=asyncio.Future)

    @property
    def arrival(self) -> Arrival:
        """What is known of it so far."""
        return self.seen.result() if self.seen.done() else Arrival.UNSURE


class Arrivals:
    """The edits that were sent and not seen yet."""

    def __init__(self) -> None:
        self._expected: list[Expected] = []

    def __len__(self) -> int:
        return len(self._expected)

    def expect(self, document: Document, text: str) -> Expected:
        """Look out for this text; to be ended with ``forget``."""
        expected = Expected(document, text)
        self._expected.append(expected)
        return expected

    def forget(self, expected: Expected) -> None:
        """Look out no longer."""
        self._expected.remove(expected)

    def follow(self, newer: Document) -> None:
        """Judge by the next version of a document."""
        for expected in self._on(newer.uri):
            before = expected.document.source.text
            expected.seen.set_result(judge(before, expected.text, newer.source.text))

    def closed(self, uri: str) -> None:
        """A document that was closed tells nothing."""
        for expected in self._on(uri):
            expected.seen.set_result(Arrival.UNSURE)

    def _on(self, uri: str) -> list[Expected]:
        return [e for e in self._expected if e.document.uri == uri and not e.seen.done()]


def judge(before: str, expected: str, actual: str) -> Arrival:
    """Whether ``actual`` has the edit that makes ``expected`` of ``before``.

    The user may have typed as well, so the nearer of the two texts counts.
    """
    with_edit, without = _distance(expected, actual), _distance(before, actual)
    if with_edit == without:
        return Arrival.UNSURE
    return Arrival.THERE if with_edit < without else Arrival.MISSING


def _distance(old: str, new: str) -> int:
    """How much of both texts lies between what they have in common."""
    change = Change.between(old, new)
    return 0 if change is None else 2 * (change.high - change.low) + abs(change.delta)
