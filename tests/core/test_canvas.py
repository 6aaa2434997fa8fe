"""Frozen slots stay what they are."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from instant_edit.canvas import Canvas

MASK = 4


def test_a_frozen_slot_can_not_be_written() -> None:
    canvas = Canvas.masked(2, MASK).extend([50])
    with pytest.raises(ValueError, match="slot 2 is frozen"):
        canvas.write({2: 51})


def test_frozen_slots_can_not_be_cut_off() -> None:
    with pytest.raises(ValueError, match="frozen"):
        Canvas((), ()).extend([50, 51]).cut(1)


@given(st.lists(st.integers(20, 90), max_size=8), st.integers(0, 8), st.data())
def test_writing_and_growing_keep_the_frozen_ids(
    frozen: list[int], more: int, data: st.DataObject
) -> None:
    canvas = Canvas((), ()).extend(frozen).grow(more, MASK)
    chosen = [i for i in canvas.open(MASK) if data.draw(st.booleans())]
    written = canvas.write(dict.fromkeys(chosen, 99))
    assert written.ids[: len(frozen)] == tuple(frozen)
    assert len(written) == len(frozen) + more
    assert set(written.open(MASK)) == set(canvas.open(MASK)) - set(chosen)
