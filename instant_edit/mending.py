"""Whether an edit makes a broken text whole.

Where a text has a syntax error, its tree around it is a guess of the parser's recovery, and a
repair turns out to be read otherwise: with the missing colon written, ``if`` takes the lines below
it as its block. So a text that is whole after the edit is not held to the old tree's structure,
but to its tokens: those outside the edit must be the same ones, which a quote or a bracket
that swallows them changes.
"""

from __future__ import annotations

from itertools import pairwise

from instant_edit.request import Finding, Span
from instant_edit.splice import Shift
from instant_edit.syntax import SyntaxTree, leaves


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
