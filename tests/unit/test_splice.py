"""Splicing: exact outside the spans, the document's line endings, minimal changes."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from instant_edit.request import Edit, Span
from instant_edit.splice import Shift, conform, minimal, splice
from instant_edit.text import SourceText

PIECES = st.sampled_from(
    ["a", "b", "\r", "\n", "\r\n", "e\u0301", "\u0301", "👩\u200d💻", "👍\U0001f3fd", "🇫🇷", "😀"]
)
TEXTS = st.lists(PIECES, max_size=10).map("".join)


@st.composite
def edited(draw: st.DrawFn) -> tuple[str, list[Edit]]:
    source = draw(TEXTS)
    cuts = sorted(draw(st.sets(st.integers(0, len(source)), max_size=6)))
    spans = [Span(a, b) for a, b in zip(cuts[::2], cuts[1::2], strict=False)]
    return source, draw(st.permutations([Edit(span, draw(TEXTS), 1.0) for span in spans]))


@given(edited())
def test_what_is_outside_the_spans_is_kept(case: tuple[str, list[Edit]]) -> None:
    source, edits = case
    after = splice(source, edits)
    shift = Shift.of(edits)
    covered = {i for edit in edits for i in range(edit.span.start, edit.span.end)}
    for index in set(range(len(source))) - covered:
        assert after[shift.start(index)] == source[index]
        assert shift.end(index + 1) == shift.start(index) + 1
    ordered = sorted(edits, key=lambda edit: edit.span)
    for edit, region in zip(ordered, shift.regions, strict=True):
        assert after[region.new.start : region.new.end] == edit.text


def test_positions_beside_an_insertion_stay_on_their_side() -> None:
    shift = Shift.of([Edit(Span(3, 3), "xy", 1.0)])
    assert (shift.end(3), shift.start(3)) == (3, 5)


def test_nearest_position_is_inside_what_was_written() -> None:
    shift = Shift.of([Edit(Span(3, 3), "xy", 1.0), Edit(Span(9, 10), "", 1.0)])
    assert [shift.nearest(p) for p in (0, 3, 4, 5, 6, 40)] == [3, 3, 4, 4, 4, 11]


@pytest.mark.parametrize(
    ("document", "at", "expected"),
    [
        ("a\r\nb\r\n", 0, "x\r\ny\r\n"),
        ("a\rb\r", 0, "x\ry\r"),
        ("a\nb\n", 0, "x\ny\n"),
        ("a", 0, "x\ny\n"),
        ("a\r\nb", 3, "x\r\ny\r\n"),
        ("a\nb\nc\r\nd\n", 4, "x\r\ny\r\n"),
    ],
)
def test_written_lines_end_as_those_of_the_document(document: str, at: int, expected: str) -> None:
    assert conform("x\ny\n", SourceText(document), Span(at, at)) == expected


@given(TEXTS, st.sampled_from(["\n", "\r\n", "\r"]))
def test_conforming_changes_nothing_but_line_endings(text: str, eol: str) -> None:
    source = SourceText(f"a{eol}b")
    once = conform(text, source, Span(0, 0))
    kept = once.replace(eol, "").replace("\r", "").replace("\n", "")
    assert kept == text.replace("\r", "").replace("\n", "")
    if "\r" not in text:
        assert once == text.replace("\n", eol)


@given(TEXTS, TEXTS)
def test_minimal_change_makes_the_new_text(old: str, new: str) -> None:
    start, end, text = minimal(old, new)
    assert 0 <= start <= end <= len(old)
    assert old[:start] + text + old[end:] == new


@given(TEXTS, TEXTS)
def test_minimal_change_never_cuts_a_line_ending(old: str, new: str) -> None:
    start, end, text = minimal(old, new)
    for cut in (start, end):
        assert old[max(cut - 1, 0) : cut + 1] != "\r\n" or cut == 0
    at = start + len(text)
    assert at == 0 or new[at - 1 : at + 1] != "\r\n"


@pytest.mark.parametrize(
    ("old", "new", "expected"),
    [
        ("abc", "abc", (0, 0, "")),
        ("abcd", "axcd", (1, 2, "x")),
        ("aaa", "aa", (2, 3, "")),
        ("a\r\nb", "a\nb", (1, 3, "\n")),
        ("ae\u0301", "ae\u0300", (1, 3, "e\u0300")),
        ("👩\u200d💻", "👩\u200d🔬", (0, 3, "👩\u200d🔬")),
        ("👍\U0001f3fd", "👍\U0001f3fb", (0, 2, "👍\U0001f3fb")),
        ("🇫🇷", "🇫🇮", (0, 2, "🇫🇮")),
        ("x = é + 1", "x = à + 1", (4, 5, "à")),
    ],
)
def test_minimal_changes(old: str, new: str, expected: tuple[int, int, str]) -> None:
    assert minimal(old, new) == expected


SOURCE = "alpha\r\nbeta 😀\r\ngamma\r\n"
EDITS = (Edit(Span(7, 11), "B", 1.0), Edit(Span(15, 20), "gamma, delta", 1.0))


def test_positions_outside_the_spans_are_found_again() -> None:
    after = splice(SOURCE, EDITS)
    for piece in ("alpha", "\r\n", " 😀"):
        assert Shift.of(EDITS).original(after.index(piece)) == SOURCE.index(piece)
    assert Shift.of(EDITS).original(len(after)) == len(SOURCE)


@given(st.integers(0, 40))
def test_every_position_lies_in_the_document(position: int) -> None:
    after = splice(SOURCE, EDITS)
    assert 0 <= Shift.of(EDITS).original(min(position, len(after))) <= len(SOURCE)


def test_positions_inside_a_span_stay_inside_it() -> None:
    after = splice(SOURCE, EDITS)
    start = after.index("gamma, delta")
    found = {Shift.of(EDITS).original(start + offset) for offset in range(len("gamma, delta") + 1)}
    assert found == set(range(15, 21))
