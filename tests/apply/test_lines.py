from __future__ import annotations

import pytest

from instant_edit import languages
from instant_edit.apply.selection import Selectors
from instant_edit.apply.selection.lines import parse_lines
from instant_edit.errors import SpanError
from instant_edit.text import SourceText

SOURCE = SourceText("def f():\n    a = 1\n    b = 2\n\n    return a\n")
PYTHON = languages.get("python")


def selected(*lines: str) -> list[str]:
    targets = Selectors(lines=lines).targets(SOURCE, PYTHON, "f.py")
    return [SOURCE.text[target.span.start : target.span.end] for target in targets]


@pytest.mark.parametrize(
    ("argument", "expected"), [("2:3", (2, 3)), ("4", (4, 4)), (" 1 : 2 ", (1, 2))]
)
def test_line_ranges_are_read(argument: str, expected: tuple[int, int]) -> None:
    assert parse_lines(argument) == expected


@pytest.mark.parametrize("argument", ["", "a:b", "1-2", "1:2:3", "-1:2", "1:", ":2", "٣:٤"])
def test_a_malformed_range_is_named_in_the_error(argument: str) -> None:
    with pytest.raises(SpanError, match=r"--lines .* is not A:B"):
        parse_lines(argument)


def test_blanks_around_the_lines_are_not_selected() -> None:
    assert selected("2:2") == ["a = 1"]
    assert selected("2:3") == ["a = 1\n    b = 2"]


def test_spans_come_in_the_order_of_the_file() -> None:
    assert selected("5:5", "2:2") == ["return a", "a = 1"][::-1]


def test_neighbouring_lines_are_two_spans() -> None:
    assert selected("2:2", "3:3") == ["a = 1", "b = 2"]


@pytest.mark.parametrize("lines", [("2:3", "3:3"), ("2:2", "2:2"), ("1:5", "4:4")])
def test_overlapping_ranges_are_refused(lines: tuple[str, ...]) -> None:
    with pytest.raises(SpanError, match="overlap"):
        selected(*lines)


@pytest.mark.parametrize("lines", ["0:1", "3:2", "5:99", "99:100"])
def test_a_range_outside_the_file_or_inverted_is_refused(lines: str) -> None:
    with pytest.raises(SpanError):
        selected(lines)
