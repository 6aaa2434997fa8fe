"""Syntax trees with positions in code points; the only file that knows their bytes.

A text is parsed again each time: 8 KB take 3 ms, and no tree outlives an edit. A large one is
parsed in pieces, between which other threads have their turn.
"""

from __future__ import annotations

import re
from bisect import bisect_right
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from functools import cached_property
from itertools import accumulate
from typing import TYPE_CHECKING, Literal

from instant_edit.languages import Language
from instant_edit.request import Span

if TYPE_CHECKING:
    from tree_sitter import Node

_DEFINITION = re.compile(
    r"(function|generator_function|method|class|abstract_class|struct|union|enum|trait|impl|mod"
    r"|interface|namespace|module|constructor|compact_constructor|record|annotation_type|macro"
    r"|internal)_?(definition|declaration|item|specifier|module)?|method_signature"
)
_IMPORT = re.compile(
    r"(import|import_from|future_import)_statement|import_declaration|package_clause"
    r"|package_declaration|use_declaration|extern_crate_declaration|preproc_include"
    r"|using_declaration"
)

_CONTAINER = re.compile(r"(.*_)?block|(.*_)?body|.*_list|attribute_item|document")
_END_TAG_OPTIONAL = re.compile(
    "area|base|br|col|embed|hr|img|input|link|meta|param|source|track|wbr|li|p|dt|dd|option"
    "|optgroup|tr|td|th|thead|tbody|tfoot|colgroup|caption|rp|rt|html|head|body"
)


PIECE = 1 << 12  # bytes that a parser is given at a time


@dataclass(frozen=True, slots=True, order=True)
class Defect:
    """An ERROR node, or a MISSING token, which is zero-width and no ERROR node."""

    start: int
    end: int
    kind: Literal["error", "missing"]
    token: str = ""

    def __str__(self) -> str:
        return f"{self.token!r} is missing" if self.kind == "missing" else "a syntax error"


@dataclass(frozen=True, slots=True)
class Definition:
    """A function, class or the like, and its header: everything before its body."""

    kind: str
    name: str
    span: Span
    header: Span


@dataclass(frozen=True)
class SyntaxTree:
    """The tree of one text. Offsets of nodes are had through :meth:`span`."""

    text: str
    language: Language
    root: Node

    def span(self, node: Node) -> Span:
        """The code points that a node covers."""
        return Span(self.offset(node.start_byte), self.offset(node.end_byte))

    def offset(self, byte: int) -> int:
        """The code point that begins at a byte."""
        bytes_at, widths = self._wide
        return byte - widths[bisect_right(bytes_at, byte - 1)]

    def byte(self, offset: int) -> int:
        """The byte at which a code point begins."""
        return len(_encode(self.text[:offset])) if self._wide[0] else offset

    def text_of(self, node: Node | None) -> str:
        """The text that a node covers; nothing for no node."""
        if node is None:
            return ""
        span = self.span(node)
        return self.text[span.start : span.end]

    @cached_property
    def _wide(self) -> tuple[list[int], list[int]]:
        """The bytes at which non-ASCII code points begin; the bytes saved by the first n."""
        if self.text.isascii():
            return [], [0]
        matches = list(re.finditer(r"[^\x00-\x7f]", self.text))
        extra = [len(_encode(match.group())) - 1 for match in matches]
        saved = [0, *accumulate(extra)]
        return [m.start() + saved[index] for index, m in enumerate(matches)], saved


def parse(text: str, language: Language) -> SyntaxTree:
    """The syntax tree of a text. It never fails: what is wrong becomes ERROR and MISSING."""
    from tree_sitter import Parser

    data = _encode(text)
    source = data if len(data) <= PIECE else _pieces(data)
    return SyntaxTree(text, language, Parser(language.grammar()).parse(source).root_node)


def _pieces(data: bytes) -> Callable[[int, object], bytes]:
    """What a parser reads bytes with: each piece lets other threads have their turn.

    The parser itself holds the interpreter, for a quarter of a millisecond each kilobyte.
    """
    return lambda at, _: data[at : at + PIECE]


def _encode(text: str) -> bytes:
    return text.encode("utf-8", "surrogatepass")


def defects(tree: SyntaxTree) -> tuple[Defect, ...]:
    """Every outermost ERROR node and every MISSING token, in the order of the text."""
    return tuple(_defects(tree))


