"""What an edit must stand up to after the gate, and which candidate is tried next."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
import threading
from pathlib import Path
from typing import Any

import pytest

from instant_edit.apply.command import run
from instant_edit.apply.options import ApplyOptions
from instant_edit.apply.trust import changed_lines
from tests.apply.scripting import AnsweringEditor, CandidatesEditor, ScriptedEditor, opener

CODE = "def f():\n    return 1\n\n\ndef g():\n    return 3\n"


@pytest.fixture
def tree(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    (tmp_path / "project").mkdir()
    monkeypatch.chdir(tmp_path / "project")
    (tmp_path / "project/pyproject.toml").touch()
    (tmp_path / "project/f.py").write_text(CODE)
    return tmp_path / "project"


def report(
    editor: ScriptedEditor, capsys: pytest.CaptureFixture[str], **flags: Any
) -> tuple[int, dict[str, Any], str]:
    flags = {"paths": (Path("f.py"),), "lines": ("2",), "output": "json", "write": True, **flags}
    code = run(ApplyOptions(**flags), opener(editor))
    out, err = capsys.readouterr()
    (file,) = json.loads(out)["files"]
    return code, file, err


def python(code: str) -> str:
    return f'{sys.executable} -c "{code}"'


HOLDS_2 = python("import f, sys; sys.exit(f.f() != 2)")


def test_the_next_candidate_is_tried_when_verify_fails(
    tree: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    editor = CandidatesEditor("return 0", "return 2")
    code, file, _ = report(editor, capsys, verify=HOLDS_2, candidates=3)
    (task,) = file["tasks"]
    assert (code, task["status"]) == (0, "edited")
    (rejected,) = task["rejected"]
    assert rejected["texts"] == ["return 0"]
    assert rejected["finding"]["kind"] == "verify"
    assert "exited with 1" in rejected["finding"]["message"]
    assert (tree / "f.py").read_text() == CODE.replace("return 1", "return 2")


def test_no_edit_is_made_when_verify_takes_none(
    tree: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    code, file, err = report(CandidatesEditor("return 0"), capsys, verify=HOLDS_2)
    assert (code, file["changed"], file["verdict"]["ok"]) == (1, False, False)
    assert "verify: " in err
    assert (tree / "f.py").read_text() == CODE


def test_verify_sees_the_file_and_the_edits_taken_before(
    tree: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (tree / "g.py").write_text("def h():\n    return 1\n")
    check = python(
        "import f, g, sys; sys.exit((f.f(), g.h()) not in [(2, 1), (2, 2)] or sys.argv[1] == '')"
    )
    options = ApplyOptions(
        paths=(Path("f.py"), Path("g.py")),
        query="(return_statement (integer) @n (#eq? @n 1))",
        verify=check + " {file}",
        write=True,
    )
    assert run(options, opener(AnsweringEditor(lambda request: ["2"]))) == 0
    assert "return 2" in (tree / "g.py").read_text()


def test_what_verify_does_to_files_stays_in_the_copy(
    tree: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (tree / "other.py").write_text("x = 1\n")
    spoil = python("open('other.py','w').write('y = 2'); open('new.txt','w')")
    code, file, _ = report(CandidatesEditor("return 2"), capsys, verify=spoil)
    assert code == 1
    assert "changed other.py; it may only look" in file["verdict"]["findings"][0]["message"]
    assert sorted(path.name for path in tree.iterdir()) == ["f.py", "other.py", "pyproject.toml"]
    assert (tree / "other.py").read_text() == "x = 1\n"


def test_the_copy_holds_what_git_does_not_ignore(
    tree: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    subprocess.run(["git", "init", "-q"], check=True)
    (tree / ".gitignore").write_text("ignored\n")
    (tree / "ignored").touch()
    (tree / "new.py").symlink_to("f.py")
    check = "test ! -e ignored && test -L new.py && grep -q 'return 2' {file}"
    code, _, err = report(CandidatesEditor("return 2"), capsys, verify=check, allow_dirty=True)
    assert (code, "written" in err) == (0, True)


def test_each_verify_begins_with_the_same_copy(
    tree: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    once = python("import os, sys; sys.exit(os.path.exists('mark') or bool(open('mark', 'w')) * 2)")
    code, file, _ = report(
        CandidatesEditor("return 0", "return 2"), capsys, verify=once, candidates=2
    )
    assert code == 1
    assert [one["finding"]["message"][-1] for one in file["tasks"][0]["rejected"]] == ["2", "2"]


def test_a_verify_that_hangs_is_given_up_with_all_it_started(
    tree: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    code, file, _ = report(
        CandidatesEditor("return 2"), capsys, verify="sleep 100 & sleep 100", verify_timeout=0.1
    )
    assert code == 1
    assert "did not end within 0.1 s" in file["verdict"]["findings"][0]["message"]


def test_ctrl_c_during_verify_ends_it_and_writes_nothing(
    tree: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    os.mkfifo(tree.parent / "started")

    def interrupt() -> None:
        (tree.parent / "started").read_text()  # until the command has begun
        os.kill(os.getpid(), signal.SIGINT)

    waiter = threading.Thread(target=interrupt)
    waiter.start()
    options = ApplyOptions(
        paths=(Path("f.py"),),
        lines=("2",),
        write=True,
        verify=f"echo > {tree.parent / 'started'}; sleep 100",
    )
    assert run(options, opener(CandidatesEditor("return 2"))) == 130
    waiter.join()
    assert "nothing was written" in capsys.readouterr().err
    assert (tree / "f.py").read_text() == CODE


def test_low_confidence_means_abstention(tree: Path, capsys: pytest.CaptureFixture[str]) -> None:
    code, file, err = report(CandidatesEditor("return 2"), capsys, min_confidence=0.99)
    assert (code, file["changed"]) == (1, False)
    assert file["tasks"][0]["status"] == "abstained"
    assert "is below 0.99" in err
    assert (tree / "f.py").read_text() == CODE


def test_an_edit_may_be_limited_in_lines(tree: Path, capsys: pytest.CaptureFixture[str]) -> None:
    large = "x = 1\n    y = 2\n    return x"
    code, file, _ = report(
        CandidatesEditor(large, "return 2"), capsys, max_changed_lines=2, candidates=2
    )
    assert (code, file["edits"][0]["text"]) == (0, "return 2")
    assert "4 lines would change" in file["tasks"][0]["rejected"][0]["finding"]["message"]


def test_an_edit_of_a_kind_must_do_what_the_kind_asks(
    tree: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    editor = CandidatesEditor("    x = 0\n", '    """Say one."""\n')
    code, file, _ = report(editor, capsys, lines=(), kinds=("docstring",), candidates=2)
    assert code == 0
    assert [task["rejected"][0]["finding"]["kind"] for task in file["tasks"]] == ["not-settled"] * 2
    assert (tree / "f.py").read_text().count('"""Say one."""') == 2


@pytest.mark.parametrize(
    ("old", "new", "count"),
    [("a\nb\n", "a\nb\n", 0), ("a\nb\n", "a\nc\n", 2), ("a\n", "a\nb\nc\n", 2), ("a\nb\n", "", 2)],
)
def test_changed_lines_are_those_of_a_diff(old: str, new: str, count: int) -> None:
    assert changed_lines(old, new) == count
