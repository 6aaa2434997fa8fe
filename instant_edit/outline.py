"""What of a tree is compared around an edit: tokens, bracket pairs and structural nodes.

Each is *free* (inside the edit), *outside* of it, or *partial*. A node that ends where
an edit begins is partial too, even with blanks between, for it may take in what is
written there: ``foo`` and the inserted ``.bar()`` are one statement.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal

from instant_edit.kinds import BRACKETS, family, is_comment, token_class
from instant_edit.request import Span
from instant_edit.splice import Shift
from instant_edit.syntax import SyntaxTree

if TYPE_CHECKING:
    from tree_sitter import Node

State = Literal["free", "partial", "outside"]


@dataclass(frozen=True)
class Item:
    """A token, a structural node, or a pair of brackets with what stands between them."""

    label: str
    kind: str
    span: Span
    state: State
    node: Node | None
    children: Sequence[Node]
    token: bool = False


@dataclass(frozen=True)
class Zone:
    """A replaced range of one text, widened by the blanks beside it.

    ``solid`` is the range itself. A zone that ends a line does not touch what follows.
    """

    solid: Span
    wide: Span
    open_end: bool

    def touches(self, span: Span, wide: bool) -> bool:
        """Whether a node or token reaches into this zone, or merely touches it."""
        zone = self.wide if wide else self.solid
        before_end = span.start <= zone.end if self.open_end else span.start < zone.end
        return before_end and span.end >= zone.start


def zones(before: SyntaxTree, after: SyntaxTree, shift: Shift) -> tuple[list[Zone], list[Zone]]:
    """The zones of the original text and those of the edited one."""
    old: list[Zone] = []
    new: list[Zone] = []
    for region in shift.regions:
        texts = (
            before.text[region.old.start : region.old.end],
            after.text[region.new.start : region.new.end],
        )
        open_end = not any(text.endswith(("\n", "\r")) for text in texts)
        head = before.text[: region.old.start]
        left = len(head) - len(head.rstrip(" \t"))
        tail = before.text[region.old.end : region.old.end + 500]
        right = len(tail) - len(tail.lstrip(" \t")) if open_end else 0
        for span, found in ((region.old, old), (region.new, new)):
            found.append(Zone(span, Span(span.start - left, span.end + right), open_end))
    return old, new


@dataclass(frozen=True)
class Side:
    """One of the two trees, with the zones that were replaced in it."""

    tree: SyntaxTree
    zones: Sequence[Zone]

    def items(self, nodes: Sequence[Node], bracketed: bool = False) -> list[Item]:
        """The items of sibling nodes, transparent ones opened; the free ones are left out."""
        inner = nodes[1:-1] if bracketed else nodes
        stack: list[Node | Item] = list(reversed(self._grouped(inner)))
        if bracketed:
            stack = [nodes[-1], *stack, nodes[0]]
        found: list[Item] = []
        while stack:
            entry = stack.pop()
            item = entry if isinstance(entry, Item) else self._item(entry)
            if item is not None:
                if item.state != "free" and not (item.token and item.state == "partial"):
                    found.append(item)
            elif not isinstance(entry, Item) and entry.child_count and not is_comment(entry.type):
                stack += reversed(self._grouped(entry.children))
        return found

    def _item(self, node: Node) -> Item | None:
        """The item of a node; None for one to open, or to leave out."""
        if node.is_missing or node.start_byte == node.end_byte or is_comment(node.type):
            return None
        label = family(node.type, self.tree.language.id)
        if label is not None and node.child_count:
            span = self._solid(node)
            return Item(label, node.type, span, self._state(span), node, node.children)
        span = self.tree.span(node)
        if node.child_count or not self.tree.text[span.start : span.end].strip():
            return None
        label = token_class(node.type, node.is_named)
        return Item(label, node.type, span, self._state(span, wide=False), None, (), token=True)

    def _grouped(self, nodes: Sequence[Node]) -> list[Node | Item]:
        """Siblings with each pair of brackets, and what is between them, made one item."""
        found: list[Node | Item] = []
        opened: list[tuple[str, int, int]] = []
        for index, node in enumerate(nodes):
            found.append(node)
            if node.is_named or node.is_missing:
                continue
            if opened and opened[-1][0] == node.type:
                _, first, at = opened.pop()
                found[at:] = [self._group(nodes[first : index + 1])]
            elif node.type in BRACKETS:
                opened.append((BRACKETS[node.type], index, len(found) - 1))
        return found

    def _group(self, nodes: Sequence[Node]) -> Item:
        span = Span(self.tree.span(nodes[0]).start, self.tree.span(nodes[-1]).end)
        return Item(nodes[0].type, nodes[0].type, span, self._state(span), None, nodes)

    def _state(self, span: Span, wide: bool = True) -> State:
        for zone in self.zones:
            if zone.solid.start <= span.start and span.end <= zone.solid.end:
                return "free"
        return "partial" if any(zone.touches(span, wide) for zone in self.zones) else "outside"

    def _solid(self, node: Node) -> Span:
        """The span of a node without comments and line ends at its ends."""
        first, last = node, node
        while (inner := _solid_child(first, 1)) is not None:
            first = inner
        while (inner := _solid_child(last, -1)) is not None:
            last = inner
        return Span(self.tree.offset(first.start_byte), self.tree.offset(last.end_byte))

    def in_zone(self, position: int) -> bool:
        """Whether a position is inside a zone or at one of its ends."""
        return any(zone.wide.start <= position <= zone.wide.end for zone in self.zones)


def _solid_child(node: Node, step: int) -> Node | None:
    count = node.child_count
    for index in range(count) if step > 0 else range(count - 1, -1, -1):
        child = node.child(index)
        if child.start_byte == child.end_byte or is_comment(child.type):
            continue
        if child.is_named or child.type.strip():
            return child
    return None
