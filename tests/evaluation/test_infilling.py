from __future__ import annotations

import io
import json
from typing import TYPE_CHECKING, cast

import pytest

from instant_edit.errors import InputError
from instant_edit.evaluation.command import EvalOptions, run
from instant_edit.evaluation.dataset import Row
from instant_edit.evaluation.infilling import compiles, fill
from instant_edit.evaluation.report import progress
from instant_edit.request import Span
from tests.apply.fakes import FakeEditor, no_model, opener
from tests.evaluation.rows import DOUBLE, FIRST, write_rows

if TYPE_CHECKING:
    from pathlib import Path

    from instant_edit.engine import Editor
    from instant_edit.evaluation.metrics import RowResult

ROW = Row(**DOUBLE)


def filled(text: str, *, oracle_length: bool = False) -> tuple[FakeEditor, RowResult]:
    editor = FakeEditor(text)
    return editor, fill(cast("Editor", editor), ROW, seed=3, oracle_length=oracle_length)


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
    result = fill(cast("Editor", FakeEditor("    y = (\n")), row)
    assert (result.passed, result.edited, result.reason) == (False, False, "no edit")
    assert result.findings


def test_the_hole_is_an_empty_span_between_prompt_and_suffix() -> None:
    editor, _ = filled("    y = x\n")
    (request,) = editor.requests
    hole = len(ROW.prompt)
    assert request.source == ROW.prompt + ROW.suffix
    assert request.spans == (Span(hole, hole),)
    assert (request.language, request.mode, request.seed) == ("python", "fill", 3)
    assert editor.lengths == [None]


def test_the_true_length_is_told_only_when_asked_for() -> None:
    editor, _ = filled("    y = x\n", oracle_length=True)
    assert editor.lengths == [(len(ROW.canonical_solution),)]


@pytest.mark.parametrize(
    ("source", "expected"),
    [("a = 1\n", True), ("a = \n", False), ("a\0", False), ("'\\d'\n", True), ("return\n", False)],
)
def test_compiles_asks_the_interpreter(source: str, expected: bool) -> None:
    assert compiles(source) is expected


class Same(FakeEditor):
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
