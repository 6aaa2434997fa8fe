"""Imports: sorted, and each only once."""

from __future__ import annotations

from collections.abc import Iterator
from random import Random

from instant_edit.edit_kinds.kind import Rewrite
from instant_edit.edit_kinds.making import mixed
from instant_edit.edit_kinds.view import MOST_LINES, View
from instant_edit.request import Span

_IMPORTS = ("import_statement", "import_from_statement")


def unsorted_runs(view: View) -> Iterator[Span]:
    """Runs of imports on lines of their own that are not in order."""
    for span in _runs(view):
        lines = view.of_span(span).split("\n")
        if lines != sorted(lines, key=order):
            yield span


def sorted_again(view: View, rng: Random) -> Iterator[Rewrite]:
    """A sorted run shuffled, or one that is not sorted as it is."""
    for span in mixed(rng, _runs(view)):
        text = view.of_span(span)
        lines = text.split("\n")
        right = sorted(lines, key=order)
        wrong = rng.sample(lines, len(lines)) if lines == right else lines
        if wrong != right:
            yield Rewrite(span, "\n".join(wrong), "\n".join(right))


def repeated(view: View) -> Iterator[Span]:
    """Runs of imports with a line that stands there twice."""
    for span in _runs(view):
        lines = view.of_span(span).split("\n")
        if len(set(lines)) < len(lines):
            yield span


def without_repeats(view: View, rng: Random) -> Iterator[Rewrite]:
    """A line of a run of imports written twice."""
    for span in mixed(rng, _runs(view)):
        lines = view.of_span(span).split("\n")
        if len(set(lines)) == len(lines) < MOST_LINES:
            first = rng.randrange(len(lines))
            twice = [*lines]
            twice.insert(rng.randrange(first + 1, len(lines) + 1), lines[first])
            yield Rewrite(span, "\n".join(twice), "\n".join(lines))


def order(line: str) -> tuple[bool, str]:
    """Where an import belongs: ``import`` before ``from``, then by the name of the module."""
    return line.startswith("from"), line.split()[1].lower() + " " + line.lower()


def _runs(view: View) -> Iterator[Span]:
    """Two to six imports right below one another, each on one line."""
    run: list[Span] = []
    for span in sorted(view.span(node) for node in view.all(*_IMPORTS)):
        start = view.line_start(span.start)
        end = view.text.find("\n", span.end)
        alone = start == span.start and end == span.end and "\n" not in view.of_span(span)
        joined = run and run[-1].end + 1 == span.start and len(run) < MOST_LINES
        if run and not (alone and joined):
            yield from _whole(run)
            run = []
        if alone:
            run.append(span)
    yield from _whole(run)


def _whole(run: list[Span]) -> Iterator[Span]:
    if len(run) > 1:
        yield Span(run[0].start, run[-1].end)
