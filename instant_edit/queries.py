"""From a tree-sitter query to the spans that it captures."""

from __future__ import annotations

import re
from collections.abc import Iterable
from functools import lru_cache
from typing import TYPE_CHECKING

from instant_edit import languages
from instant_edit.errors import InputError
from instant_edit.request import Span
from instant_edit.syntax import SyntaxTree

if TYPE_CHECKING:
    from tree_sitter import Query

TARGET = "target"
_POSITION = re.compile(r" at row (\d+), column (\d+)")


def captured(tree: SyntaxTree, query: str, capture: str | None = None) -> list[Span]:
    """Everything that a query captures, each place once; an outer one before an inner one."""
    from tree_sitter import QueryCursor

    compiled, name = compile_query(query, tree.language.id, capture)
    nodes = QueryCursor(compiled).captures(tree.root).get(name, [])
    return sorted({tree.span(node) for node in nodes}, key=lambda span: (span.start, -span.end))


def by_query(tree: SyntaxTree, query: str, capture: str | None = None) -> list[Span]:
    """What a query captures, in order; of captures inside one another only the outermost."""
    found: list[Span] = []
    for span in captured(tree, query, capture):
        if not found or span.start >= found[-1].end:
            found.append(span)
    return found


@lru_cache(maxsize=32)
def compile_query(query: str, language: str, capture: str | None) -> tuple[Query, str]:
    """Compile a query for a language and decide which capture selects.

    It is the one that was asked for, the only one, or ``@target``; a capture whose name
    begins with ``_`` only serves predicates.

    Raises:
        InputError: the query is wrong (its position is told), or no capture is meant.
    """
    from tree_sitter import Query, QueryError

    try:
        compiled = Query(languages.get(language).grammar(), query)
    except QueryError as error:
        raise InputError(f"query: {_explained(str(error), query)} (as {language})") from None
    names = [compiled.capture_name(index) for index in range(compiled.capture_count)]
    return compiled, _chosen(names, capture)


def fitting(query: str, capture: str | None, wanted: Iterable[str]) -> tuple[set[str], str]:
    """Of the languages ``wanted``, those that a query can be asked in, and why another cannot.

    Raises:
        InputError: it can be asked in none of them.
    """
    fits: set[str] = set()
    problem: InputError | None = None
    for language in sorted(set(wanted)):
        try:
            compile_query(query, language, capture)
            fits.add(language)
        except InputError as error:
            problem = problem or error
    if problem is not None and not fits:
        raise problem
    return fits, str(problem or "")


def _chosen(names: list[str], capture: str | None) -> str:
    if capture is not None:
        wanted = capture.removeprefix("@")
        if wanted not in names:
            raise InputError(f"the query has no capture @{wanted}; it has: {_shown(names)}")
        return wanted
    public = [name for name in names if not name.startswith("_")]
    if not public:
        raise InputError(
            "the query has no capture, so nothing is selected; put @target behind the node to edit"
        )
    if len(public) > 1 and TARGET not in public:
        raise InputError(
            f"the query has {len(public)} captures ({_shown(public)}); "
            "name one @target, or choose with --capture"
        )
    return TARGET if TARGET in public else public[0]


def _shown(names: list[str]) -> str:
    return ", ".join(f"@{name}" for name in names) or "none"


def _explained(message: str, query: str) -> str:
    """The library's message, its position counted from 1 and told even at the end."""
    match = _POSITION.search(message)
    if match is None:
        line, column = query.count("\n") + 1, len(query) - (query.rfind("\n") + 1) + 1
        return f"line {line}, column {column}: {message[:1].lower()}{message[1:]}"
    line, column = int(match[1]) + 1, int(match[2]) + 1
    said = _POSITION.sub("", message)
    return f"line {line}, column {column}: {said[:1].lower()}{said[1:]}"
