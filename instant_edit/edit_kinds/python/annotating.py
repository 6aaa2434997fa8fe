"""Docstrings and type hints."""

from __future__ import annotations

import re
from collections.abc import Iterator
from random import Random
from typing import TYPE_CHECKING

from instant_edit.edit_kinds.kind import Rewrite
from instant_edit.edit_kinds.view import View, statements
from instant_edit.request import Span

if TYPE_CHECKING:
    from tree_sitter import Node

DEFINITIONS = ("function_definition", "class_definition")
_OWN = frozenset({"self", "cls"})
_NAMED = frozenset({"identifier", "default_parameter"})
_HINTED = frozenset({"typed_parameter", "typed_default_parameter"})
_SUMMARY = re.compile(r'[rR]?"""\s*(\S[^\n]*?[.!?])\s*(\n|"""\Z)')


def undocumented(view: View) -> Iterator[Span]:
    """Where a line with a docstring may be put in."""
    for node in view.all(*DEFINITIONS):
        first = _first(node)
        if first is not None and not _is_string(first) and view.leads(first):
            start = view.line_start(view.span(first).start)
            yield Span(start, start)


def docstrings(view: View, rng: Random) -> Iterator[Rewrite]:
    """A docstring taken away, to be written again; of a long one, its first sentence."""
    for node in view.shuffled(rng, *DEFINITIONS):
        first = _first(node)
        if first is None or not _is_string(first) or len(statements(_body(node))) < 2:
            continue
        span = view.span(first)
        summary = _SUMMARY.match(view.of_span(span))
        if summary is None or not view.leads(first) or len(summary[1]) > 100:
            continue
        start = view.line_start(span.start)
        whole = Span(start, span.end + 1)
        rest = view.text[span.end :]
        if rest[:1] != "\n" or rest[1:2] == "\n":  # an empty line would stay behind
            continue
        yield Rewrite(whole, "", f'{view.text[start : span.start]}"""{summary[1]}"""\n')


def untyped_results(view: View) -> Iterator[Span]:
    """Where a return type may be put in."""
    for node in view.all("function_definition"):
        parameters = node.child_by_field_name("parameters")
        if parameters is not None and node.child_by_field_name("return_type") is None:
            end = view.span(parameters).end
            yield Span(end, end)


def return_types(view: View, rng: Random) -> Iterator[Rewrite]:
    """A return type taken away."""
    for node in view.shuffled(rng, "function_definition"):
        parameters, result = _signature(node)
        if parameters is not None and result is not None:
            span = Span(view.span(parameters).end, view.span(result).end)
            yield Rewrite(span, "", view.of_span(span))


def untyped_parameters(view: View) -> Iterator[Span]:
    """Lists of parameters, none of which has a type."""
    for node in view.all("function_definition"):
        parameters, _ = _signature(node)
        if parameters is not None and view.compact(view.span(parameters)):
            kinds = {c.type for c in parameters.named_children if view.said(c) not in _OWN}
            if kinds & _NAMED and not kinds & _HINTED:
                yield view.span(parameters)


def parameter_types(view: View, rng: Random) -> Iterator[Rewrite]:
    """The types of all parameters taken away."""
    for node in view.shuffled(rng, "function_definition"):
        parameters, _ = _signature(node)
        if parameters is None:
            continue
        named = [c for c in parameters.named_children if view.said(c) not in _OWN]
        span = view.span(parameters)
        complete = all(c.type not in _NAMED for c in named)
        if complete and any(c.type in _HINTED for c in named) and view.compact(span):
            yield Rewrite(span, _bare(view, parameters), view.of_span(span))


def typed_signatures(view: View) -> Iterator[Span]:
    """Signatures with types, from the first bracket to the last type."""
    for node in view.all("function_definition"):
        parameters, result = _signature(node)
        if parameters is None:
            continue
        span = Span(view.span(parameters).start, view.span(result or parameters).end)
        typed = result is not None or any(c.type in _HINTED for c in parameters.named_children)
        if typed and view.compact(span):
            yield span


def signature_types(view: View, rng: Random) -> Iterator[Rewrite]:
    """All types of a signature, to be taken away."""
    for node in view.shuffled(rng, "function_definition"):
        parameters, result = _signature(node)
        if parameters is None:
            continue
        span = Span(view.span(parameters).start, view.span(result or parameters).end)
        bare = _bare(view, parameters)
        if view.compact(span) and bare != view.of_span(span):
            yield Rewrite(span, view.of_span(span), bare)


def _bare(view: View, parameters: Node) -> str:
    """A list of parameters without types."""
    changes = []
    for child in parameters.named_children:
        if child.type == "typed_parameter":
            changes.append((view.span(child), view.said(child.named_children[0])))
        elif child.type == "typed_default_parameter":
            name, value = view.field(child, "name"), view.field(child, "value")
            changes.append((view.span(child), f"{name}={value}"))
    return view.changed(view.span(parameters), changes)


def _signature(node: Node) -> tuple[Node | None, Node | None]:
    return node.child_by_field_name("parameters"), node.child_by_field_name("return_type")


def _body(node: Node) -> Node | None:
    return node.child_by_field_name("body")


def _first(node: Node) -> Node | None:
    return next(iter(statements(_body(node))), None)


def _is_string(statement: Node) -> bool:
    only = statement.named_children
    return statement.type == "expression_statement" and len(only) == 1 and only[0].type == "string"
