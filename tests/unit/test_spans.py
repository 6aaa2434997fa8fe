"""Spans: checked, trimmed, grown."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from instant_edit.errors import SpanError
from instant_edit.languages import get
from instant_edit.request import Span
from instant_edit.spans import by_lines, check, cover, grow, line_insertion, snap
from instant_edit.text import SourceText

PYTHON = get("python")
TEXT = "def f(a):\n    x = a\n    return x + 1\n"


def part(span: Span) -> str:
    return TEXT[span.start : span.end]


def test_touching_and_unordered_spans_are_fine() -> None:
    check([Span(4, 6), Span(0, 4), Span(6, 6)], "abcdef")


@pytest.mark.parametrize(
    ("spans", "words"),
    [
        ([Span(0, 9)], ["[0, 9)", "outside", "6"]),
        ([Span(-1, 2)], ["[-1, 2)", "outside"]),
        ([Span(3, 2)], ["[3, 2)", "inverted"]),
        ([Span(3, 5), Span(0, 4)], ["[0, 4)", "[3, 5)", "overlap"]),
        ([Span(1, 1), Span(1, 1)], ["[1, 1)", "overlap"]),
        ([Span(0, 4), Span(2, 2)], ["[0, 4)", "[2, 2)", "overlap"]),
    ],
)
def test_bad_spans_are_named(spans: list[Span], words: list[str]) -> None:
    with pytest.raises(SpanError) as caught:
        check(spans, "abcdef")
    assert all(word in str(caught.value) for word in words)


def test_snapping_trims_the_indentation_and_the_line_ending() -> None:
    start = TEXT.index("    x = a\n")
    assert part(snap(TEXT, Span(start, start + 10), PYTHON)) == "x = a"


def test_selection_of_blanks_stays_as_it_is() -> None:
    start = TEXT.index("    x")
    assert snap(TEXT, Span(start, start + 4), PYTHON) == Span(start, start + 4)
    assert snap(TEXT, Span(7, 7), PYTHON) == Span(7, 7)


@given(st.text(alphabet="a \t\n\r", max_size=12), st.data())
def test_snapping_is_stable_and_never_leaves_the_span(text: str, data: st.DataObject) -> None:
    start = data.draw(st.integers(0, len(text)))
    span = Span(start, data.draw(st.integers(start, len(text))))
    snapped = snap(text, span, PYTHON)
    assert span.start <= snapped.start <= snapped.end <= span.end
    assert snap(text, snapped, PYTHON) == snapped


def test_cover_is_the_smallest_node_or_run_of_siblings() -> None:
    at = TEXT.index("x + 1")
    assert part(cover(TEXT, Span(at, at + 1), PYTHON)) == "x"
    assert part(cover(TEXT, Span(at, at + 3), PYTHON)) == "x +"
    assert part(cover(TEXT, Span(TEXT.index("= a"), at), PYTHON)) == "x = a\n    return x + 1"


def test_growing_ends_at_the_whole_text() -> None:
    span = Span(TEXT.index("1"), TEXT.index("1") + 1)
    seen = []
    while span != Span(0, len(TEXT)):
        span = grow(TEXT, span, PYTHON)
        seen.append(part(span))
    assert seen[:3] == ["x + 1", "return x + 1", "x = a\n    return x + 1"]


def test_lines_become_a_span() -> None:
    assert part(by_lines(SourceText(TEXT), 2, 2)) == "    x = a"


@pytest.mark.parametrize(
    ("text", "at", "expected"),
    [
        ("", 0, True),
        ("a\nb", 2, True),
        ("a\nb", 0, True),
        ("a\n", 2, True),
        ("a\rb", 2, True),
        ("a\nb", 1, False),
        ("a\n\nb", 2, False),
        ("a\r\nb", 2, False),
        ("a\r\nb", 3, True),
    ],
)
def test_whole_lines_are_inserted_at_line_starts(text: str, at: int, expected: bool) -> None:
    assert line_insertion(text, Span(at, at)) is expected
    assert not line_insertion(text + "x", Span(at, at + 1))
