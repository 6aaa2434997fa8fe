"""Conditions: turned round, returned early from, guarded, and compared in the idiomatic way."""

from __future__ import annotations

import re
from collections.abc import Iterator
from random import Random
from typing import TYPE_CHECKING

from instant_edit.edit_kinds.kind import Rewrite
from instant_edit.edit_kinds.making import backwards, mixed
from instant_edit.edit_kinds.view import View, dedented, enclosing, statements
from instant_edit.request import Span

if TYPE_CHECKING:
    from tree_sitter import Node

OPPOSITES = {
    "==": "!=", "!=": "==", "<": ">=", ">=": "<", ">": "<=", "<=": ">",
    "in": "not in", "not in": "in", "is": "is not", "is not": "is",
}  # fmt: skip
_ASKING = frozenset(
    {"if_statement", "boolean_operator", "elif_clause", "assert_statement", "if_clause"}
)
_DENIED = re.compile(r"\bnot\b[^:]*?\b(in|is)\b")
_GUARD = re.compile(r"if (\w+) is None:\n\s+(return|raise|\w+ = (?=\S))([^\n]*)\Z")


def opposite(view: View, condition: Node) -> str:
    """The negation of a condition, as short as it can be written."""
    said = view.said(condition)
    if condition.type == "not_operator":
        return view.field(condition, "argument")
    if condition.type == "comparison_operator" and len(condition.named_children) == 2:
        left, right = condition.named_children
        sign = operator_of(view, condition)
        if sign in OPPOSITES:
            return f"{view.said(left)} {OPPOSITES[sign]} {view.said(right)}"
    loose = condition.type in ("boolean_operator", "conditional_expression", "named_expression")
    return f"not ({said})" if loose else f"not {said}"


def operator_of(view: View, comparison: Node) -> str:
    """The sign of a comparison of two, blanks made one."""
    left, right = comparison.named_children[0], comparison.named_children[-1]
    return " ".join(view.text[view.span(left).end : view.span(right).start].split())


def two_ways(view: View) -> Iterator[Span]:
    """Short ``if`` statements with one ``else``."""
    return (span for span, _ in _two_ways(view))


def inverted(view: View, rng: Random) -> Iterator[Rewrite]:
    """The condition turned round and its two ways exchanged."""
    for span, new in mixed(rng, _two_ways(view)):
        yield Rewrite(span, view.of_span(span), new)


def last_conditions(view: View) -> Iterator[Span]:
    """A short ``if`` that ends a function."""
    return (span for span, _ in _last_conditions(view))


def early_returns(view: View, rng: Random) -> Iterator[Rewrite]:
    """The ``if`` that ends a function turned into an early return."""
    for span, new in mixed(rng, _last_conditions(view)):
        yield Rewrite(span, view.of_span(span), new)


def unguarded(view: View) -> Iterator[Span]:
    """Before the first statement of functions whose parameter may be None, and is not asked."""
    for node in view.all("function_definition"):
        body = node.child_by_field_name("body")
        optional = re.findall(r"(\w+)(?::[^,=]*)? ?= ?None", view.field(node, "parameters"))
        first = _first_after_docstring(view, body)
        if not optional or first is None or not view.leads(first):
            continue
        said = view.said(body)
        if not any(re.search(rf"\b{name} is (not )?None|not {name}\b", said) for name in optional):
            start = view.line_start(view.span(first).start)
            yield Span(start, start)


def guards(view: View, rng: Random) -> Iterator[Rewrite]:
    """A guard against None at the start of a function taken away."""
    for node in view.shuffled(rng, "if_statement"):
        span = view.span(node)
        guard = _GUARD.match(view.of_span(span))
        owner = enclosing(node, "function_definition", "lambda", "class_definition")
        if guard is None or owner is None or owner.type != "function_definition":
            continue
        first = _first_after_docstring(view, owner.child_by_field_name("body"))
        if first != node or node.next_named_sibling is None:
            continue
        if not re.search(rf"\b{guard[1]}\b", view.field(owner, "parameters")):
            continue
        start, rest = view.line_start(span.start), view.text[span.end : span.end + 2]
        if rest[:1] != "\n" or rest == "\n\n":
            continue
        said = rng.choice(
            ("guard against {0} being None", "return early if {0} is None", "handle {0} is None")
        )
        if guard[2] == "raise":
            said = "raise if {0} is None"
        elif guard[2] != "return":
            said = f"set {{0}} to {guard[3]} if it is None"
            if guard[2] != f"{guard[1]} = " or "{" in guard[3]:
                continue
        whole = Span(start, span.end + 1)
        yield Rewrite(whole, "", view.of_span(whole), said.format(guard[1]))


