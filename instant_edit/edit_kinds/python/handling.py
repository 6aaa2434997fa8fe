"""What may fail and what must be closed: ``try``, ``with``, and logging what happened."""

from __future__ import annotations

import re
from collections.abc import Iterator
from random import Random
from typing import TYPE_CHECKING

from instant_edit.edit_kinds.kind import Rewrite
from instant_edit.edit_kinds.making import mixed
from instant_edit.edit_kinds.view import View, dedented, statements
from instant_edit.request import Span

if TYPE_CHECKING:
    from tree_sitter import Node

_RISKY = re.compile(r"\b(open|int|float|json\.loads?|next|urlopen|remove|unlink)\(")
_LOG = re.compile(r"(\w*log\w*|LOG\w*)\.(debug|info|warning|error)\(")
_WRAP = ("wrap in try/except {0}", "catch {0}", "handle {0}")


def risky_statements(view: View) -> Iterator[Span]:
    """Statements in functions that call what often fails, and are in no ``try``."""
    for node in view.all("call"):
        unit, parent = view.unit(node), node.parent
        while parent is not None and parent.type not in ("try_statement", "with_statement"):
            parent = parent.parent
        if unit is not None and parent is None and _RISKY.match(view.said(node)):
            simple = not view.of_span(unit).endswith(":")
            if simple:
                yield unit


def wrappings(view: View, rng: Random) -> Iterator[Rewrite]:
    """The statements of a short ``try`` freed, to be wrapped again."""
    for node in view.shuffled(rng, "try_statement"):
        body, span = node.child_by_field_name("body"), view.span(node)
        clauses = [c for c in node.children if c.type.endswith("_clause")]
        if body is None or len(clauses) != 1 or not view.compact(span) or not view.leads(body):
            continue
        caught = _caught(view, clauses[0])
        if caught:
            extra = view.indent(view.span(body).start).removeprefix(view.indent(span.start))
            said = rng.choice(_WRAP).format(caught)
            yield Rewrite(span, dedented(view.said(body), extra), view.of_span(span), said)


def bare_excepts(view: View) -> Iterator[Span]:
    """The word ``except`` where it names nothing."""
    for node in view.all("except_clause"):
        if len(node.children) > 1 and node.children[1].type == ":":
            yield view.span(node.children[0])


def named_excepts(view: View, rng: Random) -> Iterator[Rewrite]:
    """The name of an exception taken away."""
    for node in view.shuffled(rng, "except_clause"):
        if _caught(view, node) and " as " not in view.said(node).split(":")[0]:
            caught = node.children[1]
            span = view.between(node.children[0], caught)
            if view.compact(span):
                yield Rewrite(span, "except", view.of_span(span))


def open_and_close(view: View) -> Iterator[Span]:
    """``f = open(…)``, one use of it, and ``f.close()``."""
    for node in view.all("expression_statement"):
        opened = re.fullmatch(r"(\w+) = open\([^\n]*\)", view.said(node))
        use = node.next_named_sibling
        close = use.next_named_sibling if use is not None else None
        if opened and close is not None and view.said(close) == f"{opened[1]}.close()":
            span = view.between(node, close)
            if view.compact(span):
                yield span


def with_statements(view: View, rng: Random) -> Iterator[Rewrite]:
    """A ``with open`` written with ``close``."""
    for node in view.shuffled(rng, "with_statement"):
        body, span = node.child_by_field_name("body"), view.span(node)
        head = re.match(r"with (open\([^\n]*\)) as (\w+):\n", view.of_span(span))
        if head is None or body is None or len(statements(body)) != 1 or not view.compact(span):
            continue
        if re.search(r"\b(return|yield|break|continue)\b", view.said(body)):
            continue
        indent = view.indent(span.start)
        extra = view.indent(view.span(body).start).removeprefix(indent)
        lines = (f"{head[2]} = {head[1]}", dedented(view.said(body), extra), f"{head[2]}.close()")
        yield Rewrite(span, f"\n{indent}".join(lines), view.of_span(span))


def prints(view: View) -> Iterator[Span]:
    """Statements that print one thing."""
    return (view.span(statement) for statement, _ in _prints(view))


def loggings(view: View, rng: Random) -> Iterator[Rewrite]:
    """What is printed logged instead, and what is logged printed first."""
    logger = "logger" if re.search(r"\blogger\b", view.text) else "logging"
    for statement, argument in mixed(rng, _prints(view)):
        new = f"{logger}.info({argument})"
        yield Rewrite(view.span(statement), view.said(statement), new)
    for node in view.shuffled(rng, "call"):
        said, arguments = view.said(node), node.child_by_field_name("arguments")
        parent = node.parent
        if parent is None or parent.type != "expression_statement" or arguments is None:
            continue
        match = _LOG.match(said)
        if match and len(arguments.named_children) == 1 and view.compact(view.span(node)):
            level = "" if match[2] == "info" else f" with level {match[2]}"
            instruction = f"use {match[1]} instead of print{level}"
            yield Rewrite(view.span(node), f"print{said[match.end() - 1 :]}", said, instruction)


def _prints(view: View) -> Iterator[tuple[Node, str]]:
    for node in view.all("call"):
        arguments, parent = node.child_by_field_name("arguments"), node.parent
        if view.field(node, "function") != "print" or arguments is None or parent is None:
            continue
        if parent.type == "expression_statement" and len(arguments.named_children) == 1:
            only = arguments.named_children[0]
            if only.type != "keyword_argument" and view.compact(view.span(node)):
                yield parent, view.said(only)


def _caught(view: View, clause: Node) -> str:
    """What an ``except`` clause names, without ``as``; nothing for a bare one."""
    value = clause.child_by_field_name("value")
    if clause.type != "except_clause" or value is None:
        return ""
    return view.said(value.children[0] if value.type == "as_pattern" else value)
