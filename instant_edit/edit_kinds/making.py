"""How rewrites are made of nodes: forwards, backwards, and by leaving something out."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from random import Random
from typing import TYPE_CHECKING, TypeVar

from instant_edit.edit_kinds.kind import Rewrite
from instant_edit.edit_kinds.view import Change, View
from instant_edit.request import Span

if TYPE_CHECKING:
    from tree_sitter import Node

One = TypeVar("One")
_INTERPOLATIONS = frozenset({"interpolation", "template_substitution"})


def mixed(rng: Random, found: Iterable[One]) -> list[One]:
    """What was found, in an order that chance decides."""
    out = list(found)
    rng.shuffle(out)
    return out


def units(view: View, nodes: Iterable[Node]) -> Iterator[Span]:
    """The statements and headers around some nodes."""
    found = (view.unit(node) for node in nodes)
    yield from (unit for unit in found if unit is not None)


def forwards(view: View, node: Node, *changes: Change) -> Iterator[Rewrite]:
    """The statement around a node, to be changed like this; nothing where it is too long."""
    unit = view.unit(node)
    if unit is not None:
        yield Rewrite(unit, view.of_span(unit), view.changed(unit, changes))


def backwards(view: View, node: Node, *changes: Change) -> Iterator[Rewrite]:
    """The statement around a node as it is, after it had been changed like this."""
    for rewrite in forwards(view, node, *changes):
        yield Rewrite(rewrite.span, rewrite.new, rewrite.old)


def without_one(view: View, rng: Random, statement: Node, *types: str) -> Iterator[Rewrite]:
    """A statement of one line with one of its tokens of some types left out, to be put back."""
    span, text = view.span(statement), view.said(statement)
    tokens = [
        token
        for token in view.inside(statement, *types)
        if len(view.said(token)) == 1 and not _interpolating(token)
    ]
    if tokens and "\n" not in text and view.compact(span) and view.leads(statement):
        yield Rewrite(span, view.changed(span, [(view.span(rng.choice(tokens)), "")]), text)


def _interpolating(token: Node) -> bool:
    """Whether a bracket belongs to a string: without it, the text would be a string still."""
    return token.parent is not None and token.parent.type in _INTERPOLATIONS
