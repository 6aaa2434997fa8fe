"""The real command with the real weights: a package that others have written, and a replay."""

from __future__ import annotations

import json
import shutil
from pathlib import Path

import pathspec
import pytest

from instant_edit import cli
from instant_edit.languages import get
from instant_edit.request import Edit, Span
from instant_edit.splice import splice
from instant_edit.validate import validate


@pytest.mark.slow
@pytest.mark.timeout(600)
def test_kind_docstring_gives_only_edits_that_pass_the_gate(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    shutil.copytree(Path(pathspec.__file__).parent, tmp_path / "pathspec")
    monkeypatch.chdir(tmp_path)
    before = {file: file.read_bytes() for file in Path("pathspec").rglob("*.py")}
    command = ["apply", "pathspec", "--kind", "docstring", "--kind", "return-type"]
    code = cli.main([*command, "--check", "--json", "--deadline-ms", "3000"])
    document = json.loads(capsys.readouterr().out)
    assert code == 1
    tasks = [task for file in document["files"] for task in file["tasks"]]
    assert tasks, "nothing was selected"
    assert {file: file.read_bytes() for file in Path("pathspec").rglob("*.py")} == before
    for file in document["files"]:
        assert file["error"] is None
        source = Path(file["path"]).read_bytes().decode()
        edits = [
            Edit(Span(one["start"], one["end"]), one["text"], one["confidence"])
            for one in file["edits"]
        ]
        after = splice(source, edits)
        assert (after != source) == file["changed"]
        assert validate(source, after, edits, get("python"), file["path"]).ok


@pytest.mark.slow
@pytest.mark.timeout(300)
@pytest.mark.parametrize("batch", ["1", "2"])
def test_a_replay_gives_the_same_bytes(
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
    batch: str,
) -> None:
    monkeypatch.chdir(tmp_path)
    for name in ("a", "b", "c"):
        Path(f"{name}.py").write_text(f"def {name}(x, y):\n    total = x + y\n    return total\n")
    query = "(return_statement) @target"
    command = ["apply", ".", "--query", query, "--batch", batch, "--report", "r.json", "--write"]
    cli.main([*command, "--seed", "7"])
    assert cli.main(["replay", "r.json"]) == 0, capsys.readouterr().out
    assert "3 edits repeated: the same bytes" in capsys.readouterr().err
