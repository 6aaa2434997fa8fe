"""A rewrite is asked in words that end where the canvas begins."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from instant_edit import Span
from instant_edit.context import window
from instant_edit.models.asking import LEAD, in_words, line_start
from tests.scripted import tokenizer

WORDS = tokenizer()
SOURCE = "def f(a):\n    if a != None:\n        return a\n"


def told(source: str, old: str, instruction: str = "use is None") -> tuple[str, str, bytes]:
    """What is asked between the prefix and the canvas, the tail, and the forced bytes."""
    at = source.index(old)
    span = Span(at, at + len(old))
    seen = window(source, span, WORDS, mode="rewrite", instruction=instruction).ids
    asked = in_words(seen, WORDS)
    assert asked.prefix[: len(seen.prefix)] == seen.prefix
    more, tail = asked.prefix[len(seen.prefix) :], asked.tail[1:]
    return WORDS.decode(more), WORDS.decode(tail), asked.forced


def test_the_old_line_stands_before_the_place_of_the_new_one() -> None:
    words, tail, forced = told(SOURCE, "if a != None:")
    assert forced == b" "
    assert words == (
        "\n### Instruction: use is None\n### Before:\n    if a != None:\n### After:\n   "
    )
    assert tail == "\n        return a\n"


def test_what_stands_before_a_span_in_its_line_is_repeated() -> None:
    words, _, forced = told("x = 1\ny = first + second\n", "second")
    assert forced == b" "
    assert words.endswith("### Before:\ny = first + second\n### After:\ny = first +")


@pytest.mark.parametrize("source", ["first + second\n", "a" + ", a" * 200 + ", second\n"])
def test_a_line_without_a_break_before_it_begins_on_a_line_of_its_own(source: str) -> None:
    words, _, _ = told(source, "second")
    *_, before, _, lead = words.rsplit("\n", 3)
    assert before.startswith(lead)
    assert lead
    assert len(WORDS.encode(lead)) <= LEAD


def test_a_fill_is_asked_nothing() -> None:
    seen = window(SOURCE, Span(14, 27), WORDS, mode="fill").ids
    assert in_words(seen, WORDS) is seen


@given(st.text("ab\n (", max_size=60))
def test_the_line_that_a_prefix_ends_in_is_its_last(text: str) -> None:
    ids = [0, *WORDS.encode(text)]
    line = WORDS.decode(line_start(ids, WORDS))
    assert "\n" in line
    last = text.rpartition("\n")[2]
    assert last.endswith(line.rpartition("\n")[2])
    if len(WORDS.encode(text)) < LEAD:
        assert line.rpartition("\n")[2] == last
