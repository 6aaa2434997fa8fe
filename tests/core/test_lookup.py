"""What a lookup finds, it finds in the texts it was given."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from instant_edit.lookup import Lookup, copied

IDS = st.lists(st.integers(0, 3), max_size=12)


@given(st.lists(IDS, max_size=3), IDS, IDS, st.integers(1, 3), st.integers(0, 5))
def test_what_is_found_stands_behind_the_same_tokens(
    texts: list[list[int]], before: list[int], written: list[int], width: int, most: int
) -> None:
    recent = [*before, *written][-width:]
    found = Lookup(texts, width).after(before, written, most=most)
    assert len(found) <= most
    places = [
        text[end : end + most]
        for text in texts
        for end in range(width, len(text))
        if text[end - width : end] == recent
    ]
    assert list(found) == (places[-1] if places else [])


def test_a_lookup_of_no_width_finds_nothing() -> None:
    assert Lookup([[1, 2, 3, 1, 2]], 0).after([1, 2], most=3) == ()


@given(IDS, IDS, st.integers(0, 5))
def test_what_is_copied_follows_the_last_token_written(
    old: list[int], written: list[int], most: int
) -> None:
    found = list(copied(old, written, most))
    ends = [end for end in range(1, len(old) + 1) if old[end - 1 : end] == written[-1:]]
    possible = [old[end : end + most] for end in ends] if written else [old[:most]]
    assert found in (possible or [[]])


@given(st.lists(st.integers(0, 9), unique=True), st.data())
def test_a_text_is_copied_from_where_its_copy_ends(old: list[int], data: st.DataObject) -> None:
    done = data.draw(st.integers(0, len(old)))
    assert list(copied(old, old[:done], 20)) == old[done:]


def test_the_longest_run_that_agrees_says_where_copying_goes_on() -> None:
    assert copied([1, 2, 7, 3, 2, 8], [3, 2], 2) == [8]
    assert copied([1, 2, 7, 3, 2, 8], [1, 2], 2) == [7, 3]
    assert copied([1, 2, 1, 2, 1, 2], [1, 2], 2) == [1, 2]  # the first of three that agree alike
