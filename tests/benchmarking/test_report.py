"""Tables become Markdown, one JSON document, and plots whose bytes do not change."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from instant_edit import models
from instant_edit.benchmarking.plots import plots, series
from instant_edit.benchmarking.report import conditions, joined, markdown, tables_of
from instant_edit.benchmarking.table import Curve, Table
from instant_edit.cli import main
from instant_edit.models.protocol import ModelInfo
from tests import tiny
from tests.scripted import tokenizer

INFO = ModelInfo("tiny", "sha256:0123456789", "float32", 1, 10, "random weights")
CURVE = Curve("n", "ms", "way")
ROWS = tuple({"n": n, "way": way, "ms": n * 10.123456} for n in (1, 2) for way in ("a", "b"))


def table(name: str = "line") -> Table:
    return Table(name, f"The {name}", "A note.", ROWS, (CURVE,))


def test_markdown_has_every_table_with_its_note_and_plot() -> None:
    text = markdown(joined(conditions(INFO), [table(), table("other")]))
    assert "## The line" in text
    assert "| 2 | b | 20.25 |" in text
    assert "![ms by n](other-ms.svg)" in text
    assert text.count("A note.") == 2


def test_tables_measured_under_the_same_conditions_are_kept(tmp_path: Path) -> None:
    given, file = conditions(INFO), tmp_path / "bench.json"
    file.write_text(json.dumps(joined(given, [table("one")])))
    assert list(joined(given, [table("two")], file)["tables"]) == ["one", "two"]
    other = conditions(ModelInfo("other", "", "float32", 1, 10, ""))
    assert list(joined(other, [table("two")], file)["tables"]) == ["two"]


def test_tables_survive_the_document() -> None:
    document = json.loads(json.dumps(joined(conditions(INFO), [table()])))
    (again,) = tables_of(document)
    assert again.curves == (CURVE,)
    assert again.rows[0]["ms"] == pytest.approx(10.1235)


def test_a_curve_has_a_line_for_each_name() -> None:
    assert series(CURVE, ROWS)["b"] == [(1, 10.123456), (2, 20.246912)]


def test_plots_are_the_same_bytes_each_time(tmp_path: Path) -> None:
    pytest.importorskip("matplotlib")
    found = []
    for name in ("first", "second"):
        (tmp_path / name).mkdir()
        (file,) = plots([table()], tmp_path / name)
        found.append(file.read_bytes())
    assert found[0] == found[1]
    assert b"<svg" in found[0]


def test_the_command_writes_what_it_measures(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    pytest.importorskip("matplotlib")
    made = tiny.denoiser(tiny.network(vocabulary=tokenizer().vocabulary))
    monkeypatch.setattr(models, "load", lambda name: made)
    file = tmp_path / "figures.json"
    command = ["bench", "--quick", "--only", "difficulty"]
    assert main([*command, "--json", str(file), "--out", str(tmp_path)]) == 0
    document: dict[str, Any] = json.loads(file.read_text())
    assert set(document["tables"]) == {"difficulty"}
    assert document["model"]["id"] == "tiny"
    written = {path.name for path in tmp_path.iterdir()}
    assert {"bench.json", "bench.md", "difficulty-passes-a-token.svg"} <= written
    assert "## Steps against difficulty" in capsys.readouterr().out


def test_a_folder_that_is_not_there_is_refused_before_the_work(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    missing = tmp_path / "missing"
    assert main(["bench", "--out", str(missing)]) == 2
    assert str(missing) in capsys.readouterr().err
