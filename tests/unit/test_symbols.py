"""Definitions by name, in every language that has definitions."""

from __future__ import annotations

import pytest

from instant_edit.errors import InputError
from instant_edit.languages import get
from instant_edit.symbols import find_symbol, symbols, symbols_called
from instant_edit.syntax import parse

PYTHON = "class Shop:\n    def total(self):\n        return 1\n\n\ndef total():\n    return 2\n"

TEXTS = {
    "python": (PYTHON, ["Shop", "Shop.total", "total"]),
    "javascript": (
        "const f = () => 1;\nfunction g() {}\nclass A { m() {} p = () => 2; }\nlet k = 1;\n",
        ["f", "g", "A", "A.m", "A.p"],
    ),
    "typescript": (
        "interface I { a: number }\nnamespace N { export function h() {} }\ntype X = number;\n",
        ["I", "N", "N.h", "X"],
    ),
    "go": (
        "package a\n\nfunc (s *Shop[T]) Total() int { return 1 }\n\ntype Shop struct{ a int }\n",
        ["Shop.Total", "Shop"],
    ),
    "rust": (
        "impl<T> Shop<T> { fn total(&self) -> i32 { 1 } }\nmod a { fn b() {} }\n",
        ["Shop", "Shop.total", "a", "a.b"],
    ),
    "java": (
        "class Shop { int total() { return 1; } interface In { void f(); } }\n",
        ["Shop", "Shop.total", "Shop.In", "Shop.In.f"],
    ),
    "c": (
        "struct S { int a; };\nint *total(struct S s) { return 0; }\n",
        ["S", "total"],
    ),
    "cpp": (
        "namespace n { class Shop { int a() { return 1; } }; }\nint Shop::b() { return 2; }\n",
        ["n", "n.Shop", "n.Shop.a", "Shop.b"],
    ),
    "bash": ("total() { echo 1; }\nfunction f { echo; }\n", ["total", "f"]),
}


@pytest.mark.parametrize(
    ("language", "text", "names"), [(k, *v) for k, v in TEXTS.items()], ids=TEXTS
)
def test_definitions_have_dotted_names(language: str, text: str, names: list[str]) -> None:
    assert [one.name for one in symbols(parse(text, get(language)))] == names


def found(name: str, text: str = PYTHON) -> str:
    span = find_symbol(parse(text, get("python")), name)
    return text[span.start : span.end]


def test_a_whole_name_outweighs_the_end_of_another() -> None:
    assert found("total").endswith("return 2")
    assert found("Shop.total").endswith("return 1")


def test_the_last_parts_of_a_name_are_enough() -> None:
    assert found("total", PYTHON.replace("def total():", "def other():")).endswith("return 1")


def test_an_unknown_name_is_answered_with_those_there_are() -> None:
    with pytest.raises(InputError, match=r"'nothing'; there are: Shop, Shop\.total, total"):
        found("nothing")


def test_several_definitions_of_one_name_are_not_guessed_between() -> None:
    with pytest.raises(InputError, match=r"f \(line 1\), f \(line 3\)"):
        found("f", "def f():\n    pass\ndef f():\n    return 1\n")


def test_the_statement_of_an_arrow_function_belongs_to_it() -> None:
    text = "const f = () => 1;\n"
    (one,) = symbols_called(parse(text, get("javascript")), "f")
    assert text[one.span.start : one.span.end] == "const f = () => 1;"


def test_positions_behind_wide_characters_are_code_points() -> None:
    text = "# 😀漢\n" + PYTHON
    assert found("total", text) == "def total():\n    return 2"
