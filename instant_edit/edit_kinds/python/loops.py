"""A loop that fills a list, and the comprehension that says the same."""

from __future__ import annotations

import re
from collections.abc import Iterator
from random import Random
from typing import TYPE_CHECKING

from instant_edit.edit_kinds.kind import Rewrite
from instant_edit.edit_kinds.making import mixed
from instant_edit.edit_kinds.view import View, statements
from instant_edit.request import Span

if TYPE_CHECKING:
    from tree_sitter import Node

STEP = "    "


def filling_loops(view: View) -> Iterator[Span]:
    """``xs = []`` and the loop below it that appends to it, together."""
    for _, span, _ in _loops(view):
        yield span


def comprehended_lists(view: View) -> Iterator[Span]:
    """Assignments of one comprehension over one thing."""
    for span, _ in _comprehensions(view):
        yield span


def to_comprehension(view: View, rng: Random) -> Iterator[Rewrite]:
    """Loops written as comprehensions."""
    for _, span, new in mixed(rng, _loops(view)):
        yield Rewrite(span, view.of_span(span), new)
    for span, loop in mixed(rng, _comprehensions(view)):
        yield Rewrite(span, loop, view.of_span(span))


def to_loop(view: View, rng: Random) -> Iterator[Rewrite]:
    """Comprehensions written as loops."""
    for rewrite in to_comprehension(view, rng):
        yield Rewrite(rewrite.span, rewrite.new, rewrite.old)


def _loops(view: View) -> Iterator[tuple[Node, Span, str]]:
    for loop in view.all("for_statement"):
        start = loop.prev_named_sibling
        body = statements(loop.child_by_field_name("body"))
        if start is None or len(body) != 1 or loop.child_by_field_name("alternative") is not None:
            continue
        name = _empty_list(view, start)
        condition = ""
        inner = body[0]
        if inner.type == "if_statement" and inner.child_by_field_name("alternative") is None:
            condition = f" if {view.field(inner, 'condition')}"
            body = statements(inner.child_by_field_name("consequence"))
        item = _appended(view, body[0], name) if len(body) == 1 else ""
        span = view.between(start, loop)
        if name and item and view.compact(span) and "async" not in view.of_span(span):
            head = f"for {view.field(loop, 'left')} in {view.field(loop, 'right')}"
            yield loop, span, f"{name} = [{item} {head}{condition}]"


def _comprehensions(view: View) -> Iterator[tuple[Span, str]]:
    for node in view.all("list_comprehension"):
        parent = node.parent
        if parent is None or parent.type != "assignment" or parent.parent is None:
            continue
        name = view.field(parent, "left")
        clauses = node.named_children[1:]
        plain = [c.type for c in clauses] in (["for_in_clause"], ["for_in_clause", "if_clause"])
        span = view.span(parent.parent)
        annotated = parent.child_by_field_name("type") is not None
        if not name.isidentifier() or not plain or annotated or "\n" in view.of_span(span):
            continue
        if name in view.field(clauses[0], "right").split("."):
            continue  # the loop would go over the list that it fills
        yield span, _as_loop(view, name, node, view.indent(span.start))


def _as_loop(view: View, name: str, node: Node, indent: str) -> str:
    item, head, *condition = (view.said(child) for child in node.named_children)
    lines = [f"{name} = []", f"{indent}{head}:"]
    inner = indent + STEP
    if condition:
        lines.append(f"{inner}{condition[0]}:")
        inner += STEP
    return "\n".join([*lines, f"{inner}{name}.append({item})"])


def _empty_list(view: View, statement: Node) -> str:
    """The name to which a statement gives an empty list, or nothing."""
    said = view.said(statement)
    name, _, value = said.partition(" = ")
    return name if value == "[]" and name.isidentifier() else ""


def _appended(view: View, statement: Node, name: str) -> str:
    """What a statement appends to a list of this name, or nothing."""
    said, start = view.said(statement), f"{name}.append("
    plain = said.startswith(start) and said.endswith(")") and "\n" not in said
    used = re.search(rf"\b{name}\b", said[len(start) :])
    return said[len(start) : -1] if plain and not used else ""
