"""``-``: the text comes on stdin and goes to stdout."""

from __future__ import annotations

import io
import sys
from pathlib import Path
from typing import Any

import pytest

from instant_edit.apply.command import run
from instant_edit.apply.options import ApplyOptions
from instant_edit.errors import InputError
from tests.apply.scripting import ScriptedEditor, no_model, opener

CODE = b"\xef\xbb\xbfdef f():\r\n    return 1"


@pytest.fixture(autouse=True)
def _stdin(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sys, "stdin", io.TextIOWrapper(io.BytesIO(CODE)))


def from_stdin(**flags: Any) -> ApplyOptions:
    values = {"stdin_filename": "f.py", "lines": ("2",), **flags}
    return ApplyOptions(paths=(Path("-"),), **values)


def test_the_diff_names_the_file_that_it_would_be(capsys: pytest.CaptureFixture[str]) -> None:
    assert run(from_stdin(), opener(ScriptedEditor("return 2"))) == 0
    out = capsys.readouterr().out
    assert out.startswith("--- a/f.py\n+++ b/f.py\n")


def test_write_puts_the_whole_text_on_stdout(capfdbinary: pytest.CaptureFixture[bytes]) -> None:
    assert run(from_stdin(write=True), opener(ScriptedEditor("return 2"))) == 0
    assert capfdbinary.readouterr().out == CODE.replace(b"1", b"2")


def test_a_rejected_edit_passes_the_text_on_as_it_was(
    capfdbinary: pytest.CaptureFixture[bytes],
) -> None:
    assert run(from_stdin(write=True), opener(ScriptedEditor("return ("))) == 1
    assert capfdbinary.readouterr().out == CODE


def test_the_language_can_be_given_instead_of_a_name() -> None:
    options = from_stdin(stdin_filename=None, language="python", check=True)
    assert run(options, opener(ScriptedEditor("return 2"))) == 1


@pytest.mark.parametrize("name", [".env", "../f.py"])
def test_a_name_that_could_not_be_edited_is_refused(name: str) -> None:
    with pytest.raises(InputError):
        run(from_stdin(stdin_filename=name, language="python"), no_model)
