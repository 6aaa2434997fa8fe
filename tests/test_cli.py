from __future__ import annotations

import subprocess
import sys
from typing import TYPE_CHECKING

import pytest

from instant_edit import cli
from instant_edit.errors import EditCancelled, ModelError
from tests.apply.scripting import ScriptedEditor, opener

if TYPE_CHECKING:
    from pathlib import Path

COMMANDS = (
    ["--help"],
    ["apply", "--help"],
    ["lsp", "--help"],
    ["doctor", "--help"],
    ["eval", "infilling", "--help"],
    ["eval", "report", "--help"],
    ["--version"],
)


@pytest.fixture
def file(tmp_path: Path) -> Path:
    path = tmp_path / "f.py"
    path.write_text("a = 1\n")
    return path


@pytest.mark.parametrize("arguments", COMMANDS, ids=" ".join)
def test_help_and_version_are_printed(
    arguments: list[str], capsys: pytest.CaptureFixture[str]
) -> None:
    assert cli.main(arguments) == 0
    assert "instant-edit" in capsys.readouterr().out


@pytest.mark.parametrize(
    "arguments",
    [
        ["no-such-command"],
        ["apply"],
        ["apply", "f.py"],
        ["apply", "f.py", "--lines", "1:1", "--write", "--check"],
        ["apply", "f.py", "--lines", "1:1", "--mode", "guess"],
        ["apply", "f.py", "--lines", "1:1", "--candidates", "0"],
        ["eval", "infilling", "data.jsonl", "--length", "guess"],
        ["eval", "report", "--data", "folder"],
    ],
    ids=" ".join,
)
def test_wrong_usage_exits_2_with_talk_on_stderr(
    arguments: list[str], capsys: pytest.CaptureFixture[str]
) -> None:
    assert cli.main(arguments) == 2
    out, err = capsys.readouterr()
    assert out == ""
    assert "Error: " in err


def test_apply_edits_a_file(
    file: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr(cli, "open_editor", lambda model: opener(ScriptedEditor("b = 2"))())
    assert cli.main(["apply", str(file), "--lines", "1:1"]) == 0
    assert "-a = 1\n+b = 2\n" in capsys.readouterr().out


def test_bad_input_is_one_line_on_stderr(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert cli.main(["apply", str(tmp_path / "missing.py"), "--lines", "1:1"]) == 2
    out, err = capsys.readouterr()
    assert out == ""
    assert err.startswith("error: ")
    assert err.count("\n") == 1


@pytest.mark.parametrize(
    ("raised", "code"),
    [
        (ModelError("weights are corrupt"), 2),
        (KeyboardInterrupt(), 130),
        (EditCancelled("stopped"), 130),
        (ZeroDivisionError("a bug"), 2),
    ],
)
def test_what_stops_an_edit_decides_the_exit_code(
    file: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
    raised: BaseException,
    code: int,
) -> None:
    def fail(model: str) -> None:
        raise raised

    monkeypatch.setattr(cli, "open_editor", fail)
    assert cli.main(["apply", str(file), "--lines", "1:1", "--write"]) == code
    assert capsys.readouterr().out == ""
    assert file.read_text() == "a = 1\n"


def test_the_module_runs_as_a_program(tmp_path: Path) -> None:
    command = [sys.executable, "-m", "instant_edit", "apply", "missing.py", "--lines", "1:1"]
    done = subprocess.run(command, cwd=tmp_path, capture_output=True, text=True, check=False)
    assert done.returncode == 2
    assert done.stdout == ""
    assert done.stderr == "error: missing.py does not exist; check the path\n"
