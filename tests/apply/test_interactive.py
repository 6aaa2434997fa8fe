"""``--interactive``: what each answer does, with the dialogue on stderr and stdin."""

from __future__ import annotations

import io
import sys
from pathlib import Path

import pytest

from instant_edit.apply.command import run
from instant_edit.apply.options import ApplyOptions
from tests.apply.scripting import AnsweringEditor, opener

CODE = "def f():\n    return 1\n\n\ndef g():\n    return 1\n"
BOTH = "(return_statement (integer) @n)"


@pytest.fixture
def file(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.chdir(tmp_path)
    (tmp_path / "f.py").write_text(CODE)
    (tmp_path / "g.py").write_text(CODE)
    return tmp_path / "f.py"


def answered(monkeypatch: pytest.MonkeyPatch, answers: str) -> int:
    """Run with these answers; the model writes 2 more than the seed."""
    monkeypatch.setattr(sys, "stdin", io.StringIO(answers))
    options = ApplyOptions(paths=(Path(),), query=BOTH, interactive=True)
    return run(options, opener(AnsweringEditor(lambda request: [str(2 + request.seed)])))


@pytest.mark.parametrize(
    ("answers", "numbers"),
    [
        ("y\ny\ny\ny\n", "2222"),
        ("n\ny\ny\nn\n", "1221"),
        ("y\nq\n", "2111"),
        ("", "1111"),
        ("r\nr\ny\nn\nn\nn\n", "4111"),
        ("y\nwhat\ny\nq\n", "2211"),
    ],
)
def test_each_answer_does_what_it_says(
    file: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
    answers: str,
    numbers: str,
) -> None:
    assert answered(monkeypatch, answers) == 0
    text = file.read_text() + (file.parent / "g.py").read_text()
    assert "".join(c for c in text if c.isdigit()) == numbers
    out, err = capsys.readouterr()
    assert out == ""
    assert "apply this edit [y,n,r,e,q,?]?" in err
    assert "+    return 2" in err
    assert ("change it by hand" in err) == ("what" in answers)


def hand(folder: Path, monkeypatch: pytest.MonkeyPatch, old: str, new: str) -> None:
    """Make an editor that replaces one text by another in what it is given."""
    script = folder / "edit.sh"
    script.write_text(f"#!/bin/sh\nsed -i 's/{old}/{new}/' \"$1\"\n")
    script.chmod(0o755)
    monkeypatch.setenv("VISUAL", str(script))


def test_an_edit_changed_by_hand_is_taken(file: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    hand(file.parent, monkeypatch, "2", "20 + 3")
    assert answered(monkeypatch, "e\ny\nq\n") == 0
    assert file.read_text() == CODE.replace("return 1", "return 20 + 3", 1)


def test_what_a_hand_breaks_is_not_taken(
    file: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    hand(file.parent, monkeypatch, "2", "(")
    assert answered(monkeypatch, "e\ny\nq\n") == 0
    assert file.read_text() == CODE.replace("return 1", "return 2", 1)
    assert "  syntax: " in capsys.readouterr().err


def test_without_an_edit_the_model_can_be_asked_again(
    file: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr(sys, "stdin", io.StringIO("r\ny\nq\n"))
    editor = AnsweringEditor(lambda request: ["(" if request.seed == 0 else "2"])
    options = ApplyOptions(paths=(file,), query=BOTH, interactive=True)
    assert run(options, opener(editor)) == 0
    assert file.read_text() == CODE.replace("return 1", "return 2", 1)
    assert "f.py:2: rejected: " in capsys.readouterr().err
