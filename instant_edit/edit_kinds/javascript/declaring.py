"""How things are declared: ``const`` and ``let``, arrow functions."""

from __future__ import annotations

import re
from collections.abc import Iterator
from random import Random
from typing import TYPE_CHECKING

from instant_edit.edit_kinds.kind import Rewrite
from instant_edit.edit_kinds.making import backwards, forwards, mixed, units
from instant_edit.edit_kinds.view import View, statements
from instant_edit.request import Span

if TYPE_CHECKING:
    from tree_sitter import Node


def var_declarations(view: View) -> Iterator[Span]:
    """Statements that declare with ``var``."""
    for node in view.all("variable_declaration"):
        if _alone(view, node):
            yield view.span(node)


def declarations(view: View, rng: Random) -> Iterator[Rewrite]:
    """``const`` and ``let`` written as ``var``, to be mended."""
    for node in view.shuffled(rng, "lexical_declaration"):
        said = view.said(node)
        if _alone(view, node) and said.startswith(("const ", "let ")):
            yield Rewrite(view.span(node), f"var {said.split(' ', 1)[1]}", said)


def function_expressions(view: View) -> Iterator[Span]:
    """Statements with a short function that could be an arrow."""
    return units(view, (node for node, _ in _functions(view)))


def arrows(view: View, rng: Random) -> Iterator[Rewrite]:
    """Functions made arrows, and arrows that are to be made again."""
    for node, new in mixed(rng, _functions(view)):
        yield from forwards(view, node, (view.span(node), new))
    for node in view.shuffled(rng, "arrow_function"):
        old = _as_function(view, node)
        if old:
            yield from backwards(view, node, (view.span(node), old))


def _functions(view: View) -> Iterator[tuple[Node, str]]:
    for node in view.all("function_expression"):
        body, parameters = (node.child_by_field_name(n) for n in ("body", "parameters"))
        named = node.child_by_field_name("name") is not None
        if body is None or parameters is None or named or not _free(view, body):
            continue
        if not view.said(node).startswith("function") or "=>" in view.said(node):
            continue
        inner = statements(body)
        only = view.said(inner[0]) if len(inner) == 1 else ""
        head = view.text[view.span(parameters).start : view.span(body).start].rstrip()
        value = re.fullmatch(r"return ([^\n{][^\n]*?);?", only)
        yield node, f"{head} => {value[1] if value else view.said(body)}"


def _as_function(view: View, node: Node) -> str:
    """An arrow function written with the word ``function``; nothing where it cannot be."""
    body = node.child_by_field_name("body")
    if body is None or not _free(view, body) or view.said(node).startswith("async"):
        return ""
    if node.child_by_field_name("return_type") is not None:
        return ""
    parameters = node.child_by_field_name("parameters")
    head = view.said(parameters) or f"({view.field(node, 'parameter')})"
    if body.type == "statement_block":
        inner = statements(body)
        alone = len(inner) == 1 and view.said(inner[0]).startswith("return ")
        return "" if alone else f"function {head} {view.said(body)}"
    plain = "\n" not in view.said(body) and not view.said(body).startswith("(")
    return f"function {head} {{ return {view.said(body)}; }}" if plain else ""


def _free(view: View, body: Node) -> bool:
    """Whether a body does not depend on what ``this`` is in it."""
    return re.search(r"\b(this|arguments|super|yield)\b|new\.target", view.said(body)) is None


def _alone(view: View, node: Node) -> bool:
    """Whether a declaration is a short statement of one variable."""
    parent = node.parent.type if node.parent is not None else ""
    one = len([c for c in node.named_children if c.type == "variable_declarator"]) == 1
    return one and parent in ("program", "statement_block") and view.compact(view.span(node))
