"""All selectors of a run, asked together about one file."""

from __future__ import annotations

from dataclasses import dataclass, field
from itertools import chain, pairwise
from typing import TYPE_CHECKING

from instant_edit import edit_kinds
from instant_edit.apply.selection.lines import by_lines
from instant_edit.apply.selection.marker import MARK, by_marker
from instant_edit.apply.selection.target import Target
from instant_edit.errors import SpanError
from instant_edit.queries import by_query
from instant_edit.symbols import find_symbol, symbols_called
from instant_edit.syntax import SyntaxTree, parse

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping, Sequence

    from instant_edit.apply.selection.rows import Row
    from instant_edit.languages import Language
    from instant_edit.request import Span
    from instant_edit.text import SourceText


@dataclass(frozen=True)
class Selectors:
    """What selects; ``rows`` are those of ``--edits`` and ``--diagnostics``, by real path."""

    lines: tuple[str, ...] = ()
    symbols: tuple[str, ...] = ()
    query: str | None = None
    capture: str | None = None
    markers: bool = False
    kinds: tuple[str, ...] = ()
    rows: Mapping[str, tuple[Row, ...]] = field(default_factory=dict)
    several: bool = False  # of several files, one need not have a symbol

    def targets(self, source: SourceText, language: Language, path: str) -> list[Target]:
        """Every target in a file, in order.

        Raises:
            InputError: a selector is wrong here, or two of them overlap.
        """
        tree = parse(source.text, language) if self._need_tree(source, path) else None
        found = list(self._by_lines(source, language))
        if tree is not None:
            found += self._by_tree(source, tree, path)
        found.sort(key=lambda target: target.span)
        refuse_overlaps(source, found)
        return found

    def _need_tree(self, source: SourceText, path: str) -> bool:
        marked = self.markers and MARK in source.text
        return bool(self.symbols or self.query or self.kinds or marked or self.rows.get(path))

    def _by_lines(self, source: SourceText, language: Language) -> Iterator[Target]:
        for argument in self.lines:
            span = by_lines(source, argument, language)
            yield Target(span, f"--lines {argument}", joint=True)

    def _by_tree(self, source: SourceText, tree: SyntaxTree, path: str) -> Iterator[Target]:
        for name in self.symbols:
            if not self.several or symbols_called(tree, name):
                yield Target(find_symbol(tree, name), f"--symbol {name}", joint=True)
        if self.query is not None:
            for span in by_query(tree, self.query, self.capture):
                yield Target(span, "--query")
        if self.markers:
            yield from by_marker(source, tree)
        for row in self.rows.get(path, ()):
            yield row.target(source, tree)
        yield from chain.from_iterable(_by_kind(source, tree, kind) for kind in self.kinds)


def _by_kind(source: SourceText, tree: SyntaxTree, kind: str) -> Iterator[Target]:
    chosen = edit_kinds.get(kind)
    for span in edit_kinds.targets(chosen, source, tree):
        asked = chosen.asked(source.text[span.start : span.end])
        yield Target(span, f"--kind {kind}", asked, chosen.mode, kind=kind)


def refuse_overlaps(source: SourceText, targets: Sequence[Target]) -> None:
    """Raise :class:`SpanError`, with both origins, where two targets overlap."""
    for (left, first), (right, second) in pairwise(sorted(_claims(targets), key=lambda c: c[0])):
        if right.start < left.end or right == left:
            raise SpanError(
                f"line {source.line_of(right.start) + 1}: {first} and {second} overlap; "
                "take one of them away"
            )


def _claims(targets: Iterable[Target]) -> Iterator[tuple[Span, str]]:
    for target in targets:
        yield target.span, target.origin
        if target.cut is not None:
            yield target.cut, target.origin
