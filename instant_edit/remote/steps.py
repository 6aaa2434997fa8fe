"""Drafts of an endpoint as steps, for the same previews that local denoising has."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from instant_edit.interface import OnStep

OPEN_SLOT = "▒"


@dataclass(frozen=True, slots=True)
class Piece:
    """A part of a draft and its probability; an open slot is ``▒`` with 0, unknown is 0 as well."""

    text: str
    confidence: float = 0.0


@dataclass(frozen=True, slots=True)
class Step:
    """The drafts of all spans after one step; see ``interface.StepLike``."""

    number: int
    masked: int
    pieces: tuple[tuple[Piece, ...], ...]


class Preview:
    """The drafts of all spans, told anew whenever one of them grows.

    Args:
        spans: how many there are, over all requests of one call.
        on_step: told of each step; None where nobody wants to know.
    """

    def __init__(self, spans: int, on_step: OnStep | None) -> None:
        self._drafts: list[tuple[Piece, ...]] = [(Piece(OPEN_SLOT),)] * spans
        self._on_step = on_step
        self._number = 0

    @property
    def wanted(self) -> bool:
        """Whether anybody is told."""
        return self._on_step is not None

    def show(self, first: int, drafts: Sequence[tuple[Piece, ...]]) -> None:
        """Take the drafts of the spans from number ``first`` on."""
        if self._on_step is None:
            return
        self._drafts[first : first + len(drafts)] = drafts
        self._number += 1
        masked = sum(piece.text.count(OPEN_SLOT) for draft in self._drafts for piece in draft)
        self._on_step(Step(self._number, masked, tuple(self._drafts)))


@dataclass(frozen=True, slots=True)
class Part:
    """The preview of some of the spans: those of one request, or one of these."""

    preview: Preview
    first: int

    @property
    def wanted(self) -> bool:
        """Whether anybody is told."""
        return self.preview.wanted

    def show(self, drafts: Sequence[tuple[Piece, ...]]) -> None:
        """Take the drafts of these spans."""
        self.preview.show(self.first, drafts)

    def text(self, index: int, text: str) -> None:
        """Take what has come of one span so far; the rest of it is open."""
        self.preview.show(self.first + index, [(Piece(text), Piece(OPEN_SLOT))])
