"""The context is cut where the tokenizer would cut it."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from instant_edit.context import Budget, split_prefix, window
from instant_edit.request import Span
from tests.scripted import tokenizer

SOURCE = "def f(x):\n    y = x + 1\n    return y\n"


def at(text: str, source: str = SOURCE) -> Span:
    start = source.index(text)
    return Span(start, start + len(text))


@given(st.text(alphabet=st.sampled_from("ab_ \n\t(:é😀\r"), max_size=30))
def test_prefix_and_forced_bytes_are_the_text_before_the_span(before: str) -> None:
    ids, forced = split_prefix(before, tokenizer())
    assert tokenizer().decode_bytes(ids) + forced == before.encode()


@pytest.mark.parametrize(
    ("before", "forced"),
    [
        ("def f(x):\n    ", b" "),  # the tokenizer joins the last blank with the next word
        ("def f(x):\n", b"\n"),  # a bare newline would promise no indentation
        ("def f(x):\n\n", b"\n\n"),
        ("x = ", b" "),
        ("x = fo", b" fo"),  # half a word is taken back
        ("", b""),
    ],
)
def test_what_a_tokenizer_would_join_is_taken_back(before: str, forced: bytes) -> None:
    assert split_prefix(before, tokenizer())[1] == forced


@pytest.mark.parametrize("text", ["y = x + 1", "return y", "x + 1"])
def test_context_tokens_are_those_of_the_whole_text(text: str) -> None:
    """Prefix and suffix are tokenized as they are in the file, wherever the span stands."""
    here = window(SOURCE, at(text), tokenizer(), mode="fill")
    whole = tokenizer().encode(SOURCE)
    prefix, suffix = list(here.ids.prefix[1:]), list(here.following)
    assert whole[: len(prefix)] == prefix
    assert whole[len(whole) - len(suffix) :] == suffix


def test_an_insertion_before_a_line_is_followed_by_its_own_newline() -> None:
    start = SOURCE.index("    return y")
    here = window(SOURCE, Span(start, start), tokenizer(), mode="fill")
    assert here.closing == "\n"
    assert here.forced == b"\n"
    assert tokenizer().decode(here.following).startswith("\n    return")


def test_an_insertion_on_a_blank_line_needs_no_newline() -> None:
    source = "a = 1\n\nb = 2\n"
    assert window(source, Span(6, 6), tokenizer(), mode="fill").closing == ""


def test_the_old_text_is_hidden_in_fill_and_shown_in_rewrite() -> None:
    span, words = at("y = x + 1"), tokenizer()
    fill = window(SOURCE, span, words, mode="fill")
    rewrite = window(SOURCE, span, words, mode="rewrite", instruction="use two")
    assert "x + 1" not in words.decode(fill.ids.prefix) + words.decode(fill.ids.tail)
    shown = words.decode(rewrite.ids.tail)
    assert shown.endswith("use twoy = x + 1")
    assert words.special.old in rewrite.ids.tail


def test_control_tokens_in_the_text_stay_text() -> None:
    source = "x = '<|endoftext|>'\ny = 1\n"
    here = window(source, at("y = 1", source), tokenizer(), mode="fill")
    assert min(here.ids.prefix[1:]) >= tokenizer().special.first_text_id


def test_long_surroundings_are_cut_to_the_budget() -> None:
    source = "a = 1\n" * 5000
    here = window(source, Span(12000, 12005), tokenizer(), mode="fill", budget=Budget(64, 32))
    assert 55 <= len(here.ids.prefix) <= 65
    assert len(here.following) == 32


def test_typing_seldom_moves_the_start_of_the_prefix() -> None:
    source, starts = "".join(f"a{n} = {n}\n" for n in range(2000)), []
    for end in range(9000, 9400):
        here = window(source[:end], Span(end, end), tokenizer(), mode="fill")
        starts.append(here.ids.prefix[:256])
    assert 1 < len(set(starts)) <= 8
    assert len({len(start) for start in starts}) == 1


def test_related_text_stands_before_the_prefix_and_within_its_budget() -> None:
    words, told = tokenizer(), "# shop.py\ndef total(items): ...\n"
    plain = window(SOURCE, at("return y"), words, mode="fill").ids
    with_it = window(SOURCE, at("return y"), words, mode="fill", related=told).ids
    assert words.decode(with_it.prefix[1:]) == told + words.decode(plain.prefix[1:])
    assert with_it.tail == plain.tail
    size = len(words.encode(told))
    budget = Budget(prefix=size + 3, related=size)
    tight = window(SOURCE, at("return y"), words, mode="fill", related=told, budget=budget).ids
    assert tight.prefix == (0, *words.encode(told), *plain.prefix[-3:])
    full = Budget(prefix=size, related=size)  # the whole budget: nothing of the prefix is left
    assert window(
        SOURCE, at("return y"), words, mode="fill", related=told, budget=full
    ).ids.prefix == (0, *words.encode(told))
    two = Budget(related=2)
    cut = window(SOURCE, at("return y"), words, mode="fill", related=told, budget=two).ids
    assert cut.prefix == (0, *words.encode(told)[:2], *plain.prefix[1:])
