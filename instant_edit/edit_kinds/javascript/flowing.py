"""Statements: what waits, what only helped to debug, and what lost a character."""

from __future__ import annotations

import re
from collections.abc import Iterator
from random import Random
from typing import TYPE_CHECKING

from instant_edit.edit_kinds.kind import Rewrite
from instant_edit.edit_kinds.making import without_one
from instant_edit.edit_kinds.view import BRACKETS, MOST_LINES, View, enclosing
from instant_edit.request import Span
from instant_edit.syntax import defects

if TYPE_CHECKING:
    from tree_sitter import Node

_SIMPLE = (
    "expression_statement", "lexical_declaration", "return_statement", "variable_declaration",
)  # fmt: skip
_THEN = re.compile(r"(?:return )?[^\n]+?\.then\(\(?(\w+)\)? => (\{.*\}|[^\n{]+)\);?", re.DOTALL)
_AWAIT = re.compile(r"const (\w+) = await ([^\n]+?);")
_FUNCTIONS = (
    "function_declaration", "function_expression", "arrow_function", "method_definition",
)  # fmt: skip


def logged(view: View) -> Iterator[Span]:
    """A call of ``console.log``, with the statement before it or behind it."""
    for node in view.all("expression_statement"):
        if view.said(node).startswith(("console.log(", "console.debug(")):
            beside = node.prev_named_sibling or node.next_named_sibling
            if beside is not None and beside.type != "comment":
                span = _both(view, node, beside)
                yield span if view.compact(span) else view.span(node)


def silenced(view: View, rng: Random) -> Iterator[Rewrite]:
    """A call of ``console.log`` put behind a statement, to be taken away."""
    for node in view.shuffled(rng, *_SIMPLE):
        span, text = view.span(node), view.said(node)
        block = node.parent is not None and node.parent.type in ("statement_block", "program")
        if not block or not view.compact(span) or not view.leads(node) or "console" in text:
            continue
        if node.type == "return_statement" or text.count("\n") + 2 > MOST_LINES:
            continue
        names = sorted({view.said(one) for one in view.inside(node, "identifier")})
        if names:
            shown = rng.choice(names)
            call = rng.choice((f"console.log({shown})", f"console.log('{shown}', {shown})"))
            yield Rewrite(span, f"{text}\n{view.indent(span.start)}{call};", text)


def thens(view: View) -> Iterator[Span]:
    """Statements with one ``then`` in an async function."""
    for node in view.all("expression_statement", "return_statement"):
        span = view.span(node)
        if _THEN.fullmatch(view.of_span(span)) and view.compact(span) and _in_async(view, node):
            yield span


def awaits(view: View, rng: Random) -> Iterator[Rewrite]:
    """``await`` and the statement behind it written with ``then``."""
    for node in view.shuffled(rng, "lexical_declaration"):
        following = node.next_named_sibling
        match = _AWAIT.fullmatch(view.said(node))
        if match is None or following is None or following.next_named_sibling is not None:
            continue
        span, use = view.between(node, following), view.said(following).removesuffix(";")
        value = use.removeprefix("return ")
        returned = "return " if use.startswith("return ") else ""
        plain = "\n" not in use and "await" not in use and value[:1].isalpha()
        simple = following.type in ("expression_statement", "return_statement")
        if plain and simple and view.compact(span) and _in_async(view, node):
            waited = match[2] if re.fullmatch(r"[\w.]+\(.*\)|[\w.]+", match[2]) else ""
            if waited:
                old = f"{returned}{waited}.then(({match[1]}) => {value});"
                yield Rewrite(span, old, view.of_span(span))


def broken(view: View) -> Iterator[Span]:
    """The lines on which the text no longer parses."""
    for defect in defects(view.tree)[:1]:
        start = view.line_start(defect.start)
        end = view.text.find("\n", start)
        text = view.text[start : end if end >= 0 else len(view.text)]
        yield Span(start + len(text) - len(text.lstrip()), start + len(text.rstrip()))


def unended(view: View) -> Iterator[Span]:
    """Statements without a semicolon."""
    for node in view.all(*_SIMPLE):
        span = view.span(node)
        if _own_line(view, node) and not view.said(node).endswith(";"):
            yield span


def semicolons(view: View, rng: Random) -> Iterator[Rewrite]:
    """The semicolon of a statement left out."""
    for node in view.shuffled(rng, *_SIMPLE):
        text = view.said(node)
        if text.endswith(";") and _own_line(view, node):
            yield Rewrite(view.span(node), text[:-1], text)


def missing_brackets(view: View, rng: Random) -> Iterator[Rewrite]:
    """One bracket of a statement left out."""
    for node in view.shuffled(rng, *_SIMPLE):
        if _own_line(view, node):
            yield from without_one(view, rng, node, *BRACKETS)


def _own_line(view: View, node: Node) -> bool:
    parent = node.parent.type if node.parent is not None else ""
    known = parent in ("program", "statement_block")
    return known and view.leads(node) and view.compact(view.span(node))


def _both(view: View, node: Node, beside: Node) -> Span:
    first, second = sorted((view.span(node), view.span(beside)))
    return Span(first.start, second.end)


def _in_async(view: View, node: Node) -> bool:
    owner = enclosing(node, *_FUNCTIONS)
    return owner is not None and view.said(owner).startswith("async")
