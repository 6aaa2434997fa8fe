"""Trees: positions in code points, the inventory of defects, what encloses a span."""

from __future__ import annotations

from collections.abc import Callable
from itertools import pairwise

import pytest
from hypothesis import given
from hypothesis import strategies as st

from instant_edit import syntax
from instant_edit.languages import get
from instant_edit.request import Span
from instant_edit.syntax import PIECE, defects, enclosing, imports, leaves, parse, sibling_runs

PYTHON = get("python")


def span_of(text: str, part: str) -> Span:
    start = text.index(part)
    return Span(start, start + len(part))


def test_sound_text_has_no_defects() -> None:
    assert defects(parse("x = 1\n", PYTHON)) == ()


def test_missing_token_is_a_defect_of_no_width() -> None:
    (defect,) = defects(parse("def f(:\n    return 1\n", PYTHON))
    assert (defect.kind, defect.token, defect.start, defect.end) == ("missing", ")", 6, 6)


def test_error_stands_at_code_points_behind_wide_characters() -> None:
    text = "# 😀é漢\nx = (1\n"
    (defect,) = defects(parse(text, PYTHON))
    assert defect.kind == "error"
    assert text[defect.start : defect.end].startswith("x = (1")


def test_lone_surrogates_do_not_break_the_parser() -> None:
    tree = parse("x = '\ud800'\ny = 2\n", PYTHON)
    assert [tree.text[s.start : s.end] for _, s in leaves(tree, Span(8, 13))] == ["y", "=", "2"]


@given(st.text(alphabet="aé漢😀\n", max_size=30))
def test_bytes_and_code_points_are_inverse(text: str) -> None:
    tree = parse(text, PYTHON)
    for offset in range(len(text) + 1):
        assert tree.byte(offset) == len(text[:offset].encode())
        assert tree.offset(tree.byte(offset)) == offset


def test_enclosing_definitions_come_outermost_first_with_their_headers() -> None:
    text = "class A(B):\n    def f(self,\n          x):\n        return x\n"
    found = enclosing(parse(text, PYTHON), span_of(text, "return x"))
    assert [(one.kind, one.name) for one in found] == [
        ("class_definition", "A"),
        ("function_definition", "f"),
    ]
    headers = [text[one.header.start : one.header.end] for one in found]
    assert headers == ["class A(B):", "def f(self,\n          x):"]


def test_names_of_c_functions_are_found_in_their_declarators() -> None:
    text = "static char *name(int a) {\n    return 0;\n}\n"
    (found,) = enclosing(parse(text, get("c")), span_of(text, "return"))
    assert found.name == "name"


def test_imports_are_found_at_the_top_level() -> None:
    text = "import os\nfrom a import b\nx = 1\n"
    tree = parse(text, PYTHON)
    assert [text[s.start : s.end] for s in imports(tree)] == ["import os", "from a import b"]
    go = 'package a\n\nimport "fmt"\n'
    assert len(imports(parse(go, get("go")))) == 2


def test_sibling_runs_grow_from_the_statements_to_the_file() -> None:
    text = "def f():\n    a = 1\n    b = 2\n    c = 3\n"
    runs = list(sibling_runs(parse(text, PYTHON), span_of(text, "1\n    b")))
    assert text[runs[0].start : runs[0].end] == "a = 1\n    b = 2"
    for small, large in pairwise(runs):
        assert large.start <= small.start <= small.end <= large.end
    assert runs[-1] == Span(0, len(text))


def test_html_end_tags_are_counted_for_the_grammar_does_not() -> None:
    html = get("html")
    assert defects(parse("<ul><li>a<br><p>b</ul>\n<IMG src=c>\n", html)) == ()
    assert [d.kind for d in defects(parse("<div></span></div>\n", html))] == ["error"]
    assert [d.token for d in defects(parse("<div><b>x</div>\n", html))] == ["</b>"]


def test_a_text_that_is_parsed_in_pieces_has_the_tree_of_the_whole() -> None:
    unit = "def f(a):\n    return 'é😀' + a\n"
    many = PIECE // len(unit.encode()) + 2
    tree = parse(unit * many + "def g(:\n", PYTHON)
    assert len(tree.root.children) == many + 1
    assert {tree.text_of(node) for node in tree.root.children[:-1]} == {unit.rstrip()}
    assert {defect.kind for defect in defects(tree)} <= {"error", "missing"} != set()


def test_a_large_text_is_handed_to_the_parser_in_pieces(monkeypatch: pytest.MonkeyPatch) -> None:
    read: list[int] = []
    whole = syntax._pieces

    def recording(data: bytes) -> Callable[[int, object], bytes]:
        pieces = whole(data)

        def piece(at: int, point: object) -> bytes:
            read.append(len(pieces(at, point)))
            return pieces(at, point)

        return piece

    monkeypatch.setattr(syntax, "_pieces", recording)
    assert parse("x = 1\n" * PIECE, PYTHON).root.child_count == PIECE
    assert len(read) > len("x = 1\n")  # between them other threads have their turn
    assert max(read) == PIECE
