"""Names: local variables and parameters renamed, numbers and texts given one."""

from __future__ import annotations

import re
from collections.abc import Iterator
from random import Random
from typing import TYPE_CHECKING

from instant_edit.edit_kinds.kind import Rewrite
from instant_edit.edit_kinds.making import mixed, units
from instant_edit.edit_kinds.view import View, enclosing
from instant_edit.request import Span

if TYPE_CHECKING:
    from tree_sitter import Node

PLAIN = ("value", "data", "item", "result", "x", "tmp", "name", "obj", "val", "foo", "arg", "y")
_TELLING = re.compile(r"[a-z_]{3,}")
_ACCEPTED = frozenset("ijknxyef_")
_RENAME = ("rename {0} to {1}", "rename the variable {0} to {1}", "use the name {1} for {0}")
_EXTRACT = ("extract {1} into a constant {0}", "extract the constant {0}", "name {1} {0}")
_TRIVIAL = frozenset({"0", "1", "2", "0.0", "1.0", "True", "False", "''", '""'})


def short_names(view: View) -> Iterator[Span]:
    """The few lines on which a variable of one letter lives."""
    for name, span in _locals(view):
        if len(name) == 1 and name not in _ACCEPTED:
            yield span


def renames(view: View, rng: Random) -> Iterator[Rewrite]:
    """A telling name of a local variable replaced by a plain one, to be named again."""
    for name, span in mixed(rng, _locals(view)):
        plain, text = rng.choice(PLAIN), view.of_span(span)
        if plain == name or not _TELLING.fullmatch(name) or re.search(rf"\b{plain}\b", text):
            continue
        old = _renamed(text, name, plain)
        yield Rewrite(span, old, text, rng.choice(_RENAME).format(plain, name))


def parameters_of_one_letter(view: View) -> Iterator[Span]:
    """Short functions with a parameter of one letter."""
    for node, names in _short_functions(view):
        if any(len(name) == 1 and name not in _ACCEPTED for name in names):
            yield view.span(node)


def parameter_renames(view: View, rng: Random) -> Iterator[Rewrite]:
    """A parameter of a short function renamed."""
    for node, names in mixed(rng, _short_functions(view)):
        text, name, plain = view.said(node), rng.choice(names), rng.choice(PLAIN)
        if not _TELLING.fullmatch(name) or re.search(rf"\b{plain}\b", text):
            continue
        if re.search(rf"['\"#.][^\n]*\b{name}\b", text):
            continue  # the word stands in a text or is an attribute
        said = rng.choice(_RENAME).replace("variable", "parameter").format(plain, name)
        yield Rewrite(view.span(node), _renamed(text, name, plain), text, said)


def literals(view: View) -> Iterator[Span]:
    """Statements in functions with a number or text that deserves a name."""
    return units(view, _literals(view))


def constants(view: View, rng: Random) -> Iterator[Rewrite]:
    """A literal of a statement given a name on the line above."""
    for node in mixed(rng, _literals(view)):
        unit = view.unit(node)
        if unit is None:
            continue
        name, value = _constant_name(view, node), view.said(node)
        indent = view.indent(unit.start)
        new = f"{name} = {value}\n{indent}{view.changed(unit, [(view.span(node), name)])}"
        said = rng.choice(_EXTRACT).format(name, value)
        yield Rewrite(unit, view.of_span(unit), new, said)


def _literals(view: View) -> Iterator[Node]:
    for node in view.all("integer", "float"):
        parent = node.parent
        if parent is None or view.said(node) in _TRIVIAL:
            continue
        if enclosing(node, "function_definition") is None or enclosing(node, "parameters"):
            continue
        statement = enclosing(node, "expression_statement", "return_statement")
        simple = statement is not None and enclosing(node, "lambda", "string") is None
        direct = parent.type == "assignment" and view.field(parent, "right") == view.said(node)
        if simple and not direct and statement is not None and view.leads(statement):
            yield node


def _constant_name(view: View, node: Node) -> str:
    """A name by what the literal is for."""
    parent = node.parent
    if parent is not None and parent.type == "keyword_argument":
        return view.field(parent, "name").upper()
    call = enclosing(node, "call", "assignment")
    if call is not None and call.type == "call":
        return view.field(call, "function").split(".")[-1].upper() + "_ARGUMENT"
    return "LIMIT"


def _locals(view: View) -> Iterator[tuple[str, Span]]:
    """Local variables that live on a few lines: their names, and the span of these lines."""
    for function in view.all("function_definition"):
        body = function.child_by_field_name("body")
        if body is None:
            continue
        uses: dict[str, list[Node]] = {}
        for node in view.inside(body, "identifier"):
            uses.setdefault(view.said(node), []).append(node)
        assigned = {view.field(node, "left") for node in view.inside(body, "assignment")}
        header = view.text[view.span(function).start : view.span(body).start]
        for name in sorted(assigned & uses.keys()):
            span = _lines_of(view, uses[name], body)
            if span is not None and not re.search(rf"\b{name}\b", header):
                text = view.of_span(span)
                elsewhere = len(re.findall(rf"\b{name}\b", text)) != len(uses[name])
                if len(uses[name]) > 1 and not elsewhere and "global" not in view.said(body):
                    yield name, span


def _lines_of(view: View, nodes: list[Node], body: Node) -> Span | None:
    """From the first statement of a block that holds one of the nodes to the last."""
    first, last = (_statement(node, body) for node in (nodes[0], nodes[-1]))
    if first is None or last is None:
        return None
    span = view.between(first, last)
    return span if view.compact(span) else None


def _statement(node: Node, body: Node) -> Node | None:
    while node.parent is not None and node.parent != body:
        node = node.parent
    return node if node.parent is not None else None


def _short_functions(view: View) -> Iterator[tuple[Node, list[str]]]:
    for node in view.all("function_definition"):
        parameters = node.child_by_field_name("parameters")
        if parameters is None or not view.compact(view.span(node)) or not view.leads(node):
            continue
        names = [view.said(c) for c in parameters.named_children if c.type == "identifier"]
        names = [name for name in names if name not in ("self", "cls")]
        if names:
            yield node, names


def _renamed(text: str, name: str, to: str) -> str:
    return re.sub(rf"(?<![\w.]){re.escape(name)}\b", to, text)
