from __future__ import annotations

import hashlib
import io
import json
import re
import sys
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import pytest

from instant_edit.apply.command import run
from tests.apply.scripting import ScriptedEditor, opener, options

if TYPE_CHECKING:
    from pathlib import Path

CODE = "def f(x):\n    return x\n\n\ndef g(x):\n    return -x\n"


@dataclass
class Bench:
    """A file to edit, and how to edit it."""

    file: Path
    capsys: pytest.CaptureFixture[str]

    def apply(self, editor: ScriptedEditor, *lines: str, **flags: Any) -> tuple[int, str, str]:
        code = run(options(self.file, *(lines or ("2:2",)), **flags), opener(editor))
        out, err = self.capsys.readouterr()
        return code, out, err


@pytest.fixture
def bench(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> Bench:
    file = tmp_path / "f.py"
    file.write_text(CODE)
    return Bench(file, capsys)


def test_by_default_a_diff_is_printed_and_nothing_written(bench: Bench) -> None:
    code, out, err = bench.apply(ScriptedEditor("return x + 1"))
    assert code == 0
    assert "-    return x\n+    return x + 1\n" in out
    assert "\x1b" not in out
    assert err == ""
    assert bench.file.read_text() == CODE


def test_write_changes_the_file_and_keeps_stdout_clean(bench: Bench) -> None:
    code, out, err = bench.apply(ScriptedEditor("return x + 1"), write=True)
    assert (code, out) == (0, "")
    assert "written" in err
    assert bench.file.read_text() == CODE.replace("return x\n", "return x + 1\n")


def test_check_says_by_its_exit_code_that_something_would_change(bench: Bench) -> None:
    code, out, err = bench.apply(ScriptedEditor("return x + 1"), check=True)
    assert (code, out) == (1, "")
    assert "would change" in err
    assert bench.file.read_text() == CODE


@pytest.mark.parametrize("flags", [{}, {"check": True}, {"write": True}])
def test_an_edit_that_changes_nothing_is_nothing_to_do(
    bench: Bench, flags: dict[str, bool]
) -> None:
    code, out, err = bench.apply(ScriptedEditor("return x"), **flags)
    assert (code, out) == (0, "")
    assert "nothing to do" in err


@pytest.mark.parametrize("flags", [{}, {"check": True}, {"write": True}])
def test_a_rejected_edit_exits_1_with_its_findings_and_writes_nothing(
    bench: Bench, flags: dict[str, bool]
) -> None:
    code, out, err = bench.apply(ScriptedEditor("return ("), **flags)
    assert (code, out) == (1, "")
    assert "no edit" in err
    assert "syntax: " in err
    assert bench.file.read_text() == CODE


def test_several_spans_are_edited_in_one_request(bench: Bench) -> None:
    editor = ScriptedEditor("return x + 1", "return x - 1")
    code, out, _ = bench.apply(editor, "6:6", "2:2")
    assert code == 0
    assert len(editor.requests) == 1
    assert "+    return x + 1\n" in out
    assert "+    return x - 1\n" in out


def test_the_flags_reach_the_request(bench: Bench) -> None:
    editor = ScriptedEditor("return 1")
    bench.apply(
        editor, "2:2", instruction="return one", seed=7, candidates=3, deadline_ms=99, mode="fill"
    )
    request = editor.requests[0]
    assert request.source == CODE
    assert request.language == "python"
    assert (request.instruction, request.mode) == ("return one", "fill")
    assert (request.seed, request.candidates, request.deadline_ms) == (7, 3, 99)
    assert request.path == str(bench.file)


def test_json_is_one_object_of_the_documented_shape(bench: Bench) -> None:
    code, out, _ = bench.apply(ScriptedEditor("return x + 1"), output="json", seed=5)
    document = json.loads(out)
    assert code == 0
    assert set(document) == {
        "schema_version", "files", "model", "seed", "versions", "settings", "summary"
    }  # fmt: skip
    assert set(document["versions"]) == {
        "instant-edit", "torch", "tokenizers", "tree-sitter", "python"
    }  # fmt: skip
    assert document["schema_version"] == 1
    assert document["seed"] == 5
    assert document["model"] == {"id": "scripted", "digest": "sha256:0"}
    (file,) = document["files"]
    assert file["path"] == str(bench.file)
    assert file["changed"] is True
    assert file["old_hash"] == f"sha256:{hashlib.sha256(CODE.encode()).hexdigest()}"
    assert file["verdict"] == {"ok": True, "findings": []}
    stats = file["stats"]
    assert stats["tokens_per_forward"] == stats["tokens"] / stats["forward_passes"]
    start = CODE.index("return x")
    (edit,) = file["edits"]
    assert 0 < edit.pop("confidence") <= 1
    assert edit == {
        "start": start,
        "end": start + 8,
        "start_line": 2,
        "end_line": 2,
        "start_column": 5,
        "end_column": 13,
        "text": "return x + 1",
        "old_text": "return x",
    }
    assert bench.file.read_text() == CODE


def test_json_names_the_hash_that_write_leaves_on_the_disk(bench: Bench) -> None:
    code, out, _ = bench.apply(ScriptedEditor("return x + 1"), output="json", write=True)
    (file,) = json.loads(out)["files"]
    assert code == 0
    assert file["new_hash"] == f"sha256:{hashlib.sha256(bench.file.read_bytes()).hexdigest()}"


def test_json_tells_of_a_rejected_edit(bench: Bench) -> None:
    code, out, _ = bench.apply(ScriptedEditor("return ("), output="json")
    (file,) = json.loads(out)["files"]
    assert code == 1
    assert file["changed"] is False
    assert file["old_hash"] == file["new_hash"]
    assert file["verdict"]["ok"] is False
    assert {"kind", "message", "position"} == set(file["verdict"]["findings"][0])


def test_a_file_that_changes_during_the_edit_is_not_overwritten(bench: Bench) -> None:
    editor = ScriptedEditor("return x + 1")

    def meanwhile() -> None:
        bench.file.write_text("mine = 1\n")

    editor.meanwhile = meanwhile
    code, out, err = bench.apply(editor, write=True)
    assert (code, out) == (2, "")
    assert "changed by something else" in err
    assert bench.file.read_text() == "mine = 1\n"


def test_steps_are_shown_on_stderr_only(bench: Bench) -> None:
    _, out, err = bench.apply(ScriptedEditor("return x + 1"), show_steps=True)
    shown = [line for line in err.splitlines() if line.startswith("step ")]
    assert len(shown) > 1
    assert "▒" in shown[0]
    assert re.fullmatch(r"step +\d+ ·   0 masked · +return x \+ 1", shown[-1])
    assert "masked" not in out


class Terminal(io.TextIOWrapper):
    def isatty(self) -> bool:
        return True


@pytest.mark.parametrize(("no_color", "painted"), [("", True), ("1", False)])
def test_the_diff_is_coloured_on_a_terminal_unless_no_color(
    bench: Bench, monkeypatch: pytest.MonkeyPatch, no_color: str, painted: bool
) -> None:
    raw = io.BytesIO()
    monkeypatch.setattr(sys, "stdout", Terminal(raw, encoding="utf-8"))
    monkeypatch.setenv("NO_COLOR", no_color)
    monkeypatch.setenv("TERM", "xterm")
    run(options(bench.file, "2:2", pager=False), opener(ScriptedEditor("return x + 1")))
    assert (b"\x1b[32m+    return x + 1" in raw.getvalue()) is painted
