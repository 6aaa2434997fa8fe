"""SourceText: exact bytes, lines as the protocol counts them, positions in client units."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from instant_edit.errors import InputError, SpanError
from instant_edit.request import Span
from instant_edit.text import PositionEncoding, SourceText

UTF8, UTF16, UTF32 = PositionEncoding
ENCODINGS = st.sampled_from(PositionEncoding)
PIECES = st.sampled_from(
    [
        "\n",
        "\r\n",
        "\r",
        "a",
        "é",
        "e\u0301",
        "😀",
        "👩\u200d💻",
        "漢",
        "\f",
        "\u2028",
        "\x85",
        "\t",
    ]
)
TEXTS = st.lists(PIECES, max_size=20).map("".join)


@given(TEXTS, st.booleans())
def test_bytes_round_trip_exactly(text: str, bom: bool) -> None:
    data = (b"\xef\xbb\xbf" if bom else b"") + text.encode()
    source = SourceText.from_bytes(data, "f")
    assert (source.text, source.bom) == (text, bom)
    assert source.to_bytes() == data


def test_second_byte_order_mark_is_text() -> None:
    data = b"\xef\xbb\xbf\xef\xbb\xbfx"
    assert SourceText.from_bytes(data, "f").text == "\ufeffx"
    assert SourceText.from_bytes(data, "f").to_bytes() == data


def test_new_text_keeps_the_byte_order_mark() -> None:
    assert SourceText("a", bom=True).with_text("b").to_bytes() == b"\xef\xbb\xbfb"


@pytest.mark.parametrize(
    ("data", "parts"),
    [
        (b"ab\r\nc\0d", ["NUL", "offset 5", "line 2"]),
        (b"\xef\xbb\xbfa\n\xff", ["0xff", "offset 5", "line 2"]),
        (b"a\xc3", ["0xc3", "offset 1", "line 1"]),
        ("a".encode("utf-16"), ["UTF-16"]),
    ],
)
def test_what_is_not_text_is_named_with_its_place(data: bytes, parts: list[str]) -> None:
    with pytest.raises(InputError) as caught:
        SourceText.from_bytes(data, "some.py")
    assert all(part in str(caught.value) for part in ["some.py", *parts])


@pytest.mark.parametrize(
    ("text", "eol"),
    [("", "\n"), ("a", "\n"), ("a\r\nb\r\nc\n", "\r\n"), ("a\rb", "\r"), ("a\n\r\n", "\n")],
)
def test_dominant_line_ending(text: str, eol: str) -> None:
    assert SourceText(text).eol == eol


def test_only_the_three_line_endings_end_a_line() -> None:
    source = SourceText("a\fb\u2028c\x85d\x0be\nf\rg\r\nh")
    spans = [source.line_span(line) for line in range(source.line_count)]
    assert [source.text[s.start : s.end] for s in spans] == [
        "a\fb\u2028c\x85d\x0be",
        "f",
        "g",
        "h",
    ]
    assert [source.eol_of(line) for line in range(4)] == ["\n", "\r", "\r\n", ""]


@given(TEXTS)
def test_lines_and_their_endings_make_up_the_text(text: str) -> None:
    source = SourceText(text)
    spans = [source.line_span(line) for line in range(source.line_count)]
    endings = [source.eol_of(line) for line in range(source.line_count)]
    whole = "".join(text[s.start : s.end] + eol for s, eol in zip(spans, endings, strict=True))
    assert whole == text


def test_empty_document_has_one_empty_line() -> None:
    source = SourceText("")
    assert source.line_count == 1
    assert source.lines_span(1, 1) == Span(0, 0)
    for encoding in PositionEncoding:
        assert source.position(0, encoding) == (0, 0)
        assert source.offset(0, 5, encoding) == 0


def test_line_after_the_last_ending_is_a_line() -> None:
    source = SourceText("a\n")
    assert source.line_count == 2
    assert source.offset(1, 0, UTF16) == 2
    assert source.position(2, UTF16) == (1, 0)
    with pytest.raises(SpanError, match="line 2 is outside"):
        source.offset(2, 0, UTF16)


def test_units_of_each_encoding() -> None:
    source = SourceText("x\né😀漢z")
    at = source.text.index("z")
    assert source.position(at, UTF8) == (1, 9)
    assert source.position(at, UTF16) == (1, 4)
    assert source.position(at, UTF32) == (1, 3)


def test_character_past_the_end_of_line_is_the_end_of_line() -> None:
    source = SourceText("ab\r\n😀\r\n")
    for encoding in PositionEncoding:
        assert source.offset(0, 99, encoding) == 2
        assert source.offset(1, 99, encoding) == 5


def test_position_inside_a_code_point_is_its_beginning() -> None:
    source = SourceText("a😀b")
    assert source.offset(0, 2, UTF16) == 1
    assert [source.offset(0, n, UTF8) for n in range(1, 6)] == [1, 1, 1, 1, 2]


def test_offset_between_cr_and_lf_is_given_the_end_of_its_line() -> None:
    assert SourceText("ab\r\nc").position(3, UTF16) == (0, 2)


def test_negative_and_outside_positions_are_refused() -> None:
    source = SourceText("ab")
    with pytest.raises(SpanError):
        source.offset(0, -1, UTF16)
    with pytest.raises(SpanError):
        source.offset(-1, 0, UTF16)
    with pytest.raises(SpanError):
        source.position(3, UTF16)


@given(TEXTS, ENCODINGS, st.data())
def test_positions_round_trip(text: str, encoding: PositionEncoding, data: st.DataObject) -> None:
    source = SourceText(text)
    offset = data.draw(st.integers(0, len(text)))
    line, character = source.position(offset, encoding)
    inside_crlf = text[max(offset - 1, 0) : offset + 1] == "\r\n" and offset > 0
    assert source.offset(line, character, encoding) == offset - inside_crlf


@given(TEXTS, ENCODINGS, st.data())
def test_any_character_of_a_line_stays_on_it(
    text: str, encoding: PositionEncoding, data: st.DataObject
) -> None:
    source = SourceText(text)
    line = data.draw(st.integers(0, source.line_count - 1))
    span = source.line_span(line)
    offset = source.offset(line, data.draw(st.integers(0, 60)), encoding)
    assert span.start <= offset <= span.end
    assert source.line_of(offset) == line


@given(TEXTS)
def test_utf16_agrees_with_the_codec(text: str) -> None:
    source = SourceText(text)
    for line in range(source.line_count):
        span = source.line_span(line)
        units = len(text[span.start : span.end].encode("utf-16-le")) // 2
        assert source.position(span.end, UTF16) == (line, units)


def test_lines_count_from_one_and_leave_out_the_last_ending() -> None:
    source = SourceText("a\r\nbb\r\nc\r\n")
    assert source.lines_span(1, 2) == Span(0, 5)
    assert source.lines_span(3, 4) == Span(7, 10)


@pytest.mark.parametrize(
    ("first", "last", "word"), [(0, 1, "outside"), (1, 3, "outside"), (2, 1, "inverted")]
)
def test_impossible_lines_are_refused(first: int, last: int, word: str) -> None:
    with pytest.raises(SpanError, match=word):
        SourceText("a\nb").lines_span(first, last)
