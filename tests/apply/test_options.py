"""Flags that cannot stand together are refused before anything is read."""

from __future__ import annotations

import pytest

from instant_edit import cli
from instant_edit.edit_kinds import KINDS

CASES = {
    "f.py": "nothing is selected",
    "--query (a)@b": "no file is named",
    "f.py --lines 1 --write --check": "--write and --check exclude each other",
    "f.py g.py --lines 1": "--lines counts the lines of one file",
    ". --lines 1": "--lines counts the lines of one file",
    "f.py --lines 1 --capture @a": "--query, which is missing",
    "- --lines 1": "give --stdin-filename",
    "- f.py --symbol a --stdin-filename a.py": "cannot be mixed",
    "f.py --lines 1 --stdin-filename a.py": "give - as the file",
    "- --lines 1 --stdin-filename a.py --patch-out p": "no place on the disk",
    "f.py --lines 1 --json --output-format github": "differ",
    "f.py --kind magic": "known are: docstring",
}


@pytest.mark.parametrize(("arguments", "message"), CASES.items(), ids=CASES)
def test_contradictions_are_wrong_usage(
    arguments: str, message: str, capsys: pytest.CaptureFixture[str]
) -> None:
    assert cli.main(["apply", *arguments.split()]) == 2
    out, err = capsys.readouterr()
    assert out == ""
    assert message in err


def test_the_help_names_every_kind(capsys: pytest.CaptureFixture[str]) -> None:
    assert cli.main(["apply", "--help"]) == 0
    shown = capsys.readouterr().out
    assert all(kind.id in shown for kind in KINDS)
