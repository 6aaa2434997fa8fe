"""What is left to do, and what nobody needs: TODOs and code that is never reached."""

from __future__ import annotations

import re
from collections.abc import Iterator
from random import Random
from typing import TYPE_CHECKING

from instant_edit.edit_kinds.kind import Rewrite
from instant_edit.edit_kinds.view import View
from instant_edit.request import Span

if TYPE_CHECKING:
    from tree_sitter import Node

_LEAVING = ("return_statement", "raise_statement", "continue_statement", "break_statement")
_TODO = re.compile(r"# ?(TODO|FIXME)\b:?")
_PROSE = re.compile(r"# ?([A-Za-z][\w ,'-]{12,70})\.?\Z")


def todos(view: View) -> Iterator[Span]:
    """Comments that say TODO on a line of their own."""
    for node in view.all("comment"):
        if _TODO.match(view.said(node)) and view.leads(node):
            following = node.next_named_sibling
            stub = following is not None and view.said(following) in ("pass", "...")
            span = view.between(node, following) if stub and following else view.span(node)
            yield span if view.compact(span) else view.span(node)


def completions(view: View, rng: Random) -> Iterator[Rewrite]:
    """A commented line made a TODO without the line."""
    for node in view.shuffled(rng, "comment"):
        statement = node.next_named_sibling
        prose = _PROSE.match(view.said(node))
        if prose is None or statement is None or not view.leads(node):
            continue
        span = view.between(node, statement)
        text = view.of_span(span)
        if text.count("\n") != 1 or not view.leads(statement):
            continue
        if statement.type not in ("expression_statement", "return_statement"):
            continue
        todo = f"# TODO: {prose[1][0].lower()}{prose[1][1:]}"
        old = f"{todo}\n{view.indent(span.start)}pass"
        yield Rewrite(span, old, text)


def unreachable(view: View) -> Iterator[Span]:
    """What leaves a block, with what stands behind it in the same block."""
    for node in view.all(*_LEAVING):
        following = node.next_named_sibling
        if following is not None and following.type != "comment":
            last = _last(node)
            span = view.between(node, last)
            yield span if view.compact(span) else view.between(node, following)


def reachable(view: View, rng: Random) -> Iterator[Rewrite]:
    """A copy of another line put behind what leaves a block."""
    lines = [
        view.said(node)
        for node in view.all("expression_statement")
        if "\n" not in view.said(node) and not view.said(node).startswith(("'", '"'))
    ]
    for node in view.shuffled(rng, *_LEAVING):
        span = view.span(node)
        if not lines or not view.compact(span) or not view.leads(node):
            continue
        if node.next_named_sibling is None:
            text, indent = view.of_span(span), view.indent(span.start)
            dead = [rng.choice(lines) for _ in range(rng.choice((1, 1, 2)))]
            yield Rewrite(span, f"\n{indent}".join((text, *dead)), text)


def _last(node: Node) -> Node:
    while node.next_named_sibling is not None:
        node = node.next_named_sibling
    return node
