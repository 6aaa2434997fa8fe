"""The curve says what the log says, and is the same bytes each time."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner

from instant_edit.training.__main__ import main
from instant_edit.training.curve import History

RECORDS: tuple[dict[str, Any], ...] = (
    {"schedule": {"steps": 60}},
    {"step": 20, "loss": 6.0, "accuracy": 0.1, "seconds": 900.0},
    {"step": 40, "loss": 9.0, "accuracy": 0.0, "seconds": 1800.0},
    {"step": 40, "loss": 5.0, "accuracy": 0.2, "seconds": 1900.0},
    {"step": 40, "held_out_loss": 5.5, "held_out_accuracy": 0.15},
    {"step": 60, "loss": 4.0, "accuracy": 0.3, "seconds": 3600.0},
)


def log(run: Path, *records: dict[str, Any], tail: str = "") -> Path:
    run.mkdir(exist_ok=True)
    (run / "log.jsonl").write_text("".join(json.dumps(r) + "\n" for r in records) + tail)
    return run


def test_a_history_is_what_the_log_tells_the_last_time(tmp_path: Path) -> None:
    history = History.read(log(tmp_path / "run", *RECORDS))
    assert history.trained == ((20, 6.0, 0.1), (40, 5.0, 0.2), (60, 4.0, 0.3))
    assert history.held_out == ((40, 5.5, 0.15),)
    assert history.hours == 1.0


def test_a_line_that_was_cut_off_is_passed_over(tmp_path: Path) -> None:
    whole = History.read(log(tmp_path / "run", *RECORDS))
    assert History.read(log(tmp_path / "run", *RECORDS, tail='{"step": 80, "lo')) == whole


def test_a_run_without_steps_is_named(tmp_path: Path) -> None:
    with pytest.raises(SystemExit, match=r"log\.jsonl cannot be read: No such file"):
        History.read(tmp_path)
    with pytest.raises(SystemExit, match=r"log\.jsonl tells of no step"):
        History.read(log(tmp_path / "run", RECORDS[0]))


def test_the_same_log_gives_the_same_picture(tmp_path: Path) -> None:
    run = log(tmp_path / "run", *RECORDS)
    pictures = []
    for name in ("one.svg", "two.svg"):
        done = CliRunner().invoke(main, ["curve", "--run", str(run), "--out", str(tmp_path / name)])
        assert done.exit_code == 0, done.output
        pictures.append((tmp_path / name).read_bytes())
    assert pictures[0] == pictures[1]
    assert b"held-out documents" in pictures[0]
    log(tmp_path / "run", *RECORDS[:-1])
    CliRunner().invoke(main, ["curve", "--run", str(run), "--out", str(tmp_path / "three.svg")])
    assert (tmp_path / "three.svg").read_bytes() != pictures[0]
