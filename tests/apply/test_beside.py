"""What a killed run has left beside a file goes with the next run, and nothing else does."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
from pathlib import Path

import pytest

from instant_edit.apply.beside import PREFIX, beside, sweep
from instant_edit.apply.command import run
from instant_edit.apply.options import ApplyOptions
from tests.apply.scripting import AnsweringEditor, opener

ROOT = Path(__file__).resolve().parents[2]
KILLED_WHILE_WRITING = """
import os, signal
from pathlib import Path
from instant_edit.apply.files import read, replace
file = read(Path("a.py"))
replace(file, file.source.with_text("b = 2\\n"), lambda _: os.kill(os.getpid(), signal.SIGKILL))
"""


@pytest.fixture
def leftover(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """What a run has left that was killed between writing and taking the file's place."""
    monkeypatch.chdir(tmp_path)
    Path("a.py").write_text("a = 1\n")
    killed = subprocess.run(
        [sys.executable, "-c", KILLED_WHILE_WRITING],
        env={**os.environ, "PYTHONPATH": str(ROOT)},
        check=False,
    )
    assert killed.returncode == -signal.SIGKILL
    assert Path("a.py").read_text() == "a = 1\n"
    (left,) = tmp_path.glob(f"{PREFIX}*")
    return left


def test_what_a_killed_run_has_left_goes(leftover: Path) -> None:
    assert sweep([leftover.parent]) == 1
    assert [entry.name for entry in leftover.parent.iterdir()] == ["a.py"]


def test_the_next_run_sweeps_where_it_looks_though_nothing_is_to_do_there(
    leftover: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    Path("sub").mkdir()
    Path("sub/b.py").write_text("def b():\n    return 1\n")
    flags = {"paths": (Path(),), "query": "(return_statement (integer) @n)"}
    two = opener(AnsweringEditor(lambda request: ["2"]))
    assert run(ApplyOptions(**flags), two) == 0  # type: ignore[arg-type]
    assert leftover.exists(), "a run that writes nothing deletes nothing"
    assert run(ApplyOptions(**flags, write=True), two) == 0  # type: ignore[arg-type]
    assert not leftover.exists()
    assert "deleted 1 unfinished files of a run that was killed" in capsys.readouterr().err


def test_a_file_that_is_being_written_stays(tmp_path: Path) -> None:
    with beside(tmp_path) as stream:
        assert sweep([tmp_path]) == 0
        assert Path(stream.name).exists()
    assert list(tmp_path.iterdir()) == []


def test_a_file_that_was_swept_before_it_was_locked_is_made_anew(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    import fcntl

    real = fcntl.flock
    seen: list[object] = []

    def flock(file: object, how: int) -> None:
        if not seen:
            seen.append(file)
            (swept,) = tmp_path.iterdir()
            swept.unlink()
        real(file, how)  # type: ignore[arg-type]

    monkeypatch.setattr(fcntl, "flock", flock)
    with beside(tmp_path) as stream:
        assert Path(stream.name).exists()


@pytest.mark.parametrize("name", [f"{PREFIX}notes", "instant-edit-abcdefgh", f"{PREFIX}abcdefgh9"])
def test_files_of_other_names_stay(tmp_path: Path, name: str) -> None:
    (tmp_path / name).touch()
    assert sweep([tmp_path, tmp_path / "missing"]) == 0
    assert (tmp_path / name).exists()


def test_a_link_of_such_a_name_is_not_followed(tmp_path: Path) -> None:
    (tmp_path / "a.py").touch()
    (tmp_path / f"{PREFIX}abcdefgh").symlink_to("a.py")
    assert sweep([tmp_path]) == 0
    assert (tmp_path / "a.py").exists()


@pytest.mark.skipif(os.geteuid() != 0, reason="only root may give files away")
def test_the_files_of_others_stay(tmp_path: Path) -> None:
    file = tmp_path / f"{PREFIX}abcdefgh"
    file.touch()
    os.chown(file, 1234, 4321)
    assert sweep([tmp_path]) == 0
    assert file.exists()
