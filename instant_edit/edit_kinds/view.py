"""A text as the kinds of edits look at it: its nodes by type, and the lines they stand on."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from functools import cached_property
from random import Random
from typing import TYPE_CHECKING

from instant_edit.languages import Language
from instant_edit.request import Span
from instant_edit.syntax import SyntaxTree, parse

if TYPE_CHECKING:
    from tree_sitter import Node

Change = tuple[Span, str]  # what becomes of a part of the text
BLOCKS = frozenset({"block", "module", "statement_block", "program"})
BRACKETS = ("(", ")", "[", "]", "{", "}")
BODIES = frozenset({"block", "statement_block"})
MOST_LINES, MOST_CHARACTERS = 6, 240
_NO_HEADER = frozenset({"arrow_function", "function_expression", "generator_function", "lambda"})


@dataclass(frozen=True)
class View:
    """One parsed text. Offsets are code points."""

    tree: SyntaxTree

    @classmethod
    def of(cls, text: str, language: Language) -> View:
        """Parse a text."""
        return cls(parse(text, language))

    @property
    def text(self) -> str:
        """The whole text."""
        return self.tree.text

    @cached_property
    def nodes(self) -> dict[str, list[Node]]:
        """Every node without a syntax error in it, by its type, in the order of the text."""
        found: dict[str, list[Node]] = {}
        stack = [self.tree.root]
        while stack:
            node = stack.pop()
            if not node.has_error:
                found.setdefault(node.type, []).append(node)
            stack += reversed(node.children)
        return found

    def all(self, *types: str) -> list[Node]:
        """The nodes of some types."""
        return [node for one in types for node in self.nodes.get(one, ())]

    def shuffled(self, rng: Random, *types: str) -> list[Node]:
        """The nodes of some types in an order that chance decides."""
        found = self.all(*types)
        rng.shuffle(found)
        return found

    def span(self, node: Node) -> Span:
        """The code points of a node."""
        return self.tree.span(node)

    def of_span(self, span: Span) -> str:
        """The text of a span."""
        return self.text[span.start : span.end]

    def said(self, node: Node | None) -> str:
        """The text of a node; nothing for no node."""
        return self.tree.text_of(node)

    def field(self, node: Node, name: str) -> str:
        """The text of a field of a node."""
        return self.said(node.child_by_field_name(name))

    def between(self, first: Node, last: Node) -> Span:
        """From the start of one node to the end of another."""
        return Span(self.span(first).start, self.span(last).end)

    def line_start(self, offset: int) -> int:
        """Where the line of an offset begins."""
        return self.text.rfind("\n", 0, offset) + 1

    def indent(self, offset: int) -> str:
        """The blanks at the start of the line of an offset."""
        start = self.line_start(offset)
        line = self.text[start:offset]
        return line[: len(line) - len(line.lstrip())]

    def leads(self, node: Node) -> bool:
        """Whether a node is the first thing on its line."""
        start = self.span(node).start
        return not self.text[self.line_start(start) : start].strip()

    def compact(self, span: Span) -> bool:
        """Whether a span is short enough for one edit of a small model."""
        text = self.of_span(span)
        return len(text) <= MOST_CHARACTERS and text.count("\n") < MOST_LINES

    def unit(self, node: Node) -> Span | None:
        """The statement or the header around a node, if it is compact and known to be one."""
        while (parent := node.parent) is not None:
            body = next((child for child in parent.children if child.type in BODIES), None)
            if parent.type in BLOCKS:
                found = self.span(node)
            elif body is not None and node != body and parent.type not in _NO_HEADER:
                found = self.header(parent, body)
            else:
                node = parent
                continue
            return found if self.compact(found) else None
        return None

    def header(self, node: Node, body: Node) -> Span:
        """What stands before a body, up to its colon or bracket."""
        start, end = self.span(node).start, self.span(body).start
        if body.type == "statement_block":
            return Span(start, end + 1)
        return Span(start, self.text.rfind(":", start, end) + 1)

    def changed(self, span: Span, changes: Iterable[Change]) -> str:
        """The text of a span with parts of it replaced."""
        pieces: list[str] = []
        at = span.start
        for part, text in sorted(changes):
            pieces += (self.text[at : part.start], text)
            at = part.end
        return "".join((*pieces, self.text[at : span.end]))

    def inside(self, node: Node, *types: str) -> Iterator[Node]:
        """The nodes of some types inside a node, in the order of the text."""
        stack = [node]
        while stack:
            one = stack.pop()
            if one.type in types:
                yield one
            stack += reversed(one.children)


def enclosing(node: Node, *types: str) -> Node | None:
    """The nearest node of some types around a node."""
    parent = node.parent
    while parent is not None and parent.type not in types:
        parent = parent.parent
    return parent


def statements(block: Node | None) -> list[Node]:
    """The statements of a block, its comments left out."""
    children = block.named_children if block is not None else []
    return [child for child in children if child.type != "comment"]


def indented(text: str, by: str) -> str:
    """A text with every line but the first and the empty ones indented further."""
    first, *rest = text.split("\n")
    return "\n".join([first, *(by + line if line.strip() else line for line in rest)])


def dedented(text: str, by: str) -> str:
    """A text with ``by`` taken from the start of every line but the first."""
    first, *rest = text.split("\n")
    return "\n".join([first, *(line.removeprefix(by) for line in rest)])
