"""Edits that find their own places: where they belong, what they ask for, when they are right.

An edit of a kind is *settled* when the kind no longer finds its place, so "a docstring was
added" is a fact about the new text and not a hope. ``instant-edit kinds`` lists how often the
embedded model gets each kind right.
"""

from __future__ import annotations

from functools import cache
from typing import TYPE_CHECKING

from instant_edit.edit_kinds.kind import EditKind
from instant_edit.edit_kinds.view import View
from instant_edit.errors import InputError

if TYPE_CHECKING:
    from instant_edit.languages import Language
    from instant_edit.request import Span
    from instant_edit.syntax import SyntaxTree
    from instant_edit.text import SourceText

__all__ = [
    "EditKind",
    "all_kinds",
    "for_language",
    "get",
    "is_offered",
    "offered",
    "settled",
    "targets",
]


@cache
def all_kinds() -> tuple[EditKind, ...]:
    """Every kind, in a fixed order."""
    from instant_edit.edit_kinds.javascript import catalogue as javascript
    from instant_edit.edit_kinds.python import catalogue as python

    return (*python.KINDS, *javascript.KINDS)


def for_language(language: str) -> tuple[EditKind, ...]:
    """The kinds that a language has, by its id."""
    return tuple(kind for kind in all_kinds() if language in kind.languages)


def get(kind: str) -> EditKind:
    """The kind with this id.

    Raises:
        InputError: there is none; those that are known are listed.
    """
    for one in all_kinds():
        if one.id == kind:
            return one
    known = ", ".join(one.id for one in all_kinds())
    raise InputError(f"unknown kind of edit {kind!r}; known are: {known}")


def targets(kind: EditKind, source: SourceText, tree: SyntaxTree) -> list[Span]:
    """The places of a kind in a text, in order; none in a language that it is not for."""
    del source
    if tree.language.id not in kind.languages:
        return []
    # Each place of a kind is its own: a function inside a function needs a docstring too.
    found: list[Span] = []
    for span in sorted(set(kind.places(View(tree)))):
        if not found or span.start >= found[-1].end:  # what overlaps cannot be edited at once
            found.append(span)
    return found


def offered(language: str) -> tuple[EditKind, ...]:
    """The kinds of a language that a menu offers by itself."""
    return tuple(kind for kind in for_language(language) if is_offered(kind))


def is_offered(kind: EditKind) -> bool:
    """Whether a kind was measured to be mostly right."""
    from instant_edit.edit_kinds.accuracy import measured

    figures = measured().kinds
    return kind.id in figures and figures[kind.id].offered


def settled(kind: EditKind, before: str, after: str, language: Language) -> bool:
    """Whether fewer places of a kind are left in the text ``after`` than in ``before``.

    Of a kind whose places stay (who fixes an operator leaves one), whether anything changed.
    """
    if not kind.vanishes:
        return before != after
    left, had = (len(set(kind.places(View.of(text, language)))) for text in (after, before))
    return left < had
