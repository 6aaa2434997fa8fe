"""Definitions by their dotted names: ``Shop.total`` in any language with a grammar."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import TYPE_CHECKING

from instant_edit.errors import InputError
from instant_edit.request import Span
from instant_edit.syntax import SyntaxTree, definition_of

if TYPE_CHECKING:
    from tree_sitter import Node

_NAMED_TYPES = frozenset({"type_spec", "type_item", "type_alias_declaration"})
_HOLDERS = frozenset({"variable_declarator", "field_definition", "public_field_definition"})
_FUNCTION_VALUE = re.compile(r"arrow_function|(generator_)?function(_expression)?|class")
_SHOWN = 6  # names that an error lists


@dataclass(frozen=True, slots=True)
class Symbol:
    """A definition: its dotted name from the outermost scope, and all of its text."""

    name: str
    span: Span


def symbols(tree: SyntaxTree) -> Iterator[Symbol]:
    """Every named definition, in the order of the text; an outer one before its members."""
    stack: list[tuple[Node, str]] = [(tree.root, "")]
    while stack:
        node, scope = stack.pop()
        name = _name(tree, node) if node is not tree.root else ""
        if name:
            scope = f"{scope}.{name}" if scope else name
            yield Symbol(scope, tree.span(_whole(node)))
        stack += ((child, scope) for child in reversed(node.children) if child.child_count)


def symbols_called(tree: SyntaxTree, name: str) -> list[Symbol]:
    """The definitions called ``name``, or else those whose name ends with it."""
    every = list(symbols(tree))
    found = [one for one in every if one.name == name]
    return found or [one for one in every if one.name.endswith(f".{name}")]


def find_symbol(tree: SyntaxTree, name: str) -> Span:
    """The span of the definition called ``name``, whole or by the last parts of its name.

    Raises:
        InputError: no definition has this name, or several have.
    """
    found = symbols_called(tree, name)
    if len(found) == 1:
        return found[0].span
    if not found:
        known = _some([one.name for one in symbols(tree)]) or "none"
        raise InputError(f"no function, class or method is called {name!r}; there are: {known}")
    names = _some([f"{one.name} (line {_line(tree, one.span)})" for one in found])
    raise InputError(f"{name!r} has {len(found)} definitions: {names}; name one, or use --lines")


def _name(tree: SyntaxTree, node: Node) -> str:
    """The name that a node defines, as one part of a dotted name, or nothing."""
    if node.type in _HOLDERS:
        value = node.child_by_field_name("value")
        if value is None or not _FUNCTION_VALUE.fullmatch(value.type):
            return ""
        holder = node.child_by_field_name("name") or node.child_by_field_name("property")
        return tree.text_of(holder)
    if node.type in _NAMED_TYPES:
        return tree.text_of(node.child_by_field_name("name"))
    if node.type.endswith("_specifier") and node.child_by_field_name("body") is None:
        return ""  # `struct S x;` names a type and defines none
    definition = definition_of(tree, node)
    if definition is None:
        return ""
    name = definition.name or tree.text_of(node.child_by_field_name("type"))
    receiver = node.child_by_field_name("receiver")
    if receiver is not None:
        owner = re.findall(r"\w+", re.sub(r"\[.*\]", "", tree.text_of(receiver)))
        name = f"{owner[-1]}.{name}" if owner else name
    return re.sub(r"<.*>", "", name, flags=re.S).replace("::", ".").strip()


def _whole(node: Node) -> Node:
    """The statement that holds nothing but this definition, or the definition itself."""
    parent = node.parent
    if node.type == "variable_declarator" and parent and parent.named_child_count == 1:
        return parent
    if node.type == "type_spec" and parent and parent.named_child_count == 1:
        return parent
    return node


def _line(tree: SyntaxTree, span: Span) -> int:
    return tree.text.count("\n", 0, span.start) + 1


def _some(names: list[str]) -> str:
    more = len(names) - _SHOWN
    return ", ".join(names[:_SHOWN]) + (f" and {more} more" if more > 0 else "")
