from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

import pytest

from instant_edit.evaluation.attempt import Variant, attempt
from instant_edit.evaluation.dataset import Row
from instant_edit.evaluation.formats import infilling, repair
from instant_edit.evaluation.parsing import parses
from instant_edit.job import Job
from tests.apply.scripting import CandidatesEditor, ScriptedEditor
from tests.evaluation.rows import BUGGY, BUGGY_SCRIPT, DOUBLE
from tests.scripted import tokenizer

if TYPE_CHECKING:
    from instant_edit.evaluation.attempt import Length
    from instant_edit.evaluation.metrics import RowResult

CASE = infilling.read(Row("here", DOUBLE))
REPAIR = repair.read(Row("here", BUGGY))


def filled(text: str, length: Length = "own") -> tuple[ScriptedEditor, RowResult]:
    editor = ScriptedEditor(text)
    return editor, attempt(editor, CASE, Variant(length=length), seed=3)


def test_the_true_middle_passes_and_is_exact() -> None:
    _, result = filled(DOUBLE["canonical_solution"])
    assert (result.passed, result.exact, result.edited) == (True, True, True)
    assert (result.draft_parses, result.edit_parses) == (True, True)


def test_another_right_middle_passes_and_is_not_exact() -> None:
    _, result = filled("    y = 2 * x\n")
    assert (result.passed, result.exact) == (True, False)


def test_a_wrong_middle_says_what_the_test_raised() -> None:
    _, result = filled("    y = z\n")
    assert (result.passed, result.edit_parses, result.reason) == (False, True, "NameError")


def test_a_rejected_edit_is_not_run_even_where_doing_nothing_would_pass() -> None:
    case = infilling.read(Row("here", {**DOUBLE, "suffix": "    y += x\n    return y\n"}))
    result = attempt(ScriptedEditor("    y = (\n"), case, Variant())
    assert (result.passed, result.edited, result.reason) == (False, False, "no edit")
    assert (result.draft_parses, result.edit_parses) == (False, None)
    assert result.findings


def test_the_first_draft_counts_even_where_a_later_one_is_returned() -> None:
    editor = CandidatesEditor("    y = (\n", "    y += x\n")
    result = attempt(editor, CASE, Variant(), candidates=2)
    assert (result.draft_parses, result.edit_parses, result.passed) == (False, True, True)


def test_an_editor_is_as_it_was_after_it_has_been_watched() -> None:
    editor, _ = filled("    y = x\n")
    assert "_gated" not in vars(editor)


def test_the_case_is_asked_for_as_it_is() -> None:
    editor, _ = filled("    y = x\n")
    (request,) = editor.requests
    assert (request.source, request.spans) == (CASE.source, (CASE.span,))
    assert (request.language, request.mode, request.seed) == ("python", "fill", 3)
    assert editor.options == [{"as_given": True, "oracle_length": False}]


def test_a_rewrite_is_given_the_instruction_and_a_fill_is_not() -> None:
    for variant in (Variant("rewrite"), Variant("fill")):
        editor = ScriptedEditor("    return y / 2\n")
        result = attempt(editor, REPAIR, variant)
        assert (result.passed, result.exact) == (True, True)
        (request,) = editor.requests
        asked = "Fix the bug in half." if variant.mode == "rewrite" else None
        assert (request.mode, request.instruction) == (variant.mode, asked)


def test_a_case_without_a_judge_neither_passes_nor_fails() -> None:
    case = repair.read(Row("here", BUGGY_SCRIPT))
    result = attempt(ScriptedEditor("  return x / 2;\n"), case, Variant("rewrite"))
    assert (result.passed, result.exact, result.edited) == (None, True, True)


def test_an_edit_that_changes_nothing_is_told_apart() -> None:
    assert not attempt(ScriptedEditor("    return y * 2\n"), REPAIR, Variant("rewrite")).changed
    assert attempt(ScriptedEditor("    return y * 3\n"), REPAIR, Variant("rewrite")).changed


def test_a_case_without_a_reference_is_neither_exact_nor_not() -> None:
    result = attempt(ScriptedEditor("    y += x\n"), replace(CASE, reference=None), Variant())
    assert (result.passed, result.exact) == (True, None)


def test_the_model_never_sees_the_middle() -> None:
    editor, _ = filled("    y = x\n")
    (request,) = editor.requests
    here = Job.of(request, tokenizer(), as_given=True).windows[0]
    read = tokenizer().decode(here.ids.prefix), tokenizer().decode(here.ids.tail)
    assert "y = x" in read[0]
    assert "return y" in read[1]
    assert not any("y += x" in text for text in read)


def test_the_true_length_is_told_only_when_asked_for() -> None:
    middle = "    y = 2 * x\n"
    _, own = filled(middle)
    assert own.completion == middle
    _, told = filled(middle, "oracle")
    forced, hidden = "\n", DOUBLE["canonical_solution"].removesuffix("\n")
    assert told.stats.tokens == len(tokenizer().encode(forced + hidden))
    assert told.stats.tokens < own.stats.tokens


@pytest.mark.parametrize(
    ("new", "old", "language", "expected"),
    [
        ("a = 1\n", "b\n", "python", True),
        ("a = \n", "b\n", "python", False),
        ("a\0", "b\n", "python", False),
        ("return\n", "b\n", "python", False),
        ("def f(a, 2): pass\n", "b\n", "python", False),  # a grammar would let it pass
        ("print 'a'\n", "print 'b'\n", "python", True),  # no worse than it was
        ("let a = 1;", "let b;", "javascript", True),
        ("let a = ;", "let b;", "javascript", False),
        ("let a = ;", "let = ;", "javascript", True),
    ],
)
def test_a_text_parses_where_it_has_no_more_errors_than_the_old_one(
    new: str, old: str, language: str, expected: bool
) -> None:
    assert parses(new, old, language) is expected
