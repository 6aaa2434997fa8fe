"""Edits that find their own places: a query for where, an instruction for what.

An edit of a kind is *settled* when the kind's own query no longer finds its place, so "a
docstring was added" is a fact about the new text and not a hope. How often the embedded model
settles them has not been measured yet.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Literal

from instant_edit.errors import InputError
from instant_edit.languages import Language
from instant_edit.queries import captured
from instant_edit.request import Mode, Span
from instant_edit.syntax import SyntaxTree, parse
from instant_edit.text import SourceText

Place = Literal["node", "line before", "behind"]


@dataclass(frozen=True, slots=True)
class EditKind:
    """One kind of edit: where it belongs (``queries`` by language id) and what it asks for.

    ``place`` says what of the captured node is edited: itself, an insertion on a line of its
    own before it, or an insertion right behind it.
    """

    id: str
    title: str
    instruction: str
    place: Place
    queries: Mapping[str, str] = field(default_factory=dict)
    mode: Mode = "rewrite"


KINDS = (
    EditKind(
        "docstring",
        "Add a missing docstring",
        "add a docstring",
        "line before",
        {
            "python": "([(function_definition body: (block . (_) @target))"
            " (class_definition body: (block . (_) @target))]"
            ' (#not-match? @target "^[rRbBuUfF]*[\\"\']"))'
        },
    ),
    EditKind(
        "return-type",
        "Add a missing return type",
        "add the return type",
        "behind",
        {"python": "(function_definition parameters: (parameters) @target !return_type)"},
    ),
    EditKind(
        "bare-except",
        "Name the exception of a bare except",
        "catch a named exception",
        "node",
        {"python": '(except_clause "except" @target . ":")'},
    ),
)


def get(kind: str) -> EditKind:
    """The kind with this id.

    Raises:
        InputError: there is none; those that are known are listed.
    """
    for one in KINDS:
        if one.id == kind:
            return one
    known = ", ".join(one.id for one in KINDS)
    raise InputError(f"unknown kind of edit {kind!r}; known are: {known}")


def targets(kind: EditKind, source: SourceText, tree: SyntaxTree) -> list[Span]:
    """The places of a kind in a text, in order; none in a language that it has no query for."""
    query = kind.queries.get(tree.language.id)
    if query is None:
        return []
    # Each place of a kind is its own: a function inside a function needs a docstring too.
    return sorted({span for node in captured(tree, query) for span in _placed(kind, source, node)})


def settled(kind: EditKind, before: str, after: str, language: Language) -> bool:
    """Whether fewer places of a kind are left in the text ``after`` than in ``before``."""
    left, had = (
        len(targets(kind, SourceText(text), parse(text, language))) for text in (after, before)
    )
    return left < had


def _placed(kind: EditKind, source: SourceText, node: Span) -> Iterator[Span]:
    if kind.place == "node":
        yield node
    elif kind.place == "behind":
        yield Span(node.end, node.end)
    else:
        line = source.line_span(source.line_of(node.start))
        if not source.text[line.start : node.start].strip():
            yield Span(line.start, line.start)
