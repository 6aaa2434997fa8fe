"""F-strings, ``format`` and ``%``."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from random import Random
from typing import TYPE_CHECKING

from instant_edit.edit_kinds.kind import Rewrite
from instant_edit.edit_kinds.making import backwards, forwards, mixed, units
from instant_edit.edit_kinds.view import View
from instant_edit.request import Span

if TYPE_CHECKING:
    from tree_sitter import Node

_SIMPLE = frozenset({"identifier", "attribute", "call", "subscript", "integer"})
_PERCENT = re.compile(r"%[sd]")
_FIELD = re.compile(r"\{\}")


@dataclass(frozen=True, slots=True)
class Interpolated:
    """A string with expressions in it: pieces of text, and between them expressions."""

    quote: str
    pieces: tuple[str, ...]
    values: tuple[str, ...]

    def as_f_string(self) -> str:
        """``f"…{a}"``."""
        inner = "".join(
            text + "{" + value + "}" for text, value in zip(self.pieces, self.values, strict=False)
        )
        return f"f{self.quote}{inner}{self.pieces[-1]}{self.quote}"

    def as_format(self) -> str:
        """``"…{}".format(a)``."""
        return f"{self.quote}{'{}'.join(self.pieces)}{self.quote}.format({', '.join(self.values)})"

    def as_percent(self) -> str:
        """``"…%s" % (a,)``, or without brackets where there is one plain value."""
        listed = ", ".join(self.values)
        alone = len(self.values) == 1 and re.fullmatch(r"\w+", listed)
        shown = listed if alone else f"({listed}{',' if len(self.values) == 1 else ''})"
        return f"{self.quote}{'%s'.join(self.pieces)}{self.quote} % {shown}"


def f_strings(view: View) -> Iterator[tuple[Node, Interpolated]]:
    """F-strings with nothing but plain expressions in them."""
    for node in view.all("string"):
        parts = [c for c in node.children if c.type == "interpolation"]
        opening = view.said(node.children[0])
        if not parts or opening[:1] not in ("f", "F") or opening[1:] not in ("'", '"'):
            continue
        if any(
            len(c.named_children) != 1 or c.named_children[0].type not in _SIMPLE for c in parts
        ):
            continue
        values = tuple(view.said(c.named_children[0]) for c in parts)
        edges = [view.span(node.children[0]).end, *(e for c in parts for e in _ends(view, c))]
        edges.append(view.span(node.children[-1]).start)
        pieces = tuple(view.text[a:b] for a, b in zip(edges[::2], edges[1::2], strict=True))
        if not any(set("{}%'\"\\") & set(text) for text in (*pieces, *values)):
            yield node, Interpolated(opening[1:], pieces, values)


def formats(view: View) -> Iterator[tuple[Node, Interpolated]]:
    """Calls of ``format`` on a literal with plain ``{}``."""
    for node in view.all("call"):
        function, arguments = node.child_by_field_name("function"), _arguments(node)
        if function is None or function.type != "attribute" or arguments is None:
            continue
        if view.field(function, "attribute") == "format":
            found = _split(view, function.child_by_field_name("object"), arguments, _FIELD)
            if found is not None:
                yield node, found


def percents(view: View) -> Iterator[tuple[Node, Interpolated]]:
    """``%`` between a literal with ``%s`` and its values."""
    for node in view.all("binary_operator"):
        right = node.child_by_field_name("right")
        if view.field(node, "operator") == "%" and right is not None:
            values = right.named_children if right.type == "tuple" else [right]
            found = _split(view, node.child_by_field_name("left"), values, _PERCENT)
            if found is not None:
                yield node, found


def old_strings(view: View) -> Iterator[Span]:
    """Statements with a string that ``format`` or ``%`` fills."""
    return units(view, (node for node, _ in (*formats(view), *percents(view))))


def statements_with_f_strings(view: View) -> Iterator[Span]:
    """Statements with an f-string."""
    return units(view, (node for node, _ in f_strings(view)))


def to_f_strings(view: View, rng: Random) -> Iterator[Rewrite]:
    """``format`` and ``%`` made f-strings, and f-strings that are to be made again."""
    for node, found in mixed(rng, (*formats(view), *percents(view))):
        yield from forwards(view, node, (view.span(node), found.as_f_string()))
    for node, found in mixed(rng, f_strings(view)):
        old = found.as_format() if rng.random() < 0.5 else found.as_percent()
        yield from backwards(view, node, (view.span(node), old))


def to_formats(view: View, rng: Random) -> Iterator[Rewrite]:
    """F-strings made calls of ``format``."""
    for node, found in mixed(rng, f_strings(view)):
        yield from forwards(view, node, (view.span(node), found.as_format()))


def to_percents(view: View, rng: Random) -> Iterator[Rewrite]:
    """F-strings made ``%``."""
    for node, found in mixed(rng, f_strings(view)):
        yield from forwards(view, node, (view.span(node), found.as_percent()))


def _ends(view: View, node: Node) -> tuple[int, int]:
    span = view.span(node)
    return span.start, span.end


def _arguments(call: Node) -> list[Node] | None:
    listed = call.child_by_field_name("arguments")
    return listed.named_children if listed is not None else None


def _split(
    view: View, literal: Node | None, values: list[Node], hole: re.Pattern[str]
) -> Interpolated | None:
    """A literal cut at its holes, if it is plain and the values are as many and as plain."""
    if literal is None or literal.type != "string":
        return None
    said = view.said(literal)
    quote = said[:1]
    if quote not in ("'", '"') or said.startswith(quote * 3):
        return None
    pieces = tuple(hole.split(said[1:-1]))
    plain = all(value.type in _SIMPLE for value in values)
    marks = set("{}%\\")
    shown = tuple(view.said(value) for value in values)
    if not values or len(pieces) != len(values) + 1 or not plain:
        return None
    if any(marks & set(text) for text in pieces) or any(set("'\"\n") & set(v) for v in shown):
        return None
    return Interpolated(quote, pieces, shown)
