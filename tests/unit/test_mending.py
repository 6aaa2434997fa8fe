"""An edit that makes a broken text whole: what it may re-read, and what it may not.

The span stands between « and ».
"""

from __future__ import annotations

import pytest

from instant_edit.languages import get
from instant_edit.mending import is_broken
from tests.unit.marked import edits_of, judge

MISSING_COLONS = [
    ("if a:\n    b()\n«elif c»\n    d()\nelse:\n    e()\n", "elif c:"),
    ("try:\n    a()\n«except OSError as e»\n    b()\nelse:\n    c()\n", "except OSError as e:"),
    ("if a:\n    x = 1\n«if b»\n    x = 2\nif c:\n    x = 3\n", "if b:"),
    ("«def f(*a: str) -> None»\n    print(a)\n\ndef g(*a: str) -> None:\n    print(a)\n",
     "def f(*a: str) -> None:"),
]  # fmt: skip


@pytest.mark.parametrize(("marked", "text"), MISSING_COLONS)
def test_the_missing_colon_may_take_the_lines_below_it(marked: str, text: str) -> None:
    assert judge("python", marked, text).ok


@pytest.mark.parametrize(
    ("marked", "text"),
    [
        ("«x = (»\ny = 1\nz = '''\na'''\n", "x = '''"),
        ('«x = (»\ny = 1\nz = """\n#"""\n', 'x = """'),
    ],
)
def test_a_whole_text_whose_words_became_a_string_is_refused(marked: str, text: str) -> None:
    assert not judge("python", marked, text).ok


def test_without_a_strict_checker_the_grammar_says_what_is_whole() -> None:
    marked = "function f(a) {\n  «if (a»\n    return 1;\n  return 2;\n}\n"
    assert judge("javascript", marked, "if (a)").ok


@pytest.mark.parametrize(
    ("language", "marked", "broken"),
    [
        ("python", "x = 1\n«y = (2»\n", True),
        ("python", "«x = 1»\ny = (2\n", False),  # the error is elsewhere
        ("python", "def f():\n    «retrun 1»\n", True),
        ("python", "«return 1»\n", True),  # only the strict checker knows
        ("python", "«x = 1»\n", False),
        ("javascript", "«f(1;»\ng();\n", True),
        ("javascript", "f(1;\n\n\n«g();»\n", False),
    ],
)
def test_a_place_is_broken_where_an_error_touches_it(
    language: str, marked: str, broken: bool
) -> None:
    text, edits = edits_of(marked, "")
    assert is_broken(text, [edit.span for edit in edits], get(language), "<text>") == broken
