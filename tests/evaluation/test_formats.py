"""What each format's rows become, and that what judges them is not easily pleased."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from instant_edit.errors import InputError
from instant_edit.evaluation.dataset import Row
from instant_edit.evaluation.formats import editeval, infilling, inline_edits, repair
from instant_edit.evaluation.formats.asked import asked
from instant_edit.evaluation.formats.changed import changed_lines
from instant_edit.request import Span
from tests.evaluation.rows import ASKED, BUGGY, BUGGY_SCRIPT, DOUBLE, INLINE

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from instant_edit.evaluation.cases import Case


def row(values: Mapping[str, Any], **other: Any) -> Row:
    return Row("rows.jsonl:4", {**values, **other})


def selected(case: Case) -> str:
    return case.source[case.span.start : case.span.end]


@pytest.mark.parametrize(
    ("read", "values"),
    [
        (infilling.read, DOUBLE),
        (repair.read, BUGGY),
        (editeval.read, ASKED),
        (editeval.read_whole, ASKED),
    ],
)
def test_the_reference_passes(read: Callable[[Row], Case], values: dict[str, str]) -> None:
    case = read(row(values))
    assert case.judge is not None
    assert case.solved is not None
    assert case.judge(case.solved).passed


@pytest.mark.parametrize(
    ("read", "values"), [(repair.read, BUGGY), (editeval.read, ASKED)], ids=["repair", "editeval"]
)
def test_doing_nothing_does_not_pass(read: Callable[[Row], Case], values: dict[str, str]) -> None:
    case = read(row(values))
    assert case.judge is not None
    assert not case.judge(case.source).passed


def test_the_hole_is_the_middle_of_the_whole_program_taken_as_given() -> None:
    case = infilling.read(row(DOUBLE))
    assert selected(case) == DOUBLE["canonical_solution"]
    assert case.source == DOUBLE["prompt"] + DOUBLE["canonical_solution"] + DOUBLE["suffix"]
    assert (case.as_given, case.instruction, case.group) == (True, None, "double")


def test_a_repair_selects_the_buggy_line_alone() -> None:
    case = repair.read(row(BUGGY))
    assert (selected(case), case.reference) == ("    return y * 2\n", "    return y / 2\n")
    assert case.instruction == "Fix the bug in half."


def test_only_python_repairs_are_executed() -> None:
    case = repair.read(row(BUGGY_SCRIPT))
    assert (case.language, case.judge) == ("javascript", None)


def test_a_piece_is_edited_alone_and_judged_in_its_context() -> None:
    case = editeval.read(row(ASKED))
    assert case.source == ASKED["input"]
    assert selected(case) == "        yield 0\n"
    assert selected(editeval.read_whole(row(ASKED))) == ASKED["input"]


def test_a_context_without_the_marker_is_left_away() -> None:
    piece = {"input": "first = 0\n", "output": "first = 1\n", "context": "raise SystemError"}
    case = editeval.read(row(ASKED, **piece))
    assert case.judge is not None
    assert case.judge("first = 1\n").passed


def test_a_context_may_have_the_piece_more_than_once() -> None:
    context = "{{Code}}\nedited = '''{{Code}}'''\n"
    test = "def check():\n    assert edited == 'first = 1' and first == 1\n"
    piece = {"input": "first = 0", "output": "first = 1", "context": context, "test": test}
    case = editeval.read(row(ASKED, **piece))
    assert case.judge is not None
    assert case.judge("first = 1").passed
    assert not case.judge("first = 2").passed


def test_columns_of_a_selection_are_utf_16() -> None:
    assert selected(inline_edits.read(row(INLINE))) == "let count = 0;"
    cat = inline_edits.read(row(INLINE, selection=[0, 6, 0, 8]))
    assert selected(cat) == "🐱"


def test_a_cursor_stands_for_the_code_of_its_line() -> None:
    assert selected(inline_edits.read(row(INLINE, selection=[2, 3]))) == "let other = 0;"
    blank = inline_edits.read(row(INLINE, text="a\n\nb\n", selection=[1, 0]))
    assert blank.span == Span(2, 2)


def test_a_selection_behind_the_end_is_at_the_end() -> None:
    case = inline_edits.read(row(INLINE, selection=[2, 0, 90, 0]))
    assert selected(case) == "let other = 0;\n"


def test_an_inline_edit_is_judged_by_the_strings_it_asks_for() -> None:
    case = inline_edits.read(row(INLINE))
    assert case.judge is not None
    assert case.judge(case.source.replace("count", "total")).passed
    assert not case.judge(case.source.replace("count", "sum")).passed
    assert not case.judge(case.source).passed
    assert inline_edits.read(row(INLINE, validate_ts="assertInlineEdit(outcome);")).judge is None


@pytest.mark.parametrize(
    ("assertion", "text", "met"),
    [
        ("assertContainsAllSnippets(outcome.fileContents, ['a', 'b'])", "ab", True),
        ("assertContainsAllSnippets(outcome.fileContents, ['a', 'b'])", "a", False),
        ("assertSomeStrings(outcome.fileContents, ['a', 'b'])", "b", True),
        ("assertSomeStrings(outcome.fileContents, ['a', 'b'], 2)", "b", False),
        ("assertOccursOnce(outcome.fileContents, 'a')", "aa", False),
        ("assertOccursOnce(outcome.fileContents, 'a')", "a", True),
        (r"assertContainsAllSnippets(outcome.fileContents, ['it\'s\n'])", "it's\n", True),
        ("assertSomeStrings(edit.changedModifiedLines.join('\\n'), ['old'], 1)", "old\nnew", False),
        ("assertSomeStrings(edit.changedModifiedLines.join('\\n'), ['new'], 1)", "old\nnew", True),
    ],
)
def test_assertions_about_strings_are_understood(assertion: str, text: str, met: bool) -> None:
    judge = asked("old", f"assertInlineEdit(outcome);\n{assertion};")
    assert judge is not None
    assert judge(text).passed is met


def test_an_assertion_of_which_one_of_several_is_enough_is_not_asked() -> None:
    assert asked("", "() => assertContainsAllSnippets(outcome.fileContents, ['a'])") is None


@pytest.mark.parametrize(
    ("read", "values", "message"),
    [
        (repair.read, {**BUGGY, "buggy_solution": BUGGY["canonical_solution"]}, "the same as"),
        (repair.read, {**BUGGY, "task_id": "Cobol/1"}, "unknown language 'Cobol'"),
        (editeval.read, {**ASKED, "output": ASKED["input"]}, "the same as"),
        (inline_edits.read, {**INLINE, "language": "csharp"}, "unknown language 'csharp'"),
        (inline_edits.read, {**INLINE, "selection": [1]}, "'selection' must have two numbers"),
        (inline_edits.read, {**INLINE, "selection": "1"}, "'selection' must be a list"),
        (inline_edits.read, {**INLINE, "selection": [1, -2]}, "'selection' must be a list"),
        (inline_edits.read, {**INLINE, "selection": [1, 0, 0, 0]}, "'selection' ends before"),
        (inline_edits.read, {**INLINE, "query": 3}, "'query' must be a string, not int"),
    ],
)
def test_what_is_wrong_with_a_row_names_row_and_key(
    read: Callable[[Row], Case], values: dict[str, Any], message: str
) -> None:
    with pytest.raises(InputError, match=r"rows\.jsonl:4: ") as raised:
        read(row(values))
    assert message in str(raised.value)


LINES = st.lists(st.sampled_from(["a\n", "b\n", "c"]), max_size=6).map("".join)


@given(LINES, LINES)
def test_the_changed_lines_put_in_make_the_new_text(old: str, new: str) -> None:
    span, text = changed_lines(old, new)
    assert old[: span.start] + text + old[span.end :] == new
    assert (old == new) == (not span and not text)


def test_no_line_more_is_selected_than_differs() -> None:
    assert changed_lines("a\nb\nc\n", "a\nx\ny\nc\n") == (Span(2, 4), "x\ny\n")
    assert changed_lines("a\nc\n", "a\nb\nc\n") == (Span(2, 2), "b\n")
    assert changed_lines("a\na\n", "a\n") == (Span(2, 4), "")
