from __future__ import annotations

import pytest

from instant_edit.errors import InputError
from instant_edit.languages import get
from instant_edit.queries import by_query, captured, compile_query, fitting
from instant_edit.syntax import parse

TEXT = "def f():\n    def g():\n        return 'é'\n    return g\n"


def texts(query: str, capture: str | None = None) -> list[str]:
    spans = by_query(parse(TEXT, get("python")), query, capture)
    return [TEXT[span.start : span.end] for span in spans]


def test_the_only_capture_selects() -> None:
    assert texts("(string) @text") == ["'é'"]


def test_target_selects_among_several() -> None:
    query = "(function_definition name: (identifier) @target body: (block) @body)"
    assert texts(query) == ["f", "g"]
    assert texts(query, "@body") == [TEXT[TEXT.index("def g") : -1]]


def test_a_capture_with_an_underscore_only_serves_predicates() -> None:
    query = '(function_definition name: (identifier) @_n (#eq? @_n "g")) @f'
    assert [text[:5] for text in texts(query)] == ["def g"]


def test_of_nested_captures_the_outermost_is_edited() -> None:
    assert texts("(function_definition) @f") == [TEXT.rstrip("\n")]
    assert len(captured(parse(TEXT, get("python")), "(function_definition) @f")) == 2


@pytest.mark.parametrize(
    ("query", "message"),
    [
        ("(function_definition", "line 1, column 21: unexpected EOF"),
        ("(string)\n(call]) @a", "line 2, column 6: invalid syntax"),
        ("(function_definitio) @x", "line 1, column 2: invalid node type: function_definitio"),
        ("(call) @", "line 1, column 9: unexpected EOF"),
        ('(string) @x (#eq? @y "a")', "line 1, column 20: invalid capture name: y"),
    ],
)
def test_a_wrong_query_is_told_with_its_position(query: str, message: str) -> None:
    with pytest.raises(InputError, match=message) as caught:
        compile_query(query, "python", None)
    assert "\n" not in str(caught.value)


@pytest.mark.parametrize(
    ("query", "capture", "message"),
    [
        ("(string)", None, "no capture, so nothing is selected"),
        ("(string) @_a", None, "no capture"),
        ("(string) @a (call) @b", None, r"2 captures \(@a, @b\)"),
        ("(string) @a", "@b", "no capture @b; it has: @a"),
    ],
)
def test_a_query_must_say_what_it_selects(query: str, capture: str | None, message: str) -> None:
    with pytest.raises(InputError, match=message):
        compile_query(query, "python", capture)


def test_languages_that_a_query_does_not_fit_are_told_apart() -> None:
    fits, problem = fitting("(function_definition) @f", None, ["python", "c", "json"])
    assert fits == {"python", "c"}
    assert "as json" in problem


def test_a_query_that_fits_no_language_is_refused() -> None:
    with pytest.raises(InputError, match="nowhere"):
        fitting("(nowhere) @f", None, ["python", "json"])
