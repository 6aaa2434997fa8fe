"""The gate as a whole: its five parts, several edits at once, where findings point."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from instant_edit.languages import all_languages, get
from instant_edit.request import Edit, Finding, Span, Verdict
from instant_edit.splice import splice
from instant_edit.validate import damaged, validate
from tests.unit.marked import edits_of, judge

PYTHON = get("python")


def kinds(verdict: Verdict) -> list[str]:
    return [finding.kind for finding in verdict.findings]


def test_change_outside_the_span_is_found_first_and_alone() -> None:
    edit = Edit(Span(4, 5), "2", 1.0)
    verdict = validate("x = 1\ny = 1\n", "x = 2\ny = (\n", [edit], PYTHON)
    assert kinds(verdict) == ["outside-span"]
    assert verdict.findings[0].position == 10


@pytest.mark.parametrize(
    "spans", [[Span(4, 9)], [Span(-1, 2)], [Span(3, 1)], [Span(0, 3), Span(2, 4)]]
)
def test_edits_that_do_not_fit_the_text_are_refused(spans: list[Span]) -> None:
    edits = [Edit(span, "x", 1.0) for span in spans]
    assert kinds(validate("x = 1\n", "x = 1\n", edits, PYTHON)) == ["outside-span"]


def test_syntax_error_is_found_in_what_was_written() -> None:
    before, edits = edits_of("def f():\n    «return 1»\n\n\ndef g():\n    return 2\n", "return (1")
    after = splice(before, edits)
    verdict = validate(before, after, edits, PYTHON)
    assert "syntax" in kinds(verdict)
    assert after[verdict.findings[0].position] == "("


@pytest.mark.parametrize(
    ("marked", "text"),
    [
        ("def f(a):\n    «return a»\n", "return nonlocal_\n    nonlocal a"),
        ("x = f(«a=1»)\n", "a=1, 2"),
        ("def f():\n    «pass»\n", "try:\n        pass"),
        ("x = «1»\n", "yield"),
        ("«x» = 1\n", "f()"),
        ("def f():\n    «pass»\n", "break"),
    ],
)
def test_python_that_does_not_compile_is_vetoed(marked: str, text: str) -> None:
    verdict = judge("python", marked, text)
    assert not verdict.ok
    assert kinds(verdict)[-1] == "strict"


def test_strict_checker_is_silent_where_the_original_did_not_pass() -> None:
    assert judge("python", "break\nx = «1»\n", "2").ok
    assert judge("jsonc", '{"a": 1, // b\n"c": «2»}\n', "3").ok
    assert judge("json", '{"a": 1, // b\n"c": «2»}\n', "3").ok


def test_json_comment_is_vetoed_in_json_only() -> None:
    assert kinds(judge("json", '{"a": «1»}\n', "1 /* b */")) == ["strict"]
    assert judge("jsonc", '{"a": «1»}\n', "1 /* b */").ok


def test_left_over_tokens_of_the_model_are_found() -> None:
    before, edits = edits_of("x = '«a»'  # <mask>\n", "b<mask>c")
    after = splice(before, edits)
    verdict = validate(before, after, edits, PYTHON, special=("<mask>", "<end>"))
    assert verdict.findings == (
        Finding("special-token", "the model's own token '<mask>' is left in the text", 6),
    )
    _, harmless = edits_of("x = '«a»'  # <mask>\n", "b")
    assert validate(before, splice(before, harmless), harmless, PYTHON, special=("<mask>",)).ok


def test_block_must_keep_a_statement() -> None:
    for language, marked in [
        ("python", "break\ndef f():\n    «return 1»\n\nx = 1\n"),
        ("javascript", "function f() {\n  «return 1;»\n}\n"),
        ("go", "package a\n\nfunc f() {\n\t«g()»\n}\n"),
        ("rust", "fn f() {\n    «g();»\n}\n"),
        ("java", "class A {\n  void f() {\n    «g();»\n  }\n}\n"),
        ("c", "void f(void) {\n    «g();»\n}\n"),
    ]:
        assert not judge(language, marked, "").ok, language
    assert judge("javascript", "function f() {«»}\n", " /* nothing */ ").ok


def test_several_edits_are_judged_together() -> None:
    marked = "def «f»(a):\n    return a\n\n\nx = «f»(1)\n"
    assert judge("python", marked, "longer_name", "longer_name").ok
    assert not judge("python", marked, "longer_name", "longer_name(").ok
    wrapped = "x = [«a», b, «c»]\n"
    assert not judge("python", wrapped, "a]; y = [", "c").ok


def test_findings_point_into_what_was_written() -> None:
    marked = "def f(a):\n    if a:\n        x = a\n«»        foo(x)\n    return 1\n"
    before, edits = edits_of(marked, "    else:\n")
    after = splice(before, edits)
    verdict = validate(before, after, edits, PYTHON)
    assert set(kinds(verdict)) == {"spine"}
    assert after[verdict.findings[0].position :].startswith("else:")
    assert damaged(verdict) == (Span(after.index("else"), after.index("else") + 1),)


def test_wide_characters_before_the_span_do_not_move_findings() -> None:
    before, edits = edits_of("# 😀漢é\nx = «1»\n", "(1")
    after = splice(before, edits)
    verdict = validate(before, after, edits, PYTHON)
    assert {after[f.position] for f in verdict.findings if f.kind == "syntax"} == {"("}


@pytest.mark.parametrize("eol", ["\n", "\r\n"])
def test_line_endings_make_no_difference(eol: str) -> None:
    marked = "def f(a):\n    x = a\n«»    return x\n".replace("\n", eol)
    assert judge("python", marked, f"    y = 2{eol}").ok
    assert not judge("python", marked, f"    if a:{eol}").ok


def test_empty_text_can_be_filled_and_emptied() -> None:
    for language in ("python", "javascript", "bash", "html", "css"):
        assert judge(language, "«»", "").ok
    assert judge("python", "«»", "x = 1\n").ok
    assert judge("python", "«x = 1\n»", "").ok


def test_deep_expressions_are_judged() -> None:
    deep = "x = " + "(" * 150 + "«1»" + ")" * 150 + "\n"
    assert judge("javascript", deep, "2 + 3").ok
    long = "x = " + "1 + " * 5000 + "«1»\n"
    assert judge("javascript", long, "2 * 3").ok
    assert judge("json", "[" * 500 + "«1»" + "]" * 500, "[2]").ok


@given(st.data())
def test_gate_never_raises_and_points_into_the_edits(data: st.DataObject) -> None:
    alphabet = st.sampled_from(
        ["\n", "\r\n", "    ", "def f():", '"""', "/*", "*/", "<b>", "</b>", "${", "if ", "\\"]
    )
    texts = st.lists(alphabet | st.sampled_from("a (){}[]'\":;=,#😀é`"), max_size=12).map("".join)
    language = data.draw(st.sampled_from(all_languages()))
    before = data.draw(texts)
    cuts = sorted(data.draw(st.sets(st.integers(0, len(before)), max_size=4)))
    spans = [Span(a, b) for a, b in zip(cuts[::2], cuts[1::2], strict=False)]
    edits = [Edit(span, data.draw(texts), 1.0) for span in spans]
    after = splice(before, edits)
    verdict = validate(before, after, edits, language, special=("😀",))
    assert verdict.ok == (not verdict.findings)
    assert all(0 <= finding.position <= len(after) for finding in verdict.findings)
