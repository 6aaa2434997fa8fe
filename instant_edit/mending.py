"""Whether an edit mends what was broken: the whole text, or at least its own place.

Where a text has a syntax error, its tree around it is a guess of the parser's recovery, and a
repair turns out to be read otherwise: with the missing colon written, ``if`` takes the lines below
it as its block. So a text that is whole after the edit is not held to the old tree's structure,
but to its tokens: those outside the edit must be the same ones, which a quote or a bracket
that swallows them changes.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from itertools import pairwise

from instant_edit.languages import Language
from instant_edit.request import Finding, Span
from instant_edit.splice import Shift
from instant_edit.syntax import SyntaxTree, defects, leaves, parse


def mends(old: SyntaxTree, new: SyntaxTree, shift: Shift, fault: Finding | None, path: str) -> bool:
    """Whether the original is broken, the new text is not, and the words around are the same.

    Args:
        old: the tree of the original.
        new: the tree of the edited text.
        shift: how positions move from one to the other.
        fault: what the language's strict checker says of the original.
        path: the file's name, for that checker.
    """
    if new.root.has_error or not (old.root.has_error or fault):
        return False
    strict = new.language.strict
    if strict and strict(new.text, path):
        return False
    written = [region.new for region in shift.regions]
    replaced = [region.old for region in shift.regions]
    moved = [Span(shift.start(at.start), shift.end(at.end)) for at in _words(old, replaced)]
    return moved == _words(new, written)


def is_broken(text: str, spans: Sequence[Span], language: Language, path: str) -> bool:
    """Whether a syntax error touches one of the spans, or a strict checker stops at its line."""
    fault = language.strict(text, path) if language.strict else None
    if language.strict and fault is None:
        return False
    errors = (Span(one.start, one.end) for one in defects(parse(text, language)))
    places = [*errors, *line_at(text, fault)]
    return any(at.start <= span.end and span.start <= at.end for at in places for span in spans)


def line_at(text: str, fault: Finding | None) -> Iterator[Span]:
    """The line on which a strict checker stopped, if it did."""
    if fault is not None:
        start = text.rfind("\n", 0, fault.position) + 1
        end = text.find("\n", fault.position)
        yield Span(start, end if end >= 0 else len(text))


def _words(tree: SyntaxTree, zones: list[Span]) -> list[Span]:
    """The runs of adjoining tokens outside of a text's zones, in order.

    Within a run recovery may cut the tokens in another way: ``->`` into two, say.
    """
    edges = [0, *(edge for zone in zones for edge in (zone.start, zone.end)), len(tree.text)]
    runs: list[Span] = []
    for start, end in list(pairwise(edges))[::2]:
        first = len(runs)
        for _, token in leaves(tree, Span(start, end)):
            if len(runs) > first and runs[-1].end == token.start:
                runs[-1] = Span(runs[-1].start, token.end)
            else:
                runs.append(token)
    return runs
