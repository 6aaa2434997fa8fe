"""Which syntax errors of an edited text are new, judged against those of the original.

An error that stands outside the edit where it stood before is an old one. Recovery from
an error moves with any change nearby, so one that touches the edit, or whose extent has
changed, is old as well if it meets an error of the original - and if the new text does
no worse than the text it replaces: it leaves no more brackets and quotes open, its lines
have no more errors when parsed alone, and it is not itself what the error is about.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from functools import cached_property
from textwrap import dedent

from instant_edit.request import Finding, Span
from instant_edit.spine import culprit
from instant_edit.splice import Shift
from instant_edit.syntax import Defect, SyntaxTree, defects, leaves, parse
from instant_edit.text import SourceText

_OPEN = {"(": ")", "[": "]", "{": "}"}
_QUOTES = frozenset({'"', "'", "`", '"""', "'''", "/*"})


class Inventory:
    """The syntax errors of a text before and after an edit."""

    def __init__(self, old: SyntaxTree, new: SyntaxTree, shift: Shift) -> None:
        self.old, self.new, self.written = old, new, shift
        self.shift = shift.narrowed(old.text, new.text)
        olds, news = defects(old), defects(new)
        moved = [self._moved(defect) for defect in olds]
        appeared, left = Counter(news) - Counter(moved), Counter(moved) - Counter(news)
        pairs = [(defect, place) for defect, place in zip(olds, moved, strict=True) if left[place]]
        self.vanished = tuple(Span(defect.start, defect.end) for defect, _ in pairs)
        self._gone = [place for defect, place in pairs if not self._replaced(defect)]
        self._appeared = tuple(appeared.elements())
        self._around = [defect for defect in (Counter(news) & Counter(moved)) if self._near(defect)]

    def findings(self) -> Iterator[Finding]:
        """One finding for each error that the original did not have."""
        gone = list(self._gone)
        for defect in self._appeared:
            meeting = [one for one in gone if _meet(self.new.text, one, defect)]
            if not meeting or not self._excusable(defect):
                yield self._finding(defect)
            elif self._near(defect):
                gone.remove(min(meeting, key=lambda one: abs(one.start - defect.start)))
        yield from (self._finding(one) for one in self._around if not self._excusable(one))

    def _excusable(self, defect: Defect) -> bool:
        """Whether the text around may be to blame for an error, and not what was written."""
        if self._same_tokens:
            return True
        return self._no_worse and not any(
            region.new.start <= defect.start < defect.end <= region.new.end
            and defects(self._alone(self.new, region.new))
            for region in self.written.regions
        )

    @cached_property
    def _same_tokens(self) -> bool:
        """Whether the edit replaced tokens by as many of the same kinds: a renaming, say."""
        return all(
            [kind for kind, _ in leaves(self.old, region.old, touching=True)]
            == [kind for kind, _ in leaves(self.new, region.new, touching=True)]
            for region in self.shift.regions
        )

    @cached_property
    def _no_worse(self) -> bool:
        if len(loose(self.new)) > len(loose(self.old)):
            return False
        for region in self.shift.regions:
            old, new = _lines(self.old.text, region.old), _lines(self.new.text, region.new)
            allowed = len(defects(self._alone(self.old, old)))
            if len(defects(self._alone(self.new, new))) > allowed:
                return False
        return True

    def _alone(self, tree: SyntaxTree, span: Span) -> SyntaxTree:
        """The tree of a part of a text."""
        return parse(dedent(tree.text[span.start : span.end]), tree.language)

    def _moved(self, defect: Defect) -> Defect:
        end = self.shift.end(defect.end)
        start = end if defect.start == defect.end else self.shift.start(defect.start)
        return Defect(start, max(start, end), defect.kind, defect.token)

    def _near(self, defect: Defect) -> bool:
        """Whether an error of the new text touches what was written."""
        return any(
            defect.start <= region.new.end and region.new.start <= defect.end
            for region in self.shift.regions
        )

    def _replaced(self, defect: Defect) -> bool:
        """Whether an error of the original was wholly inside what was replaced."""
        return any(
            region.old.start <= defect.start < defect.end <= region.old.end
            for region in self.shift.regions
        )

    def _finding(self, defect: Defect) -> Finding:
        line = SourceText(self.new.text).line_of(defect.start) + 1
        return Finding(
            "syntax", f"line {line}: {defect}", culprit(self.new, self.shift, self._cause(defect))
        )

    def _cause(self, defect: Defect) -> int:
        """Where the written text leaves a bracket or quote open before an error, or the error."""
        for region in self.shift.regions:
            positions = loose(self.new, region.new)
            if positions and positions[0] < defect.end:
                return positions[0]
        return defect.start


def loose(tree: SyntaxTree, span: Span | None = None) -> list[int]:
    """Where brackets without a partner and odd quotes stand, in a text or a part of it."""
    opened: list[tuple[str, int]] = []
    quotes: dict[str, int] = {}
    for kind, where in leaves(tree, span or Span(0, len(tree.text))):
        if opened and _OPEN.get(opened[-1][0]) == kind:
            opened.pop()
        elif kind in _OPEN or kind in _OPEN.values():
            opened.append((kind, where.start))
        elif kind == "string_end" or (kind in _QUOTES and kind in quotes):
            quotes.pop("string_start" if kind == "string_end" else kind, None)
        elif kind in _QUOTES or kind == "string_start":
            quotes[kind] = where.start
    return sorted([*(at for _, at in opened), *quotes.values()])


def _meet(text: str, old: Defect, new: Defect) -> bool:
    """Whether two errors overlap, or stand on the same line or on neighbouring lines."""
    low, high = sorted((old, new))
    return low.end >= high.start or text.count("\n", low.end, high.start) <= 1


def _lines(text: str, span: Span) -> Span:
    """The whole lines of a span."""
    start = text.rfind("\n", 0, span.start) + 1
    end = text.find("\n", max(span.end - 1, span.start))
    return Span(start, end if end >= span.end else max(span.end, len(text) if end < 0 else end))
