"""The promises that only the embedded weights can keep, through the commands a user types."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from instant_edit.cli import main
from tests.evaluation.rows import DOUBLE, FIRST, write_rows, write_sets

ROOT = Path(__file__).resolve().parents[1]
MAKEFILE = ROOT / "Makefile"

pytestmark = [pytest.mark.slow, pytest.mark.timeout(300)]


def demo() -> list[str]:
    """Read the arguments of the demo from the Makefile."""
    (line,) = [line for line in MAKEFILE.read_text().splitlines() if " --show-steps" in line]
    return line.partition("instant-edit ")[2].split()


def report(capsys: pytest.CaptureFixture[str], *more: str) -> Any:
    assert main([*demo(), "--json", *more]) == 0
    return json.loads(capsys.readouterr().out)


@pytest.fixture(autouse=True)
def in_the_repository(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(ROOT)


def test_the_demo_shows_its_steps_and_a_validated_diff(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(demo()) == 0
    out, err = capsys.readouterr()
    assert out.startswith("--- a/fixtures/inventory.py\n")
    assert "masked" in err


def test_the_same_seed_gives_the_same_bytes(capsys: pytest.CaptureFixture[str]) -> None:
    first, second = report(capsys, "--seed", "7"), report(capsys, "--seed", "7")
    for document in (first, second):
        del document["files"][0]["stats"]
    assert first == second
    assert first["files"][0]["verdict"]["ok"] is True


def test_the_doctor_finds_this_installation_healthy(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["doctor", "--json"]) == 0
    assert json.loads(capsys.readouterr().out)["healthy"] is True


@pytest.mark.parametrize("decoding", ["diffusion", "ar"])
@pytest.mark.parametrize("length", ["own", "oracle"])
def test_an_evaluation_runs_to_its_figures(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], decoding: str, length: str
) -> None:
    data, figures = write_rows(tmp_path / "rows.jsonl", DOUBLE, FIRST), tmp_path / "figures.json"
    options = ["--decoding", decoding, "--length", length, "--json", str(figures)]
    assert main(["eval", "infilling", str(data), *options]) == 0
    assert f"{length} length" in capsys.readouterr().out
    document = json.loads(figures.read_text())
    assert document["summary"]["rows"] == 2
    assert document["summary"]["forward_passes_per_edit"] > 0


@pytest.mark.timeout(600)
def test_a_report_has_figures_of_both_decodings(tmp_path: Path) -> None:
    out = tmp_path / "out"
    assert main(["eval", "report", "--data", str(write_sets(tmp_path)), "--out", str(out)]) == 0
    document = json.loads((out / "report.json").read_text())
    assert document["complete"] is True
    for one in document["sets"]:
        assert one["broken"] == one["left_out"] == []
        for variant in one["variants"]:
            assert variant["forward_passes_per_edit"] > 0
            assert variant["edits_that_parse"]["count"] == variant["edits_that_parse"]["of"]
    assert [pair["length"] for pair in document["sets"][0]["pairs"]] == ["own", "oracle"]
