from __future__ import annotations

import io
import json
from typing import TYPE_CHECKING

import pytest

from instant_edit.errors import InputError
from instant_edit.evaluation.command import EvalOptions, run
from instant_edit.evaluation.dataset import Row
from instant_edit.evaluation.infilling import compiles, fill
from instant_edit.evaluation.report import progress
from instant_edit.job import Job
from instant_edit.request import Span
from tests.apply.scripting import ScriptedEditor, no_model, opener
from tests.evaluation.rows import DOUBLE, FIRST, write_rows
from tests.scripted import tokenizer

if TYPE_CHECKING:
    from pathlib import Path

    from instant_edit.evaluation.metrics import RowResult

ROW = Row(**DOUBLE)


def filled(text: str, *, oracle_length: bool = False) -> tuple[ScriptedEditor, RowResult]:
    editor = ScriptedEditor(text)
    return editor, fill(editor, ROW, seed=3, oracle_length=oracle_length)


def test_the_true_middle_passes_and_is_exact() -> None:
    _, result = filled(DOUBLE["canonical_solution"])
    assert (result.passed, result.exact, result.compiles, result.edited) == (True,) * 4


def test_another_right_middle_passes_and_is_not_exact() -> None:
    _, result = filled("    y = 2 * x\n")
    assert (result.passed, result.exact) == (True, False)


def test_a_wrong_middle_says_what_the_test_raised() -> None:
    _, result = filled("    y = z\n")
    assert (result.passed, result.compiles, result.reason) == (False, True, "NameError")


def test_a_rejected_edit_is_not_run_even_where_doing_nothing_would_pass() -> None:
    row = Row(**{**DOUBLE, "suffix": "    y += x\n    return y\n"})
    result = fill(ScriptedEditor("    y = (\n"), row)
    assert (result.passed, result.edited, result.reason) == (False, False, "no edit")
    assert result.findings


def test_the_hole_is_the_middle_of_the_whole_program_taken_as_given() -> None:
    editor, _ = filled("    y = x\n")
    (request,) = editor.requests
    hole = len(ROW.prompt)
    assert request.source == ROW.prompt + ROW.canonical_solution + ROW.suffix
    assert request.spans == (Span(hole, hole + len(ROW.canonical_solution)),)
    assert (request.language, request.mode, request.seed) == ("python", "fill", 3)
    assert editor.options == [{"as_given": True, "oracle_length": False}]


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
    _, told = filled(middle, oracle_length=True)
    forced, hidden = "\n", ROW.canonical_solution.removesuffix("\n")
    assert told.stats.tokens == len(tokenizer().encode(forced + hidden))
    assert told.stats.tokens < own.stats.tokens


@pytest.mark.parametrize(
    ("source", "expected"),
    [("a = 1\n", True), ("a = \n", False), ("a\0", False), ("'\\d'\n", True), ("return\n", False)],
)
def test_compiles_asks_the_interpreter(source: str, expected: bool) -> None:
    assert compiles(source) is expected


class Same(ScriptedEditor):
    """Gives each hole of the same row the same text, the warm-up's too."""

    def __init__(self) -> None:
        super().__init__("    pass\n")


def test_a_run_prints_a_table_and_writes_everything(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    data = write_rows(tmp_path / "rows.jsonl", DOUBLE, FIRST)
    report = tmp_path / "report.json"
    options = EvalOptions(data, limit=1, seed=4, json_path=report)
    assert run(options, opener(Same())) == 0
    out, err = capsys.readouterr()
    assert "own length" in out
    assert "pass@1" in out
    assert "1/1 rows · 0 passed" in err
    document = json.loads(report.read_text())
    assert document["command"].startswith(
        "instant-edit eval infilling rows.jsonl --limit 1 --seed 4"
    )
    assert document["model"]["id"] == "scripted"
    assert document["summary"]["rows"] == 1
    assert [row["task_id"] for row in document["rows"]] == ["Own/0"]
    assert str(tmp_path) not in report.read_text()


def test_a_report_that_cannot_be_written_is_refused_before_the_work(tmp_path: Path) -> None:
    data = write_rows(tmp_path / "rows.jsonl", DOUBLE)
    with pytest.raises(InputError, match="cannot be written"):
        run(EvalOptions(data, json_path=tmp_path / "missing" / "r.json"), no_model)


def test_progress_draws_a_bar_with_time_left_on_a_terminal(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("TERM", "xterm")

    class Terminal(io.StringIO):
        def isatty(self) -> bool:
            return True

    stream = Terminal()
    with progress(2, stream) as advance:
        advance(True)
        advance(False)
    assert "2/2" in stream.getvalue()
    assert "1 passed" in stream.getvalue()
