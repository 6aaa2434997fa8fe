"""An edit that makes a broken text whole: what it may re-read, and what it may not.

The span stands between « and ».
"""

from __future__ import annotations

import pytest

from tests.unit.marked import judge

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
