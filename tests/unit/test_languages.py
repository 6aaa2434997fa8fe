"""The registry: editors' ids, file names, lazy grammars, strict checkers."""

from __future__ import annotations

import subprocess
import sys
import warnings

import pytest

from instant_edit.errors import LanguageError
from instant_edit.languages import all_languages, for_path, get
from instant_edit.syntax import defects, parse

SAMPLES = {
    "python": "def f(a: int) -> int:\n    return a\n",
    "javascript": "const f = (a) => <b>{a}</b>;\n",
    "typescript": "const f = <T,>(a: T): T => a;\n",
    "tsx": "const f = (a: number) => <b>{a}</b>;\n",
    "go": "package a\n\nfunc f() int {\n\treturn 1\n}\n",
    "rust": "fn f(a: i32) -> i32 { a + 1 }\n",
    "java": "class A { int f() { return 1; } }\n",
    "c": "int f(int a) { return a; }\n",
    "cpp": "template <typename T> T f(T a) { return a; }\n",
    "bash": 'f() { echo "$1"; }\n',
    "json": '{"a": [1, null]}\n',
    "jsonc": '{"a": 1} // b\n',
    "html": "<p class='a'>b<br></p>\n",
    "css": "a > b { color: red; }\n",
}


@pytest.mark.parametrize("name", sorted(SAMPLES))
def test_grammar_parses_its_language(name: str) -> None:
    assert defects(parse(SAMPLES[name], get(name))) == ()


def test_every_language_has_a_sample() -> None:
    assert {language.id for language in all_languages()} == set(SAMPLES)


@pytest.mark.parametrize(
    ("name", "expected"),
    [
        ("javascriptreact", "javascript"),
        ("typescriptreact", "tsx"),
        ("shellscript", "bash"),
        ("Python", "python"),
    ],
)
def test_ids_of_editors_are_known(name: str, expected: str) -> None:
    assert get(name).id == expected


@pytest.mark.parametrize(
    ("path", "expected"),
    [
        ("a/b.py", "python"),
        ("a.pyi", "python"),
        ("B.PY", "python"),
        ("a.jsx", "javascript"),
        ("a.mjs", "javascript"),
        ("a.cjs", "javascript"),
        ("a.d.ts", "typescript"),
        ("a.tsx", "tsx"),
        ("a.h", "c"),
        ("a.hpp", "cpp"),
        (".bashrc", "bash"),
        ("package.json", "json"),
        ("tsconfig.json", "jsonc"),
    ],
)
def test_file_names_tell_the_language(path: str, expected: str) -> None:
    assert for_path(path).id == expected


@pytest.mark.parametrize(
    ("line", "expected"),
    [
        ("#!/usr/bin/env python3", "python"),
        ("#!/usr/bin/python3.11 -u", "python"),
        ("#! /bin/sh -e", "bash"),
        ("#!/usr/bin/env -S node --harmony", "javascript"),
    ],
)
def test_interpreter_line_tells_the_language_of_a_bare_name(line: str, expected: str) -> None:
    assert for_path("bin/tool", line).id == expected


def test_unknown_names_list_the_known_languages() -> None:
    with pytest.raises(LanguageError, match="python, javascript"):
        get("cobol")
    for path in ("a.xyz", "Makefile"):
        with pytest.raises(LanguageError, match="python, javascript"):
            for_path(path)


def test_import_loads_no_grammar() -> None:
    code = (
        "import sys, instant_edit.validate; print([m for m in sys.modules if 'tree_sitter' in m])"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "[]"


@pytest.mark.parametrize(
    "source",
    ["def f():\n", "try:\n    a\n", "f(a=1, 2)", "return 1", "a\0b", "x = '\ud800'\n'", "(" * 999],
)
def test_python_checker_names_what_the_compiler_rejects(source: str) -> None:
    strict = get("python").strict
    assert strict is not None
    finding = strict(source, "f.py")
    assert finding is not None
    assert finding.kind == "strict"
    assert 0 <= finding.position <= len(source)


def test_python_checker_is_silent_and_runs_nothing() -> None:
    strict = get("python").strict
    assert strict is not None
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        assert strict("x = '\\d'\nassert (1, 'a')\nraise SystemExit\n", "f.py") is None


def test_python_fault_stands_at_its_code_point() -> None:
    strict = get("python").strict
    assert strict is not None
    finding = strict("a = '😀'\nb = '😀' )\n", "f.py")
    assert finding is not None
    assert finding.position == 16


def test_json_checker_tells_the_place() -> None:
    strict = get("json").strict
    assert strict is not None
    assert strict('{"a": 1}', "f") is None
    finding = strict('{"a": 1,}', "f")
    assert finding is not None
    assert finding.position in (7, 8)
