"""The spine: whether the code around an edit is still read as it was.

Both trees are walked down side by side along the nodes that an edit touches. At each
level the items outside the edit - statements, bracket pairs, and the tokens of what is
*transparent* (kinds.py) - must be the same in the same order, and the items which are
partly outside must correspond one to one. What lies inside the edit is free. So an
inserted ``else:`` or quote that takes the lines after it, or a lost indentation that
moves them out of their function, shows as an item which left its container.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING

from instant_edit.kinds import family, is_comment
from instant_edit.outline import Item, Side, zones
from instant_edit.request import Finding, Span
from instant_edit.splice import Shift
from instant_edit.syntax import SyntaxTree, ancestors
from instant_edit.text import SourceText

if TYPE_CHECKING:
    from tree_sitter import Node

_CONTINUES_LINE = "([`+-/*"  # what makes JavaScript read a statement on into the next line


class Spine:
    """The comparison of two trees around the edits between them.

    ``excused`` are ranges of the original text that were broken there and are no longer
    broken in the same way: no structure is to be kept where there was none.
    """

    def __init__(
        self, before: SyntaxTree, after: SyntaxTree, shift: Shift, excused: Sequence[Span] = ()
    ) -> None:
        old, new = zones(before, after, shift)
        self.before, self.after = Side(before, old), Side(after, new)
        self.shift, self.excused = shift, excused

    def findings(self) -> Iterator[Finding]:
        """Everything around the edits that is not read as it was."""
        roots = (self.before.tree.root, self.after.tree.root)
        if roots[0].is_error or roots[1].is_error:
            return
        work = [(_root(roots[0]), _root(roots[1]))]
        while work:
            before, after = work.pop()
            yield from self._emptied(before, after)
            olds = self.before.items(before.children, before.node is None)
            news = self.after.items(after.children, after.node is None)
            head = self._matching(olds, news)
            limit = min(len(olds), len(news)) - head
            tail = self._matching(olds[::-1][:limit], news[::-1][:limit])
            pairs = [*zip(olds[:head], news[:head], strict=True)]
            if tail:
                pairs += zip(olds[-tail:], news[-tail:], strict=True)
            work += [pair for pair in pairs if self._opens(*pair)]
            lost, gained = olds[head : len(olds) - tail], news[head : len(news) - tail]
            if (lost or gained) and not self._is_excused(before, olds, head, tail):
                yield self._moved(lost, gained)

    def _matching(self, olds: Sequence[Item], news: Sequence[Item]) -> int:
        count = 0
        for old, new in zip(olds, news, strict=False):
            if not self._same(old, new):
                break
            count += 1
        return count

    def _same(self, old: Item, new: Item) -> bool:
        """Whether two items at the same place of their trees are the same one."""
        if old.token or new.token or (old.node is None) != (new.node is None):
            return old.token and new.token and old.label == new.label and self._in_place(old, new)
        if old.state == new.state == "outside":
            return old.kind == new.kind and self._in_place(old, new)
        if old.state == new.state:
            starts = self.before.in_zone(old.span.start), self.after.in_zone(new.span.start)
            return old.label == new.label or (old.node is not None and any(starts))
        return old.label == new.label and old.node is not None and self._grew(old, new)

    def _in_place(self, old: Item, new: Item) -> bool:
        return self._starts(old, new) and self._ends(old, new)

    def _starts(self, old: Item, new: Item) -> bool:
        return self.shift.start(old.span.start) == new.span.start

    def _ends(self, old: Item, new: Item) -> bool:
        return self.shift.end(old.span.end) == new.span.end

    def _grew(self, old: Item, new: Item) -> bool:
        """Whether one of two nodes is the other with more (or less) inside the edit only.

        An ``else`` clause or a last statement is added at the end; a decorator or a
        modifier at the beginning of a definition.
        """
        side, grown = (self.after, new) if new.state == "partial" else (self.before, old)
        if self._starts(old, new) and side.in_zone(grown.span.end):
            return old.label != "statement" or not self._runs_on()
        adds = old.label in ("function", "type", "declaration", "block")
        return adds and self._ends(old, new) and side.in_zone(grown.span.start)

    def _runs_on(self) -> bool:
        text = self.after.tree.text
        starts = (text[r.new.start : r.new.end].lstrip()[:1] for r in self.shift.regions)
        return any(char in _CONTINUES_LINE for char in starts if char)

    def _opens(self, old: Item, new: Item) -> bool:
        """Whether the inside of two items that correspond has to be compared as well."""
        if old.token:
            return False
        if old.state == new.state == "outside":
            counts = [item.node.descendant_count for item in (old, new) if item.node]
            return len(set(counts)) == 2
        return True

    def _is_excused(self, around: Item, olds: Sequence[Item], head: int, tail: int) -> bool:
        start = olds[head - 1].span.end if head else around.span.start
        end = olds[len(olds) - tail].span.start if tail else around.span.end
        return any(span.start <= end and span.end >= start for span in self.excused)

    def _emptied(self, before: Item, after: Item) -> Iterator[Finding]:
        """A block that had statements must still have one."""
        if before.node is None or after.node is None:
            return
        language = self.after.tree.language.id
        olds, news = (list(_blocks(item.node, language)) for item in (before, after))
        if any(_is_empty(node) for node in news) and not any(_is_empty(node) for node in olds):
            where = next(self.after.tree.span(node).start for node in news if _is_empty(node))
            yield Finding("spine", "a block is left without a statement", self.shift.nearest(where))

    def _moved(self, lost: Sequence[Item], gained: Sequence[Item]) -> Finding:
        text = self.after.tree.text
        at = self.shift.start(lost[0].span.start) if lost else gained[0].span.start
        line = SourceText(text).line_of(at) + 1
        excerpt = text[at : at + 40].split("\n")[0].strip()
        return Finding(
            "spine",
            f"the edit changes how the code around it is read, near line {line}: {excerpt!r}",
            culprit(self.after.tree, self.shift, at),
        )


def culprit(tree: SyntaxTree, shift: Shift, position: int) -> int:
    """The place inside an edit that is most likely to blame for a fault at ``position``.

    For a fault outside of the edits it is the beginning of the node that starts in the
    nearest edit and runs on behind it, and where there is none, the nearest place which is
    not blank.
    """
    near = shift.nearest(position)
    if near == position:
        return near
    written = next(r.new for r in shift.regions if r.new.start <= near <= r.new.end)
    for node in ancestors(tree, Span(max(written.end - 1, 0), written.end + 1)):
        if written.start <= (start := tree.offset(node.start_byte)) < written.end:
            return start
    text = tree.text[near : written.end]
    return near + len(text) - len(text.lstrip()) if text.strip() else near


def _root(node: Node) -> Item:
    return Item("root", node.type, Span(0, node.end_byte), "partial", node, node.children)


def _blocks(node: Node | None, language: str) -> Iterator[Node]:
    if node is None:
        return
    if family(node.type, language) == "block":
        yield node
    for child in node.children:
        if family(child.type, language) == "block":
            yield child


def _is_empty(node: Node) -> bool:
    return not any(child.is_named and not is_comment(child.type) for child in node.children)
