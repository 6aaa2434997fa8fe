"""Files that are broken already: judged against their own errors, and no others.

The span stands between « and ».
"""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from instant_edit.inventory import loose
from instant_edit.languages import all_languages, get
from instant_edit.request import Edit, Span
from instant_edit.syntax import defects, parse
from instant_edit.validate import validate
from tests.unit.marked import judge

GO = "package a\n\nfunc f() {\n\tfoo(x\n\treturn\n}\n\nfunc g() int {\n\t«return 1»\n}\n"
JS = "function f() {\n  if (a) {\n    foo(«x»);\n}\n\nfunction g() {\n  return 1;\n}\n"
C = "int f(void) {\n    return 1\n}\n\nint g(void) {\n    «return 2;»\n}\n"

PASSES = [
    ("python", "x = foo(a\ny = «1»\n", "2"),
    ("python", "x = foo(a\ny = «1»\n", "bar.baz()[2]"),
    ("python", "x = foo(a\ny = 1\ndef f():\n    return «1»\n", "2"),
    ("python", "def f():\n    retrun «x»\n    return 1\n", "y"),
    ("python", "def f():\n    retrun «x»\n    return 1\n", "x.y"),
    ("python", "def f(:\n    return 1\n\n\ndef g():\n    «return 2»\n", "return 3 + f()"),
    ("python", "def f(:\n    return 1\n\n\ndef g():\n    «return 2»\n", "if a:\n        pass"),
    ("go", GO, "if a {\n\t\treturn 2\n\t}\n\treturn 1"),
    ("go", GO.replace("«return 1»", "return 1").replace("(x", "(«x»"), "x.y"),
    ("javascript", JS, "y"),
    ("javascript", JS, "x.y, (z) => z"),
    ("c", C, "return f();"),
    ("c", C.replace("«return 2;»", "return 2;").replace("return 1", "return «1»"), "f(1) + 2"),
    ("json", '{"a": 1 "b": «2»}\n', "[3]"),
    ("html", "<div></span><p>«a»</p></div>\n", "<b>c</b>"),
    ("css", "a { color: red; ) }\nb { margin: «0»; }\n", "1px"),
]

REPAIRS = [
    ("python", "x = foo(a«»\ny = 1\n", ")"),
    ("python", "def f(«:»\n    return 1\n", "):"),
    ("python", "def f():\n    «retrun x»\n    return 1\n", "return x"),
    ("python", "def f(a):\n    return a.«»\n", "append(1)"),
    ("python", "total = 0\n«»        total += i\nx = 1\n", "for i in y:\n"),
    ("python", "def f(y):\n    t = 0\n«»        t += i\n    x = 1\n", "    for i in y:\n"),
    ("python", "def f(y):\n«»\n\ndef g():\n    pass\n", "    return y"),
    ("python", "x = foo(a«»\ny = 1\nz = = 2\n", ")"),
    ("go", GO.replace("«return 1»", "return 1").replace("(x", "(x«»"), ")"),
    ("javascript", JS.replace("«x»", "x").replace(";\n}", ";«»\n}", 1), "\n  }"),
    ("c", C.replace("«return 2;»", "return 2;").replace("return 1", "return 1«»"), ";"),
    ("json", '{"a": 1«» "b": 2}\n', ","),
]

FAILS = [
    ("python", "x = foo(a\ny = «1»\n", "(2"),
    ("python", "x = foo(a\ny = 1\ndef f():\n    return «1»\n", "(2"),
    ("python", "x = foo(a\ny = 1\ndef f():\n    return «1»\n", "= 2"),
    ("python", "def f(a):\n    return a.«»\n", "appe nd(1)"),
    ("python", "def f():\n    retrun «x»\n    return 1\n", "(y"),
    ("python", "def f(:\n    return 1\n\n\ndef g():\n    «return 2»\n", "return (2"),
    ("python", "def f(:\n    return 1\n\n\ndef g():\n    «return 2»\n", "return 2 = = 3"),
    ("python", "def f(:\n    return 1\n\n\nx = 1\ny = «2»\nz = 3\n", '"""'),
    ("go", GO, "if a {\n\t\treturn 2"),
    ("javascript", JS, "y("),
    ("javascript", JS.replace("«x»", "x").replace("return 1;", "«return 1;»"), "{"),
    ("c", C, "return f(;"),
    ("json", '{"a": 1 "b": «2»}\n', "[3"),
    ("css", "a { color: red; ) }\nb { margin: «0»; }\n", "{"),
]


@pytest.mark.parametrize(("language", "marked", "text"), PASSES)
def test_edit_that_leaves_the_old_errors_passes(language: str, marked: str, text: str) -> None:
    plain = marked.replace("«", "").replace("»", "")
    assert defects(parse(plain, get(language)))
    assert judge(language, marked, text).findings == ()


@pytest.mark.parametrize(("language", "marked", "text"), REPAIRS)
def test_edit_that_repairs_an_error_passes(language: str, marked: str, text: str) -> None:
    assert judge(language, marked, text).findings == ()


@pytest.mark.parametrize(("language", "marked", "text"), FAILS)
def test_edit_that_adds_an_error_fails(language: str, marked: str, text: str) -> None:
    assert not judge(language, marked, text).ok


@given(st.text(alphabet="ab \n()[]{}:;='\"<>/#.,\\", max_size=60), st.data())
def test_what_changes_nothing_passes_however_broken_the_text(
    text: str, data: st.DataObject
) -> None:
    language = data.draw(st.sampled_from(all_languages()))
    start = data.draw(st.integers(0, len(text)))
    span = Span(start, data.draw(st.integers(start, len(text))))
    same = Edit(span, text[span.start : span.end], 1.0)
    assert validate(text, text, [same], language).ok


def test_loose_brackets_and_quotes_are_found() -> None:
    text = "f(a, [b)\nx = (1)\n"
    assert [text[at] for at in loose(parse(text, get("javascript")))] == ["(", "[", ")"]
    assert loose(parse("f(a, ['b'])\n", get("javascript"))) == []
