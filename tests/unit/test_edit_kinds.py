from __future__ import annotations

import pytest

from instant_edit import edit_kinds
from instant_edit.errors import InputError
from instant_edit.languages import get
from instant_edit.syntax import parse
from instant_edit.text import SourceText

PYTHON = get("python")


def places(kind: str, text: str, language: str = "python") -> list[str]:
    """The text with each place of the kind marked, one text for each place."""
    source = SourceText(text)
    spans = edit_kinds.targets(edit_kinds.get(kind), source, parse(text, get(language)))
    return [f"{text[: s.start]}«{text[s.start : s.end]}»{text[s.end :]}" for s in spans]


def test_docstring_finds_functions_and_classes_that_have_none() -> None:
    text = "def f():\n    return 1\n\n\nclass A:\n    x = 1\n"
    assert places("docstring", text) == [
        "def f():\n«»    return 1\n\n\nclass A:\n    x = 1\n",
        "def f():\n    return 1\n\n\nclass A:\n«»    x = 1\n",
    ]


def test_docstring_finds_a_function_inside_one_that_has_none() -> None:
    assert len(places("docstring", "def f():\n    def g():\n        pass\n")) == 2


@pytest.mark.parametrize(
    "text",
    [
        'def f():\n    """Say it."""\n',
        "def f():\n    r'''Say.'''\n    return 1\n",
        "def f(): pass\n",
    ],
)
def test_docstring_passes_over_what_has_one_or_no_room(text: str) -> None:
    assert places("docstring", text) == []


def test_return_type_is_put_behind_the_parameters() -> None:
    text = "def f(a): pass\ndef g(a) -> int: return 1\n"
    assert places("return-type", text) == [text.replace("f(a)", "f(a)«»")]


def test_bare_except_is_the_word_itself() -> None:
    text = "try:\n    f()\nexcept:\n    pass\n"
    assert places("bare-except", text) == [text.replace("except", "«except»")]
    assert places("bare-except", text.replace("except:", "except OSError:")) == []


def test_a_kind_has_no_places_in_a_language_it_does_not_know() -> None:
    assert places("docstring", "function f() { return 1 }", "javascript") == []


def test_an_edit_is_settled_when_its_place_is_gone() -> None:
    kind = edit_kinds.get("docstring")
    before = "def f():\n    return 1\n"
    assert edit_kinds.settled(kind, before, 'def f():\n    """Do."""\n    return 1\n', PYTHON)
    assert not edit_kinds.settled(kind, before, "def f():\n    x = 0\n    return 1\n", PYTHON)


def test_an_unknown_kind_is_answered_with_those_there_are() -> None:
    with pytest.raises(InputError, match="known are: docstring, return-type, type-hints"):
        edit_kinds.get("magic")