def compared_with_none(view: View) -> Iterator[Span]:
    """Statements that compare with None by ``==`` or ``!=``."""
    for node in view.all("comparison_operator"):
        if len(node.named_children) == 2 and operator_of(view, node) in ("==", "!="):
            unit = view.unit(node)
            if unit is not None and "None" in map(view.said, node.named_children):
                yield unit


def said_of_none(old: str) -> str | None:
    """Which way round a comparison with None is to be written, where it is clear."""
    return "use is not None" if "!=" in old and "==" not in old else None


def none_comparisons(view: View, rng: Random) -> Iterator[Rewrite]:
    """``is None`` written as ``== None``, to be mended."""
    signs = {"is": "==", "is not": "!="}
    for node in view.shuffled(rng, "comparison_operator"):
        parts = node.named_children
        sign = operator_of(view, node)
        if len(parts) == 2 and sign in signs and view.said(parts[1]) == "None":
            wrong = f"{view.said(parts[0])} {signs[sign]} None"
            yield from backwards(view, node, (view.span(node), wrong))


def denied_memberships(view: View) -> Iterator[Span]:
    """Statements with ``not x in y``."""
    for node in view.all("not_operator"):
        inner, unit = node.child_by_field_name("argument"), view.unit(node)
        if inner is None or inner.type != "comparison_operator" or unit is None:
            continue
        if len(inner.named_children) == 2 and operator_of(view, inner) in ("in", "is"):
            yield unit


def said_of_denial(old: str) -> str | None:
    """Which operator a denial becomes, where it is clear."""
    found = {match[1] for match in _DENIED.finditer(old)}
    return "use is not" if found == {"is"} else None


def memberships(view: View, rng: Random) -> Iterator[Rewrite]:
    """``x not in y`` written as ``not x in y``, to be mended."""
    for node in view.shuffled(rng, "comparison_operator"):
        parts, sign = node.named_children, operator_of(view, node)
        if len(parts) != 2 or sign not in ("not in", "is not"):
            continue
        around = node.parent.type if node.parent is not None else ""
        if around not in _ASKING:
            continue
        wrong = f"not {view.said(parts[0])} {sign.replace('not', '').strip()} {view.said(parts[1])}"
        yield from backwards(view, node, (view.span(node), wrong))


def _two_ways(view: View) -> Iterator[tuple[Span, str]]:
    for node in view.all("if_statement"):
        others = node.children_by_field_name("alternative")
        condition, body = (node.child_by_field_name(n) for n in ("condition", "consequence"))
        span = view.span(node)
        if len(others) != 1 or others[0].type != "else_clause" or not view.compact(span):
            continue
        other = others[0].child_by_field_name("body")
        if condition is None or body is None or other is None or "#" in view.of_span(span):
            continue
        if not view.leads(body) or not view.leads(other) or not view.leads(node):
            continue
        yield (
            span,
            view.changed(
                span,
                [
                    (view.span(condition), opposite(view, condition)),
                    (view.span(body), view.said(other)),
                    (view.span(other), view.said(body)),
                ],
            ),
        )


def _last_conditions(view: View) -> Iterator[tuple[Span, str]]:
    for node in view.all("if_statement"):
        owner = node.parent.parent if node.parent is not None else None
        if owner is None or owner.type != "function_definition" or node.next_named_sibling:
            continue
        condition, body = (node.child_by_field_name(n) for n in ("condition", "consequence"))
        span = view.span(node)
        if node.child_by_field_name("alternative") is not None or not view.compact(span):
            continue
        if condition is None or body is None or not view.leads(body) or not view.leads(node):
            continue
        inner = view.indent(view.span(body).start)
        indent = view.indent(span.start)
        lines = dedented(view.said(body), inner.removeprefix(indent))
        leave = f"if {opposite(view, condition)}:\n{inner}return\n{indent}"
        if statements(body)[-1:] and "\n\n" not in lines:
            yield span, leave + lines


def _first_after_docstring(view: View, body: Node | None) -> Node | None:
    for statement in statements(body):
        if not view.said(statement).lstrip("rRbBuU").startswith(("'", '"')):
            return statement
    return None
