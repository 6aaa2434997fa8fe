from __future__ import annotations

import io
import json
from typing import TYPE_CHECKING

import pytest

from instant_edit.errors import InputError
from instant_edit.evaluation.command import EvalOptions, run
from instant_edit.evaluation.report import progress
from tests.apply.scripting import ScriptedEditor, no_model, opener
from tests.evaluation.rows import DOUBLE, FIRST, write_rows

if TYPE_CHECKING:
    from pathlib import Path


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
