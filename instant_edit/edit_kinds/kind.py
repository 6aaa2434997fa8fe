"""The values of this room: a kind of edit, and one edit of a kind made of real code."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from random import Random

from instant_edit.edit_kinds.checking import same
from instant_edit.edit_kinds.view import View
from instant_edit.languages import Language
from instant_edit.request import Mode, Span


@dataclass(frozen=True, slots=True)
class Rewrite:
    """One edit of a text: ``old`` stands, or would stand, where ``new`` belongs.

    Args:
        span: the place in the text that the rewrite was made of, whatever it holds there.
        old: what the span holds before the edit.
        new: what it holds after it.
        instruction: what leads from the one to the other, where the kind's own phrases do not.
    """

    span: Span
    old: str
    new: str
    instruction: str | None = None

    def before(self, text: str) -> str:
        """The text before the edit, of the text that the rewrite was made of."""
        return text[: self.span.start] + self.old + text[self.span.end :]

    def after(self, text: str) -> str:
        """The text after the edit."""
        return text[: self.span.start] + self.new + text[self.span.end :]

    @property
    def place(self) -> Span:
        """The span of ``old`` in the text before the edit."""
        return Span(self.span.start, self.span.start + len(self.old))


Places = Callable[[View], Iterable[Span]]
Rewrites = Callable[[View, Random], Iterator[Rewrite]]
Checker = Callable[[str, str, str, Language], bool]


def _nothing(old: str) -> None:
    """There is nothing to say of an old text."""


@dataclass(frozen=True, slots=True)
class EditKind:
    """A kind of edit.

    Args:
        id: its name on the command line.
        title: its name in a menu.
        phrases: instructions that ask for it; the first is the one that is used.
        languages: ids of the languages that it is for.
        places: where it may be applied in a text.
        rewrites: edits of the kind made of real code, in an order that chance decides.
        right: whether a text is a right outcome: (before, a right one, produced, language).
        vanishes: whether a place that has been edited is none any more.
        said_of: what to say of an old text where that is more exact than a phrase; None elsewhere.
    """

    id: str
    title: str
    phrases: tuple[str, ...]
    languages: frozenset[str]
    places: Places
    rewrites: Rewrites
    right: Checker = same
    vanishes: bool = True
    mode: Mode = "rewrite"
    said_of: Callable[[str], str | None] = _nothing

    @property
    def instruction(self) -> str:
        """What the model is asked where nothing more exact is to be said."""
        return self.phrases[0]

    def asked(self, old: str) -> str:
        """What the model is asked about a place that holds ``old``."""
        return self.said_of(old) or self.instruction
