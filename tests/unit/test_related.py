"""Signatures of names around a span, from other texts."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from instant_edit.languages import get
from instant_edit.related import LARGEST, LIMIT, LONGEST, Neighbour, related, signatures
from instant_edit.request import Span

PYTHON = get("python")
SHOP = """import os

RATE = 1

def total(items: list[Item], rate: float = 0.1) -> float:
    def inner(): ...
    return sum(items)

@cached
async def fetch(name,
                timeout=None):
    return name

class Cart(Base):
    \"\"\"Items.\"\"\"

    def __init__(self, owner: str):
        self.owner = owner

    def add(self, item): ...
"""
CODE = "from shop import Cart, fetch, total\n\ndef pay(items):\n    cart = Cart()\n    pass\n"
CART = "class Cart(Base): def __init__(self, owner: str): ..."


def told(code: str, *neighbours: Neighbour, limit: int = LIMIT) -> str:
    start = code.index("pass")
    return related(code, (Span(start, start + 4),), PYTHON, neighbours, limit=limit)


def shop(text: str = SHOP, name: str = "shop.py", language: str = "python") -> Neighbour:
    return Neighbour(name, text, language)


def test_a_definition_becomes_one_line() -> None:
    assert [one.text for one in signatures(SHOP, "python")] == [
        "def total(items: list[Item], rate: float = 0.1) -> float: ...",
        "async def fetch(name, timeout=None): ...",
        CART,
    ]


def test_names_that_are_used_are_told_below_the_name_of_their_text() -> None:
    lines = told(CODE, shop()).splitlines()
    assert lines[0] == "# shop.py"
    assert sorted(lines[1:]) == sorted(one.text for one in signatures(SHOP, "python"))


def test_the_name_that_is_used_nearest_stands_nearest_to_the_prefix() -> None:
    assert told(CODE, shop()).splitlines()[-1] == CART


def test_where_there_is_no_room_for_all_the_nearest_are_told() -> None:
    assert told(CODE, shop(), limit=len(CART) + 15) == f"# shop.py\n{CART}\n"
    assert told(CODE, shop(), limit=10) == ""


def test_what_stands_in_the_span_counts_only_where_it_is_shown() -> None:
    assert told("def pay(items):\n    pass\n", shop()) == ""
    code = "def pay(items):\n    total(items)\n"
    start = code.index("total")
    span = Span(start, start + 12)
    assert related(code, (span,), PYTHON, [shop()]) == ""
    assert "def total(" in related(code, (span,), PYTHON, [shop()], shown=True)


@pytest.mark.parametrize("name", ["a\nb.py", "a\udcff.py", ""])
def test_the_name_of_a_text_is_one_line_that_can_be_encoded(name: str) -> None:
    title, *signatures_told = told(CODE, shop(name=name)).encode().decode().splitlines()
    assert title.startswith("#")
    assert len(signatures_told) == 3


def test_names_that_the_text_defines_itself_are_its_own() -> None:
    code = "def total(x): ...\n\ndef pay(items):\n    pass\n    total(1)\n"
    assert told(code, shop()) == ""


def test_texts_of_another_language_are_passed_over() -> None:
    assert told(CODE, shop(language="javascript")) == ""


def test_the_first_neighbour_that_defines_a_name_is_taken() -> None:
    other = shop("def total(x): ...\n", "other.py")
    first = told("from a import total\npass\n", other, shop())
    assert first == "# other.py\ndef total(x): ...\n"


@pytest.mark.parametrize(
    ("language", "code", "wanted"),
    [
        ("typescript", "export function total(a: number): number { return a; }", "total"),
        ("go", "package a\nfunc Total(a int) int { return a }\n", "Total"),
        ("rust", "pub fn total(a: i32) -> i32 { a }\n", "total"),
        ("c", "int total(int a) { return a; }\n", "total"),
        ("java", "class Total { int get() { return 1; } }\n", "Total"),
    ],
)
def test_other_languages_have_signatures_too(language: str, code: str, wanted: str) -> None:
    (found,) = signatures(code, language)
    assert found.name == wanted
    assert "return" not in found.text


def test_very_long_signatures_and_very_large_texts_are_left_out() -> None:
    long = f"def total({', '.join(f'argument_{n}' for n in range(LONGEST // 8))}): ...\n"
    assert signatures(long, "python") == ()
    assert signatures(SHOP + "#" * LARGEST, "python") == ()


@given(st.text(), st.text(max_size=30), st.integers(0, 200))
def test_any_text_is_told_within_the_limit_and_the_same_each_time(
    text: str, code: str, limit: int
) -> None:
    spans = (Span(0, len(code) // 2),)
    first = related(code, spans, PYTHON, [shop(text), shop()], limit=limit)
    assert len(first) <= limit
    assert first == related(code, spans, PYTHON, [shop(text), shop()], limit=limit)
