"""What a lookup finds, it finds in the texts it was given."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from instant_edit.lookup import Lookup

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
