"""A run that was interrupted goes on where it was; nothing is asked of the model twice."""

from __future__ import annotations

import json
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

from instant_edit.apply import running
from instant_edit.apply.command import run
from instant_edit.apply.options import ApplyOptions
from instant_edit.apply.writing import write
from instant_edit.errors import EditCancelled, InputError
from tests.apply.scripting import AnsweringEditor, no_model, opener

if TYPE_CHECKING:
    from instant_edit.apply.outcome import FileOutcome
    from instant_edit.request import EditRequest

NAMES = ("a.py", "b.py", "c.py")
JOURNAL = Path("journal")


@pytest.fixture(autouse=True)
def tree(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.chdir(tmp_path)
    for name in NAMES:
        Path(name).write_text("def f():\n    return 1\n")
    return tmp_path


def options(**flags: Any) -> ApplyOptions:
    query = "(return_statement (integer) @n)"
    return ApplyOptions(paths=(Path(),), query=query, resume=JOURNAL, **flags)


def stops_at(name: str | None) -> AnsweringEditor:
    def answer(request: EditRequest) -> list[str]:
        if request.path == name:
            raise EditCancelled("stopped")
        return ["2"]

    return AnsweringEditor(answer)


@pytest.mark.parametrize("write", [False, True])
def test_the_second_run_does_what_the_first_left(
    capsys: pytest.CaptureFixture[str], write: bool
) -> None:
    assert run(options(write=write, output="json"), opener(stops_at("b.py"))) == 130
    capsys.readouterr()
    editor = stops_at(None)
    assert run(options(write=write, output="json"), opener(editor)) == 0
    assert [request.path for request in editor.requests] == ["b.py", "c.py"]
    files = json.loads(capsys.readouterr().out)["files"]
    assert [(file["path"], file["written"]) for file in files] == [(n, write) for n in NAMES]
    assert all(("return 2" in Path(name).read_text()) == write for name in NAMES)


def test_the_diff_is_whole_after_the_second_run(capsys: pytest.CaptureFixture[str]) -> None:
    run(options(), opener(stops_at("b.py")))
    capsys.readouterr()
    assert run(options(), opener(stops_at(None))) == 0
    assert capsys.readouterr().out.count("+    return 2\n") == 3


def test_a_file_that_has_changed_since_is_edited_anew() -> None:
    run(options(), opener(stops_at("b.py")))
    Path("a.py").write_text("def g():\n    return 1\n")
    editor = stops_at(None)
    run(options(), opener(editor))
    assert [request.path for request in editor.requests] == list(NAMES)


def test_a_line_that_was_cut_off_is_done_again() -> None:
    run(options(), opener(stops_at(None)))
    whole = JOURNAL.read_text()
    JOURNAL.write_text(whole[:-20])
    editor = stops_at(None)
    run(options(), opener(editor))
    assert [request.path for request in editor.requests] == ["c.py"]
    assert len(JOURNAL.read_text().splitlines()) == 4


class Killed(BaseException):
    """Ends a run as ``kill -9`` does: nothing of ours is done on the way out."""


@pytest.mark.parametrize("moment", ["before", "after"])
def test_a_run_that_is_killed_around_a_write_edits_no_file_twice(
    monkeypatch: pytest.MonkeyPatch, moment: str
) -> None:
    def write_and_die(outcome: FileOutcome) -> None:
        if outcome.file.name != "b.py" or moment == "after":
            write(outcome)
        if outcome.file.name == "b.py":
            raise Killed

    monkeypatch.setattr(running, "write", write_and_die)
    with pytest.raises(Killed):
        run(options(write=True), opener(stops_at(None)))
    monkeypatch.setattr(running, "write", write)
    editor = stops_at(None)
    assert run(options(write=True), opener(editor)) == 0
    again = ["b.py", "c.py"] if moment == "before" else ["c.py"]
    assert [request.path for request in editor.requests] == again


def test_a_journal_that_was_only_just_begun_is_begun_anew() -> None:
    JOURNAL.touch()
    assert run(options(), opener(stops_at(None))) == 0
    assert len(JOURNAL.read_text().splitlines()) == 4


def test_a_journal_of_another_run_is_refused() -> None:
    run(options(), opener(stops_at(None)))
    with pytest.raises(InputError, match="other flags"):
        run(options(seed=1), no_model)
    JOURNAL.write_text("nothing\n")
    with pytest.raises(InputError, match="is no journal"):
        run(options(), no_model)
