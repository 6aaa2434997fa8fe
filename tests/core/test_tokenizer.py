"""Text to ids and back, and never a control token by accident."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.scripted import tokenizer

WORDS = tokenizer()
FIRST = WORDS.special.first_text_id
CONTROL = (*WORDS.control_texts, "<repo_name>", "<file_sep>", "<empty_output>")
CODE = st.text(alphabet="abxyz_0189 \t\n\r()[]{}:.,'\"=<|>é漢😀\u0301")
IDS = st.lists(st.integers(0, WORDS.vocabulary - 1), max_size=20)
SPELLED = frozenset(b for piece in WORDS.token_bytes for b in piece)


def spelled(text: str) -> bool:
    return SPELLED.issuperset(text.encode())


def test_only_unused_characters_can_not_be_spelled() -> None:
    """Six control characters, and the planes of Unicode that hold no character yet."""
    assert {c for c in map(chr, range(0xD800)) if c.isprintable() and not spelled(c)} == set()
    assert [c for c in map(chr, range(128)) if not spelled(c)] == list("\4\6\x13\x14\x16\x1d")


@given(CODE | st.text().filter(spelled))
def test_decoding_undoes_encoding(text: str) -> None:
    assert WORDS.decode(WORDS.encode(text)) == text
    assert WORDS.decode_bytes(WORDS.encode(text)) == text.encode()


@given(st.lists(CODE | st.sampled_from(CONTROL), max_size=4).map("".join))
def test_no_text_is_encoded_as_a_control_token(text: str) -> None:
    assert all(token >= FIRST for token in WORDS.encode(text))


@pytest.mark.parametrize("piece", CONTROL)
def test_the_spelling_of_a_control_token_stays_text(piece: str) -> None:
    assert WORDS.decode(WORDS.encode(f"a {piece} b")) == f"a {piece} b"


@given(IDS)
def test_any_ids_can_be_decoded(ids: list[int]) -> None:
    assert WORDS.decode_bytes(ids) == b"".join(WORDS.token_bytes[i] for i in ids)
    WORDS.decode(ids)


def test_control_tokens_stand_for_no_bytes_and_all_others_for_some() -> None:
    assert not any(WORDS.token_bytes[:FIRST])
    assert all(WORDS.token_bytes[FIRST:])
    assert len(WORDS.token_bytes) == WORDS.vocabulary


@given(st.text(max_size=30))
def test_offsets_cover_the_text_in_order(text: str) -> None:
    offsets = WORDS.offsets(text)
    assert len(offsets) == len(WORDS.encode(text))
    assert all(0 <= start <= end <= len(text) for start, end in offsets)
    assert [start for start, _ in offsets] == sorted(start for start, _ in offsets)


def test_a_batch_is_encoded_as_each_alone() -> None:
    texts = ["a = 1\n", "", "é 😀"]
    assert WORDS.encode_batch(texts) == [WORDS.encode(text) for text in texts]
