"""One-line bugs, put into code that has none, to be found again."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import pairwise
from random import Random
from typing import TYPE_CHECKING

from instant_edit.edit_kinds.kind import Rewrite
from instant_edit.edit_kinds.making import backwards, mixed, units
from instant_edit.edit_kinds.view import View, enclosing, statements
from instant_edit.request import Span

if TYPE_CHECKING:
    from tree_sitter import Node

_OPERATORS = {
    "==": ("!=",), "!=": ("==",), "<": (">", "<="), ">": ("<", ">="), "<=": (">=", "<"),
    ">=": ("<=", ">"), "+": ("-",), "-": ("+",), "*": ("/", "+"), "/": ("*",), "//": ("/", "*"),
    "and": ("or",), "or": ("and",), "in": ("not in",), "not in": ("in",), "is": ("is not",),
    "is not": ("is",), "+=": ("-=",), "-=": ("+=",), "%": ("//",),
}  # fmt: skip
_READING = frozenset(
    {"argument_list", "binary_operator", "comparison_operator", "return_statement"}
)
_NO_VALUE = ("string", "assignment", "augmented_assignment", "ellipsis", "yield", "await")
_WITH_SIGNS = ("comparison_operator", "binary_operator", "boolean_operator", "augmented_assignment")


def lines_with_operators(view: View) -> Iterator[Span]:
    """Statements and headers with an operator."""
    return units(view, (node for node, _ in _signs(view)))


def wrong_operators(view: View, rng: Random) -> Iterator[Rewrite]:
    """One operator exchanged for another."""
    for node, sign in mixed(rng, _signs(view)):
        said = " ".join(view.of_span(sign).split())
        if said in _OPERATORS:
            yield from backwards(view, node, (sign, rng.choice(_OPERATORS[said])))


def lines_with_limits(view: View) -> Iterator[Span]:
    """Statements and headers with a range, a limit, or one more or less."""
    return units(view, (node for node, _, _ in _limits(view)))


def off_by_one(view: View, rng: Random) -> Iterator[Rewrite]:
    """A limit moved by one."""
    for node, span, wrong in mixed(rng, _limits(view)):
        yield from backwards(view, node, (span, wrong))


def lines_with_names(view: View) -> Iterator[Span]:
    """Statements in functions that read a variable."""
    return units(view, _reads(view))


def wrong_variables(view: View, rng: Random) -> Iterator[Rewrite]:
    """One variable read in place of another of the same function."""
    for node in mixed(rng, _reads(view)):
        owner = enclosing(node, "function_definition")
        known = _variables(view, owner) if owner is not None else set()
        others = sorted(known - {view.said(node), "self", "cls"})
        if others:
            yield from backwards(view, node, (view.span(node), rng.choice(others)))


def last_expressions(view: View) -> Iterator[Span]:
    """Expressions at the end of a function that returns nothing."""
    for node in view.all("function_definition"):
        last = statements(node.child_by_field_name("body"))[-1:]
        returns = any(view.inside(node, "return_statement"))
        if not last or last[0].type != "expression_statement" or returns:
            continue
        value = last[0].named_children[0].type
        if value not in _NO_VALUE and view.compact(view.span(last[0])):
            yield view.span(last[0])


def missing_returns(view: View, rng: Random) -> Iterator[Rewrite]:
    """The word ``return`` left out."""
    for node in view.shuffled(rng, "return_statement"):
        span, said = view.span(node), view.said(node)
        value = node.named_children[0] if node.named_children else None
        if value is None or value.type in ("none", "true", "false", "integer", "string"):
            continue
        if view.compact(span):
            yield Rewrite(span, said.removeprefix("return").lstrip(), said)


def lines_with_arguments(view: View) -> Iterator[Span]:
    """Statements that call something with two plain arguments or more."""
    return units(view, (node for node, *_ in _pairs(view)))


def swapped_arguments(view: View, rng: Random) -> Iterator[Rewrite]:
    """Two neighbouring arguments exchanged."""
    for call, first, second in mixed(rng, _pairs(view)):
        exchanged = (view.span(first), view.said(second)), (view.span(second), view.said(first))
        yield from backwards(view, call, *exchanged)


def _signs(view: View) -> Iterator[tuple[Node, Span]]:
    for node in view.all(*_WITH_SIGNS):
        parts = node.named_children
        if len(parts) == 2 and "string" not in (parts[0].type, parts[1].type):
            text = view.text[view.span(parts[0]).end : view.span(parts[1]).start]
            if text.strip() and "\n" not in text and "#" not in text and "(" not in text:
                start = view.span(parts[0]).end + len(text) - len(text.lstrip())
                yield node, Span(start, start + len(text.strip()))


def _limits(view: View) -> Iterator[tuple[Node, Span, str]]:
    """Where a limit stands, and what it is when it is wrong by one."""
    for node in view.all("call"):
        arguments = node.child_by_field_name("arguments")
        if view.field(node, "function") == "range" and arguments is not None:
            last = arguments.named_children[-1:]
            if last and last[0].type in ("identifier", "call", "attribute"):
                yield node, view.span(last[0]), f"{view.said(last[0])} + 1"
                yield node, view.span(last[0]), f"{view.said(last[0])} - 1"
    for node in view.all("binary_operator"):
        right = node.child_by_field_name("right")
        if view.field(node, "operator") in ("+", "-") and view.said(right) == "1":
            yield node, view.span(node), view.field(node, "left")
    for node in view.all("comparison_operator"):
        parts = node.named_children
        sign = Span(view.span(parts[0]).end, view.span(parts[-1]).start)
        wrong = {"<": "<=", "<=": "<", ">": ">=", ">=": ">"}.get(view.of_span(sign).strip())
        if len(parts) == 2 and wrong:
            yield node, sign, f" {wrong} "
    for node in view.all("subscript", "slice"):
        for one in node.named_children[-1:]:
            if one.type == "integer" and view.said(one) in ("0", "1"):
                yield node, view.span(one), "1" if view.said(one) == "0" else "0"


def _reads(view: View) -> Iterator[Node]:
    """Variables of functions that are read as arguments, operands, values or conditions."""
    for function in view.all("function_definition"):
        body = function.child_by_field_name("body")
        known = _variables(view, function) - {"self", "cls"}
        for node in view.inside(body, "identifier") if body is not None and known else ():
            parent = node.parent
            if parent is None or view.said(node) not in known:
                continue
            assigned = parent.type == "assignment" and parent.child_by_field_name("right") == node
            attribute = parent.type == "attribute" and parent.child_by_field_name("object") == node
            if parent.type in _READING or assigned or attribute:
                yield node


def _variables(view: View, function: Node) -> set[str]:
    """The parameters of a function and the names that it assigns."""
    found = set()
    parameters = function.child_by_field_name("parameters")
    if parameters is not None:
        for one in parameters.named_children:
            name = one.child_by_field_name("name") or one
            found.add(view.said(name).split(":")[0].split("=")[0].strip())
    for node in view.inside(function, "assignment", "for_statement"):
        found.add(view.field(node, "left"))
    return {name for name in found if name.isidentifier()}


def _pairs(view: View) -> Iterator[tuple[Node, Node, Node]]:
    plain = ("identifier", "attribute", "integer", "string", "call")
    for node in view.all("call"):
        arguments = node.child_by_field_name("arguments")
        listed = arguments.named_children if arguments is not None else []
        for first, second in pairwise(listed):
            if (
                first.type in plain
                and second.type in plain
                and view.said(first) != view.said(second)
            ):
                yield node, first, second