def _defects(tree: SyntaxTree) -> Iterator[Defect]:
    html = tree.language.id == "html"
    stack = [tree.root]
    while stack:
        node = stack.pop()
        if node.is_error or node.is_missing:
            span = tree.span(node)
            kind: Literal["error", "missing"] = "error" if node.is_error else "missing"
            yield Defect(span.start, span.end, kind, "" if node.is_error else node.type)
        elif html and node.type == "erroneous_end_tag":
            span = tree.span(node)
            yield Defect(span.start, span.end, "error")
        elif html and (tag := _unclosed(tree, node)):
            end = tree.span(node).end
            yield Defect(end, end, "missing", f"</{tag}>")
            stack += reversed(node.children)
        elif node.has_error or html:
            stack += reversed(node.children)


def _unclosed(tree: SyntaxTree, node: Node) -> str:
    """The name of an HTML element that needs an end tag and has none; the grammar minds not."""
    if node.type != "element" or node.children[0].type != "start_tag":
        return ""
    tag = tree.text_of(node.children[0].child(1)).lower()
    written = node.children[-1].type == "end_tag" or _END_TAG_OPTIONAL.fullmatch(tag)
    return "" if written else tag


def ancestors(tree: SyntaxTree, span: Span) -> tuple[Node, ...]:
    """The nodes that contain a span, from the root to the smallest."""
    start, end = tree.byte(span.start), tree.byte(span.end)
    found = [tree.root]
    while True:
        # Node.first_child_for_byte crashes the process for a byte behind the last child
        for child in found[-1].children:
            if child.start_byte <= start and end <= child.end_byte and child.child_count:
                found.append(child)
                break
        else:
            return tuple(found)


def sibling_runs(tree: SyntaxTree, span: Span) -> Iterator[Span]:
    """The runs of siblings that cover a span, from the smallest to the whole tree."""
    start, end = tree.byte(span.start), tree.byte(span.end)
    for parent in reversed(ancestors(tree, span)):
        run = [
            child for child in parent.children if child.end_byte > start and child.start_byte < end
        ]
        if run and run[0].start_byte <= start and run[-1].end_byte >= end:
            yield Span(tree.offset(run[0].start_byte), tree.offset(run[-1].end_byte))
        yield tree.span(parent)


def enclosing(tree: SyntaxTree, span: Span) -> tuple[Definition, ...]:
    """The definitions around a span, outermost first."""
    found = (definition_of(tree, node) for node in ancestors(tree, span) if node.parent)
    return tuple(one for one in found if one is not None)


def definition_of(tree: SyntaxTree, node: Node) -> Definition | None:
    """What a node defines, if it is the definition of a function, a class or the like."""
    if not _DEFINITION.fullmatch(node.type):
        return None
    whole = tree.span(node)
    body = node.child_by_field_name("body")
    end = tree.offset(body.start_byte) if body else whole.end
    name = node.child_by_field_name("name") or node.child_by_field_name("declarator")
    while name is not None and (inner := name.child_by_field_name("declarator")) is not None:
        name = inner
    header = Span(whole.start, whole.start + len(tree.text[whole.start : end].rstrip()))
    return Definition(node.type, tree.text_of(name), whole, header)


def imports(tree: SyntaxTree) -> tuple[Span, ...]:
    """The import, include and package statements at the top level."""
    return tuple(tree.span(node) for node in tree.root.children if _IMPORT.fullmatch(node.type))


def comment_at(tree: SyntaxTree, offset: int, *, or_attribute: bool = False) -> Span | None:
    """The comment in which a code point stands, if it stands in one (or Rust's attribute)."""
    at = tree.byte(offset)
    node = tree.root.descendant_for_byte_range(at, at + 1)
    while node is not None and "comment" not in node.type:
        if or_attribute and node.type == "attribute_item":
            break
        node = node.parent
    return tree.span(node) if node is not None else None


def construct_at(tree: SyntaxTree, offset: int) -> Span | None:
    """The largest statement, definition or element which begins at a code point."""
    at = tree.byte(offset)
    found = None
    node = tree.root.descendant_for_byte_range(at, at + 1)
    while node is not None and node.start_byte == at and node.parent is not None:
        if node.is_named and not _CONTAINER.fullmatch(node.type):
            found = node
        node = node.parent
    return tree.span(found) if found is not None else None


def leaves(tree: SyntaxTree, span: Span, touching: bool = False) -> Iterator[tuple[str, Span]]:
    """The kind and span of every token inside a span (or ``touching`` it), in order."""
    start, end = tree.byte(span.start), tree.byte(span.end)
    stack = [tree.root]
    while stack:
        node = stack.pop()
        if node.end_byte < start or node.start_byte > end:
            continue
        if node.child_count:
            stack += reversed(node.children)
        elif node.start_byte == node.end_byte:
            continue
        elif touching or (start <= node.start_byte and node.end_byte <= end):
            yield node.type, tree.span(node)
