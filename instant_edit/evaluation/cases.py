"""A case: something to edit, and what judges the edit. Rows of every format become cases."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Protocol

from instant_edit.evaluation.execution import Outcome, execute

if TYPE_CHECKING:
    from instant_edit.request import Span


class Judge(Protocol):
    """Says whether a whole new text does what was asked for."""

    def __call__(self, source: str) -> Outcome:
        """Judge a text; ``Outcome.reason`` says what is wrong with it."""


@dataclass(frozen=True, slots=True)
class Executed:
    """Judges a text by executing it with other texts around it, the last of which has a test."""

    around: tuple[str, ...]

    def __call__(self, source: str) -> Outcome:
        """See ``Judge``."""
        return execute(source.join(self.around))


@dataclass(frozen=True, slots=True)
class Case:
    """One span to edit.

    Args:
        id: of the row, unique in its file.
        group: rows of one group are about the same program, so they are no independent evidence.
        source: the text that is edited.
        span: what of it.
        language: its id.
        instruction: what is asked for, in words; none where the span is only to be filled.
        reference: a right text of the span, where one is known.
        judge: what says whether an edit is right, where something here can.
        as_given: whether the span's own blanks belong to it (see ``Editor.edit``).
    """

    id: str
    group: str
    source: str
    span: Span
    language: str = "python"
    instruction: str | None = None
    reference: str | None = None
    judge: Judge | None = None
    as_given: bool = False

    @property
    def solved(self) -> str | None:
        """The source with the reference in its span."""
        if self.reference is None:
            return None
        return self.source[: self.span.start] + self.reference + self.source[self.span.end :]
