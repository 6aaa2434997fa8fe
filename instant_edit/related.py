"""What is known of the names around a span from other texts: their signatures, as code.

A model that sees one file guesses how to call what the file imports. The definitions stand in other
open documents; a line of each, in front of the prefix, tells it. (The beginning of a neighbour, and
the messages of a linter, did not make the truth likelier: ``benchmarks/related.py``.)
"""

from __future__ import annotations

import re
from collections.abc import Container, Iterator, Sequence
from dataclasses import dataclass
from functools import lru_cache

from instant_edit import languages
from instant_edit.languages import Language
from instant_edit.request import Span
from instant_edit.syntax import SyntaxTree, definition_of, parse

LIMIT = 400  # characters in all, about 128 tokens
LONGEST = 160  # characters of one signature
LARGEST = 200_000  # characters of a text that is searched
_NAME = re.compile(r"[^\W\d]\w{2,}")


@dataclass(frozen=True, slots=True)
class Neighbour:
    """A text beside the one that is edited; ``name`` is what the model is shown of its path."""

    name: str
    text: str
    language: str


@dataclass(frozen=True, slots=True)
class Signature:
    """A definition's name, and its header on one line."""

    name: str
    text: str


def related(
    source: str,
    spans: Sequence[Span],
    language: Language,
    neighbours: Sequence[Neighbour],
    *,
    limit: int = LIMIT,
    shown: bool = False,
) -> str:
    """Signatures of names that ``source`` uses and others define, those used nearest first.

    Nothing is told of a text that is very large.

    Args:
        source: the text that is edited.
        spans: where it is edited.
        language: its language; neighbours of another one are passed over.
        neighbours: where definitions are looked for; the first that has one counts.
        limit: characters in all.
        shown: whether what stands in the spans counts; it does not where it is written anew.

    Returns:
        Lines of code, each neighbour's below a comment with its name, or nothing.
    """
    if len(source) > LARGEST or not spans:
        return ""
    known = _known(source, language, neighbours)
    chosen: dict[str, list[str]] = {}
    left = limit
    for name in _names_around(source, spans, known, shown):
        origin, signature = known.pop(name)
        cost = len(signature) + 1 + (0 if origin in chosen else len(origin) + 1)
        if cost <= left:
            left -= cost
            chosen.setdefault(origin, []).append(signature)
    # The nearest name comes last, where it stands nearest to the prefix.
    parts = [[origin, *reversed(found)] for origin, found in chosen.items()]
    return "".join(f"{line}\n" for part in reversed(parts) for line in part)


def _known(
    source: str, language: Language, neighbours: Sequence[Neighbour]
) -> dict[str, tuple[str, str]]:
    """By name: the comment that says where it is defined, and its signature."""
    found: dict[str, tuple[str, str]] = {}
    own = {one.name for one in signatures(source, language.id)}
    for neighbour in neighbours:
        if neighbour.language == language.id:
            title = _comment(language, neighbour.name)
            for one in signatures(neighbour.text, language.id):
                if one.name not in own:
                    found.setdefault(one.name, (title, one.text))
    return found


@lru_cache(maxsize=64)
def signatures(text: str, language: str) -> tuple[Signature, ...]:
    """The definitions at the top level of a text; none of a text that is very large."""
    if len(text) > LARGEST:
        return ()
    return tuple(_signatures(parse(text, languages.get(language))))


def _signatures(tree: SyntaxTree) -> Iterator[Signature]:
    for node in tree.root.children:
        inner = [node, *node.named_children]  # below an export, a decorator
        found = next((one for one in (definition_of(tree, n) for n in inner) if one), None)
        if found is not None and found.name:
            text = " ".join(tree.text[found.header.start : found.header.end].split())
            if found.kind == "class_definition":
                text += _constructor(tree, found.span)
            if text.endswith(":"):
                text += " ..."
            if len(text) <= LONGEST:
                yield Signature(found.name, text)


def _names_around(
    source: str, spans: Sequence[Span], known: Container[str], shown: bool
) -> list[str]:
    """Those of the names that are used, in a span only where it is shown, the nearest first."""
    nearest: dict[str, int] = {}
    for match in _NAME.finditer(source):
        name, at = match.group(), match.start()
        if name in known and (shown or not any(s.start <= at < s.end for s in spans)):
            away = min(_distance(span, at) for span in spans)
            nearest[name] = min(away, nearest.get(name, away))
    return sorted(nearest, key=lambda name: (nearest[name], name))


def _distance(span: Span, at: int) -> int:
    return max(span.start - at, at - span.end, 0)


def _comment(language: Language, name: str) -> str:
    """A comment with the name of a text, whatever a file system let it be."""
    shown = " ".join(name.encode("utf-8", "replace").decode().split())
    if language.line_comment:
        return f"{language.line_comment} {shown}"
    opening, closing = language.block_comment or ("", "")
    return f"{opening} {shown} {closing}".strip()


def _constructor(tree: SyntaxTree, span: Span) -> str:
    """How an instance of a Python class is made, if the class says so."""
    match = re.compile(r"^    def (__init__\([^)]*\))", re.M).search(
        tree.text, span.start, span.end
    )
    return " def " + " ".join(match[1].split()) + ": ..." if match else ""
