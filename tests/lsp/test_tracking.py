"""Spans that follow their document, against a model that knows what was typed where."""

from __future__ import annotations

from hypothesis import example, given
from hypothesis import strategies as st

from instant_edit.lsp.arrivals import Arrival, judge
from instant_edit.lsp.documents import Document
from instant_edit.lsp.tracking import Change, Place
from instant_edit.request import Finding, Span
from instant_edit.text import SourceText

FEW = st.text("ab\n", max_size=12)  # few letters, so that texts are full of repetitions


def document(text: str, version: int = 1) -> Document:
    return Document("file:///a.py", "python", version, SourceText(text))


@st.composite
def typed(draw: st.DrawFn) -> tuple[str, Span, Span, str]:
    """A text, a span in it, and a replacement of another place (or the same one)."""
    text = draw(FEW)
    offsets = st.integers(0, len(text))
    first, second, third, fourth = (draw(offsets) for _ in range(4))
    span = Span(min(first, second), max(first, second))
    return text, span, Span(min(third, fourth), max(third, fourth)), draw(FEW)


@given(typed())
@example(("foo\nfoo\nbar", Span(4, 7), Span(0, 0), "foo\n"))  # which of the lines is the new one?
@example(("aaab", Span(0, 1), Span(1, 2), ""))
def test_a_span_is_followed_to_where_it_really_is_or_given_up(
    case: tuple[str, Span, Span, str],
) -> None:
    text, span, place, written = case
    newer = text[: place.start] + written + text[place.end :]
    followed = Place(document(text), (span,))
    if not followed.follow(document(newer, 2)):
        return
    (now,) = followed.spans_now
    assert newer[now.start : now.end] == text[span.start : span.end]
    delta = len(written) - len(place)
    if place.end < span.start:
        assert now == Span(span.start + delta, span.end + delta)
    elif place.start > span.end:
        assert now == span


@given(FEW, FEW)
def test_outside_a_change_nothing_has_changed(old: str, new: str) -> None:
    change = Change.between(old, new)
    if change is None:
        assert old == new
        return
    assert 0 <= change.low <= change.high <= len(old)
    assert change.delta == len(new) - len(old)
    assert old[: change.low] == new[: change.low]
    assert old[change.high :] == new[change.high + change.delta :]


@given(FEW, st.lists(st.tuples(st.booleans(), FEW), max_size=5))
def test_typing_far_away_never_disturbs_a_span(inside: str, more: list[tuple[bool, str]]) -> None:
    before, after = "BEFORE(", ")AFTER"
    text = before + inside + after
    place = Place(document(text), (Span(len(before), len(before) + len(inside)),))
    for version, (above, words) in enumerate(more, 2):
        text = words + text if above else text + words
        assert place.follow(document(text, version))
        (now,) = place.spans_now
        assert text[now.start - 1 : now.end + 1] == f"({inside})"
    assert place.now.source.text == text


def test_a_change_beside_a_span_counts_as_inside() -> None:
    for newer in ("xab", "abx"):
        place = Place(document("ab"), (Span(0, 2),))
        assert not place.follow(document(newer, 2))


def test_one_disturbed_span_of_several_is_enough() -> None:
    place = Place(document("one two three"), (Span(0, 3), Span(8, 13)))
    assert place.follow(document("one TWO three", 2))
    assert not place.follow(document("one TWO THREE", 3))


def test_a_finding_inside_a_change_stays_beside_it() -> None:
    place = Place(document("aaa\nspan\nbbb"), (Span(4, 8),))
    assert place.follow(document("X\naaa\nspan\nbbb", 2))
    assert place.finding_now(Finding("syntax", "here", 5)).position == 7


@given(before=FEW, written=st.text("cd", min_size=1, max_size=4), typed=st.text("e", max_size=3))
def test_an_arrival_is_told_from_a_refusal(before: str, written: str, typed: str) -> None:
    edited = f"{before}<{written}>"
    without = f"{before}<>"
    assert judge(without, edited, edited + typed) is Arrival.THERE
    assert judge(without, edited, without + typed) is not Arrival.THERE
    assert judge(without, edited, without) is Arrival.MISSING
