"""Expressions: strict equality, template literals, optional chaining, wrong operators."""

from __future__ import annotations

import re
from collections.abc import Iterator
from random import Random
from typing import TYPE_CHECKING

from instant_edit.edit_kinds.kind import Rewrite
from instant_edit.edit_kinds.making import backwards, forwards, mixed, units
from instant_edit.edit_kinds.view import View
from instant_edit.request import Span

if TYPE_CHECKING:
    from tree_sitter import Node

_STRICT = {"===": "==", "!==": "!="}
_WRONG = {
    "===": ("!==",), "!==": ("===",), "<": (">", "<="), ">": ("<", ">="), "<=": ("<", ">="),
    ">=": (">", "<="), "&&": ("||",), "||": ("&&",), "+": ("-",), "-": ("+",), "*": ("/",),
    "/": ("*",),
}  # fmt: skip
_PLAIN = frozenset({"identifier", "member_expression", "call_expression", "subscript_expression"})
_CHAIN = re.compile(r"([\w.]+) && \1(\.|\[|\()")


def loose_equalities(view: View) -> Iterator[Span]:
    """Statements with ``==`` or ``!=``, but for those that compare with null."""
    found = view.all("binary_expression")
    loose = [node for node in found if view.field(node, "operator") in _STRICT.values()]
    return units(view, (node for node in loose if view.field(node, "right") != "null"))


def equalities(view: View, rng: Random) -> Iterator[Rewrite]:
    """Strict equality loosened, to be mended."""
    for node in view.shuffled(rng, "binary_expression"):
        sign = node.child_by_field_name("operator")
        if sign is None or view.said(sign) not in _STRICT:
            continue
        if view.field(node, "right") != "null":
            yield from backwards(view, node, (view.span(sign), _STRICT[view.said(sign)]))


def signs(view: View) -> Iterator[Span]:
    """Statements with an operator."""
    found = view.all("binary_expression")
    return units(view, (node for node in found if view.field(node, "operator") in _WRONG))


def wrong_signs(view: View, rng: Random) -> Iterator[Rewrite]:
    """One operator exchanged for another."""
    for node in view.shuffled(rng, "binary_expression"):
        sign = node.child_by_field_name("operator")
        texts = "string" in (child.type for child in node.named_children)
        if sign is not None and view.said(sign) in _WRONG and not texts:
            wrong = rng.choice(_WRONG[view.said(sign)])
            yield from backwards(view, node, (view.span(sign), wrong))


def joined_strings(view: View) -> Iterator[Span]:
    """Statements that join strings and values by ``+``."""
    return units(view, (node for node, _ in _joined(view)))


def templates(view: View, rng: Random) -> Iterator[Rewrite]:
    """Joined strings made template literals, and those that are to be made again."""
    for node, new in mixed(rng, _joined(view)):
        yield from forwards(view, node, (view.span(node), new))
    for node in view.shuffled(rng, "template_string"):
        old = _taken_apart(view, node)
        if old:
            yield from backwards(view, node, (view.span(node), old))


def guarded_members(view: View) -> Iterator[Span]:
    """Statements with ``a && a.b``."""
    found = view.all("binary_expression")
    return units(view, (node for node in found if _CHAIN.match(view.said(node))))


def chains(view: View, rng: Random) -> Iterator[Rewrite]:
    """``a && a.b`` made ``a?.b``, and such that is to be made again."""
    for node in view.shuffled(rng, "binary_expression"):
        said = view.said(node)
        guarded = _CHAIN.match(said)
        if not guarded or said.count("&&") != 1 or "\n" in said:
            continue
        rest = said[guarded.end() - 1 :]
        new = f"{guarded[1]}?{'.' if rest[0] != '.' else ''}{rest}"
        yield from forwards(view, node, (view.span(node), new))
    for node in view.shuffled(rng, "member_expression", "call_expression"):
        said = view.said(node)
        match = re.fullmatch(r"([\w.]+)\?\.(\w+)(\([^()\n]*\))?", said)
        around = node.parent.type if node.parent is not None else ""
        if match is None or around in ("member_expression", "call_expression"):
            continue
        if around in ("binary_expression", "ternary_expression", "non_null_expression"):
            continue  # it would have to be put in brackets
        if around != "assignment_expression":
            old = f"{match[1]} && {match[1]}.{match[2]}{match[3] or ''}"
            yield from backwards(view, node, (view.span(node), old))


def _joined(view: View) -> Iterator[tuple[Node, str]]:
    for node in view.all("binary_expression"):
        parts = _operands(view, node)
        outer = node.parent is not None and view.field(node.parent, "operator") == "+"
        kinds = [part.type for part in parts]
        if outer or "string" not in kinds[:2] or set(kinds) <= {"string"} or len(parts) > 6:
            continue
        if all(kind == "string" or kind in _PLAIN for kind in kinds):
            said = [view.said(part) for part in parts]
            if not any(set("`\\$") & set(text) for text in said):
                inner = (
                    text[1:-1] if kind == "string" else f"${{{text}}}"
                    for kind, text in zip(kinds, said, strict=True)
                )
                yield node, f"`{''.join(inner)}`"


def _operands(view: View, node: Node) -> list[Node]:
    """What a chain of ``+`` joins; nothing where there is another operator."""
    if node.type != "binary_expression":
        return [node]
    left, right = (node.child_by_field_name(name) for name in ("left", "right"))
    if left is None or right is None or view.field(node, "operator") != "+":
        return []
    first = _operands(view, left)
    return [*first, right] if first else []


def _taken_apart(view: View, node: Node) -> str:
    """A template literal as strings joined by ``+``; nothing where it is not plain."""
    said = view.said(node)
    pieces = re.split(r"\$\{([\w.]+(?:\([\w., ]*\))?)\}", said[1:-1])
    texts, values = pieces[::2], pieces[1::2]
    tagged = node.parent is not None and node.parent.type == "call_expression"
    if not values or tagged or any(set("'`\\${}\n") & set(text) for text in texts):
        return ""
    if not (texts[0] or texts[1]):
        return ""
    parts = [f"'{texts[0]}'" if texts[0] else ""]
    for value, text in zip(values, texts[1:], strict=True):
        parts += [value, f"'{text}'" if text else ""]
    return " + ".join(part for part in parts if part)
