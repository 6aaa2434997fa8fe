"""Runs over several files: each stands or falls alone, and the report says which."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

from instant_edit.apply.command import run
from instant_edit.apply.options import ApplyOptions
from instant_edit.errors import InputError
from tests.apply.scripting import AnsweringEditor, no_model, old_texts, opener

if TYPE_CHECKING:
    from instant_edit.request import EditRequest

ONES = "(return_statement (integer) @one)"


@pytest.fixture
def tree(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    for name in ("a.py", "b.py", "sub/c.py"):
        (tmp_path / name).parent.mkdir(exist_ok=True)
        (tmp_path / name).write_text(f"def {name[-4]}():\n    return 1\n")
    (tmp_path / "sub/d.py").write_text("x = 0\n")
    monkeypatch.chdir(tmp_path)
    return tmp_path


def two(request: EditRequest) -> list[str]:
    return ["2" for _ in request.spans]


def query(*paths: str, **flags: Any) -> ApplyOptions:
    given = tuple(Path(path) for path in paths or (".",))
    return ApplyOptions(paths=given, query=ONES, instruction="two", **flags)


def contents(tree: Path) -> dict[str, str]:
    return {path.name: path.read_text() for path in sorted(tree.rglob("*.py"))}


def test_a_directory_is_edited_file_by_file(tree: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert run(query(), opener(AnsweringEditor(two))) == 0
    out, err = capsys.readouterr()
    assert [line for line in out.splitlines() if line.startswith("+++")] == [
        "+++ b/a.py",
        "+++ b/b.py",
        "+++ b/sub/c.py",
    ]
    assert "4 files looked at, 3 changed, 0 written, 3 edits, 0 places without one" in err


def test_write_changes_every_file(tree: Path, capsys: pytest.CaptureFixture[str]) -> None:
    before = contents(tree)
    assert run(query(write=True), opener(AnsweringEditor(two))) == 0
    assert contents(tree) == {name: text.replace("1", "2") for name, text in before.items()}
    assert capsys.readouterr().out == ""


def test_a_rejected_edit_leaves_the_other_files_be(
    tree: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    def answer(request: EditRequest) -> list[str]:
        return ["(" if request.path == "b.py" else "2"]

    assert run(query(write=True), opener(AnsweringEditor(answer))) == 1
    assert "return 2" in (tree / "a.py").read_text()
    assert "return 1" in (tree / "b.py").read_text()
    assert "return 2" in (tree / "sub/c.py").read_text()
    assert "b.py:2: no edit" in capsys.readouterr().err


def test_places_of_one_file_stand_or_fall_alone(
    tree: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (tree / "a.py").write_text("def f():\n    return 1\n\n\ndef g():\n    return 3\n")

    def answer(request: EditRequest) -> list[str]:
        return ["(" if old == "3" else "2" for old in old_texts(request)]

    assert run(query("a.py", write=True), opener(AnsweringEditor(answer))) == 1
    assert (tree / "a.py").read_text() == "def f():\n    return 2\n\n\ndef g():\n    return 3\n"
    assert "a.py:6: no edit" in capsys.readouterr().err


def test_edits_that_only_break_together_are_not_both_made(tree: Path) -> None:
    (tree / "a.py").write_text("def f(a, b):\n    return a\n")

    def answer(request: EditRequest) -> list[str]:
        return ["x"]

    names = "(parameters (identifier) @p)"
    options = ApplyOptions(paths=(Path("a.py"),), query=names, write=True)
    assert run(options, opener(AnsweringEditor(answer))) == 1
    assert (tree / "a.py").read_text() == "def f(x, b):\n    return a\n"


def test_a_file_that_changes_or_goes_during_the_run_is_told_and_the_rest_is_done(
    tree: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    def answer(request: EditRequest) -> list[str]:
        if request.path == "a.py":
            (tree / "b.py").write_text("mine = 1\n")
            (tree / "sub/c.py").unlink()
        return two(request)

    assert run(query(write=True, output="json"), opener(AnsweringEditor(answer))) == 2
    out, err = capsys.readouterr()
    a, b, c = json.loads(out)["files"]
    assert (a["written"], b["written"], c["written"]) == (True, False, False)
    assert "changed by something else" in b["error"]
    assert "does not exist" in c["error"]
    assert set(a) == set(b) == set(c)
    assert (tree / "b.py").read_text() == "mine = 1\n"
    assert err.count("error: ") == 2


@pytest.mark.skipif(os.geteuid() == 0, reason="root may write everything")
def test_a_read_only_directory_is_told(tree: Path, capsys: pytest.CaptureFixture[str]) -> None:
    (tree / "sub").chmod(0o500)
    try:
        assert run(query(write=True), opener(AnsweringEditor(two))) == 2
    finally:
        (tree / "sub").chmod(0o700)
    assert "cannot be written" in capsys.readouterr().err


def test_a_file_that_is_no_text_is_passed_over_unless_it_is_named(
    tree: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (tree / "b.py").write_bytes(b"a = '\xff'\n")
    assert run(query(), opener(AnsweringEditor(two))) == 0
    assert "note: b.py: byte 0xff" in capsys.readouterr().err
    with pytest.raises(InputError, match=r"b\.py"):
        run(query("b.py"), no_model)


def test_an_empty_selection_is_no_error_unless_it_is_called_one(
    tree: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert run(query("sub/d.py"), no_model) == 0
    out, err = capsys.readouterr()
    assert (out, err) == ("", "nothing is selected in the 1 files that were looked at\n")
    assert run(query("sub/d.py", output="json"), no_model) == 0
    assert json.loads(capsys.readouterr().out)["files"] == []
    with pytest.raises(InputError, match="fail-on-empty"):
        run(query("sub/d.py", fail_on_empty=True), no_model)


def test_a_symbol_may_be_in_any_of_the_files_but_must_be_in_one(tree: Path) -> None:
    options = ApplyOptions(paths=(Path(),), symbols=("b",), instruction="x", write=True)
    answer = AnsweringEditor(lambda request: ["def b():\n    return 2"])
    assert run(options, opener(answer)) == 0
    assert (tree / "b.py").read_text() == "def b():\n    return 2\n"
    with pytest.raises(InputError, match="'z' in any file"):
        run(ApplyOptions(paths=(Path(),), symbols=("z",)), no_model)


def test_a_query_passes_over_languages_that_it_does_not_fit(
    tree: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (tree / "e.json").write_text("{}\n")
    assert run(query(), opener(AnsweringEditor(two))) == 0
    assert "note: files of other languages passed over" in capsys.readouterr().err


def test_a_list_of_edits_names_its_files(tree: Path, capsys: pytest.CaptureFixture[str]) -> None:
    rows = [
        {"path": "sub/c.py", "lines": 2, "instruction": "c"},
        {"path": "a.py", "symbol": "a", "instruction": "a"},
    ]
    (tree / "e.jsonl").write_text("".join(json.dumps(row) + "\n" for row in rows))
    editor = AnsweringEditor(lambda request: [old_texts(request)[0].replace("1", "2")])
    options = ApplyOptions(edits=Path("e.jsonl"), write=True)
    assert run(options, opener(editor)) == 0
    assert [request.instruction for request in editor.requests] == ["c", "a"]
    assert "return 2" in (tree / "a.py").read_text()
    assert "return 2" in (tree / "sub/c.py").read_text()


def test_findings_are_edited_with_their_message(tree: Path) -> None:
    (tree / "a.py").write_text("def a(x):\n    return x == None\n")
    command = ["ruff", "check", "--isolated", "--select", "E711", "--output-format", "json"]
    done = subprocess.run([sys.executable, "-m", *command], capture_output=True, check=False)
    (tree / "report.json").write_bytes(done.stdout)
    editor = AnsweringEditor(lambda request: ["return x is None"])
    options = ApplyOptions(diagnostics=Path("report.json"), write=True)
    assert run(options, opener(editor)) == 0
    assert (editor.requests[0].instruction or "").startswith("fix E711: Comparison to `None`")
    assert "return x is None" in (tree / "a.py").read_text()


def test_findings_in_what_is_no_source_text_are_passed_over(
    tree: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (tree / "n.ipynb").write_text("{}\n")
    place = {"row": 1, "column": 1}
    finding = {"filename": "n.ipynb", "location": place, "code": "X1", "message": "bad"}
    (tree / "report.json").write_text(json.dumps([finding]))
    assert run(ApplyOptions(diagnostics=Path("report.json")), no_model) == 0
    assert "note: n.ipynb: no language is known" in capsys.readouterr().err


def test_listed_edits_of_files_that_are_not_named_are_left_out(
    tree: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    rows = [{"path": name, "lines": 2, "instruction": "x"} for name in ("a.py", "b.py")]
    (tree / "e.jsonl").write_text("".join(json.dumps(row) + "\n" for row in rows))
    editor = AnsweringEditor(lambda request: ["return 2"])
    options = ApplyOptions(paths=(Path("b.py"),), edits=Path("e.jsonl"))
    assert run(options, opener(editor)) == 0
    assert [request.path for request in editor.requests] == ["b.py"]
    assert "note: 1 files with listed edits passed over" in capsys.readouterr().err


def test_two_selectors_that_overlap_are_refused_with_both_names(tree: Path) -> None:
    options = ApplyOptions(paths=(Path("a.py"),), lines=("2",), query=ONES)
    with pytest.raises(InputError, match=r"a\.py: line 2: --lines 2 and --query overlap"):
        run(options, no_model)


@pytest.mark.parametrize("wish", [signal.SIGINT, signal.SIGTERM])
def test_ctrl_c_leaves_every_file_whole_and_says_what_was_done(
    tree: Path, capsys: pytest.CaptureFixture[str], wish: signal.Signals
) -> None:
    def answer(request: EditRequest) -> list[str]:
        if request.path == "b.py":
            os.kill(os.getpid(), wish)
        return two(request)

    before = signal.getsignal(wish)
    assert run(query(write=True, output="json"), opener(AnsweringEditor(answer))) == 130
    out, err = capsys.readouterr()
    report = json.loads(out)
    assert [(file["path"], file["written"]) for file in report["files"]] == [("a.py", True)]
    assert report["summary"]["interrupted"] is True
    assert "1 written" in err
    assert "interrupted with 2 files to go" in err
    assert "return 1" in (tree / "b.py").read_text()
    assert signal.getsignal(wish) is before


def git(tree: Path, *arguments: str) -> None:
    identity = ["-c", "user.name=t", "-c", "user.email=t@t"]
    subprocess.run(["git", *identity, *arguments], cwd=tree, check=True, capture_output=True)


def test_files_with_changes_that_git_does_not_hold_are_refused(tree: Path) -> None:
    git(tree, "init", "-q")
    with pytest.raises(InputError, match=r"not committed.*--allow-dirty"):
        run(query(write=True), no_model)
    git(tree, "add", ".")
    git(tree, "commit", "-q", "-m", "x")
    (tree / "sub/c.py").write_text("def c():\n    return 1  # mine\n")
    with pytest.raises(InputError, match=r"c\.py: has changes that are not committed"):
        run(query(write=True), no_model)
    assert run(query(), opener(AnsweringEditor(two))) == 0
    assert run(query("a.py", write=True), opener(AnsweringEditor(two))) == 0
    assert run(query(write=True, allow_dirty=True), opener(AnsweringEditor(two))) == 0


def test_git_applies_what_patch_out_wrote(tree: Path, capsys: pytest.CaptureFixture[str]) -> None:
    before = contents(tree)
    patch = tree / "out.patch"
    assert run(query("sub", "a.py", patch_out=patch), opener(AnsweringEditor(two))) == 0
    assert patch.read_text() == capsys.readouterr().out
    assert contents(tree) == before
    git(tree, "apply", "out.patch")
    expected = {name: text.replace("1", "2") for name, text in before.items() if name != "b.py"}
    assert contents(tree) == {**before, **expected}


def test_a_patch_holds_only_files_below_the_current_folder(tree: Path) -> None:
    os.chdir(tree / "sub")
    options = query("../a.py", patch_out=Path("out.patch"))
    with pytest.raises(InputError, match="not below the current folder"):
        run(options, no_model)
