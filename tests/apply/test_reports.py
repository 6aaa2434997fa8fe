"""What stdout carries in each format."""

from __future__ import annotations

import io
import json
import stat
import sys
from pathlib import Path
from typing import Any

import pytest

from instant_edit.apply.command import run
from instant_edit.apply.options import ApplyOptions
from instant_edit.apply.reports.pager import pager_command
from tests.apply.scripting import AnsweringEditor, old_texts, opener

CODE = "def f():\n    return 1\n\n\ndef g(x, y):\n    return 3\n"


@pytest.fixture
def tree(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.chdir(tmp_path)
    (tmp_path / "a b.py").write_text(CODE)
    return tmp_path


def output(capsys: pytest.CaptureFixture[str], form: str, **flags: Any) -> str:
    """Run over two places, of which the second is rejected by the gate."""
    editor = AnsweringEditor(
        lambda request: ["(" if old == "3" else "2  # é" for old in old_texts(request)]
    )
    options = ApplyOptions(
        paths=(Path("a b.py"),),
        query="(return_statement (integer) @n)",
        instruction="do: a, b\n100%",
        output=form,  # type: ignore[arg-type]
        seed=4,
        **flags,
    )
    assert run(options, opener(editor)) == 1
    return capsys.readouterr().out


def test_json_tells_of_every_task(tree: Path, capsys: pytest.CaptureFixture[str]) -> None:
    document = json.loads(output(capsys, "json"))
    edited, rejected = document["files"][0]["tasks"]
    assert (edited["status"], rejected["status"]) == ("edited", "rejected")
    assert (edited["origin"], edited["seed"]) == ("--query", 4)
    assert (edited["start_line"], rejected["start_line"]) == (2, 6)
    assert rejected["findings"][0]["kind"] == "syntax"
    summary = document["summary"]
    assert summary["tasks"] == {"edited": 1, "rejected": 1}
    assert (summary["changed"], summary["written"], summary["interrupted"]) == (1, 0, False)


def test_json_stream_is_an_object_a_line(tree: Path, capsys: pytest.CaptureFixture[str]) -> None:
    lines = [json.loads(line) for line in output(capsys, "json-stream").splitlines()]
    assert [line.pop("type") for line in lines] == ["run", "file", "summary"]
    whole = json.loads(output(capsys, "json"))
    assert lines[0] | {"files": [], "summary": lines[2]} == whole | {"files": []}
    stats = lines[1].pop("stats"), whole["files"][0].pop("stats")
    assert stats[0].keys() == stats[1].keys()
    assert lines[1] == whole["files"][0]


def applied(source: str, replacements: list[dict[str, Any]]) -> str:
    """Make the replacements of a SARIF fix by line and column."""
    lines = source.split("\n")
    for one in sorted(replacements, key=lambda r: -r["deletedRegion"]["charOffset"]):
        region = one["deletedRegion"]
        assert region["startLine"] == region["endLine"]
        line = lines[region["startLine"] - 1]
        text = one.get("insertedContent", {}).get("text", "")
        kept = line[: region["startColumn"] - 1], line[region["endColumn"] - 1 :]
        lines[region["startLine"] - 1] = kept[0] + text + kept[1]
    return "\n".join(lines)


def test_sarif_has_the_structure_of_2_1_0_and_its_fixes_make_the_edit(
    tree: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    log = json.loads(output(capsys, "sarif"))
    assert log["version"] == "2.1.0"
    assert log["$schema"].endswith("sarif-2.1.0.json")
    (sarif_run,) = log["runs"]
    driver = sarif_run["tool"]["driver"]
    assert driver["name"] == "instant-edit"
    assert sarif_run["columnKind"] == "unicodeCodePoints"
    assert sarif_run["invocations"] == [{"executionSuccessful": True}]
    assert sarif_run["properties"]["seed"] == 4
    assert sarif_run["properties"]["model"]["digest"] == "sha256:0"
    edited, rejected = sarif_run["results"]
    for result in (edited, rejected):
        assert set(result) <= {
            "ruleId", "ruleIndex", "level", "message", "locations", "fixes", "properties"
        }  # fmt: skip
        assert driver["rules"][result["ruleIndex"]]["id"] == result["ruleId"]
        assert result["message"]["text"]
        physical = result["locations"][0]["physicalLocation"]
        assert physical["artifactLocation"] == {"uri": "a%20b.py"}
        assert all(type(value) is int for value in physical["region"].values())
    assert (edited["level"], rejected["level"]) == ("note", "warning")
    assert "fixes" not in rejected
    (change,) = edited["fixes"][0]["artifactChanges"]
    assert change["artifactLocation"] == {"uri": "a%20b.py"}
    assert applied(CODE, change["replacements"]) == CODE.replace("return 1", "return 2  # é")


def test_github_annotates_the_lines(tree: Path, capsys: pytest.CaptureFixture[str]) -> None:
    head, edited, rejected = output(capsys, "github").splitlines()
    assert head.startswith("model scripted sha256:0, seed 4, instant-edit ")
    assert edited.startswith(
        "::notice file=a b.py,line=2,endLine=2,title=instant-edit%3A edited::do: a, b%0A100%25"
    )
    assert rejected.startswith("::warning file=a b.py,line=6,endLine=6,")
    assert "no edit" in rejected


def test_the_summary_is_a_table(tree: Path, capsys: pytest.CaptureFixture[str]) -> None:
    model, versions, _, head, row = output(capsys, "summary").splitlines()
    assert model == "model scripted sha256:0"
    assert versions.startswith("seed 4; instant-edit ")
    assert head.split() == ["file", "edited", "unchanged", "no", "edit", "state"]
    assert row.split() == ["a", "b.py", "1", "0", "1", "would", "change"]


class Terminal(io.TextIOWrapper):
    def isatty(self) -> bool:
        return True


def paged(tree: Path, monkeypatch: pytest.MonkeyPatch, script: str) -> bytes:
    """Show a diff on a terminal whose pager is a script; give what reached the terminal."""
    pager = tree / "pager.sh"
    pager.write_text(f"#!/bin/sh\n{script}\n")
    pager.chmod(pager.stat().st_mode | stat.S_IXUSR)
    raw = io.BytesIO()
    monkeypatch.setattr(sys, "stdout", Terminal(raw, encoding="utf-8"))
    monkeypatch.setenv("PAGER", str(pager))
    monkeypatch.setenv("TERM", "xterm")
    monkeypatch.delenv("NO_COLOR", raising=False)
    options = ApplyOptions(paths=(Path("a b.py"),), lines=("2",))
    run(options, opener(AnsweringEditor(lambda request: ["return 2"])))
    return raw.getvalue()


def test_on_a_terminal_the_diff_goes_through_the_pager(
    tree: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert paged(tree, monkeypatch, "cat > seen; echo $LESS >> seen") == b""
    seen = (tree / "seen").read_text()
    assert "\x1b[32m+    return 2\x1b[0m\n" in seen
    assert seen.endswith("FRX\n")


def test_without_a_pager_the_diff_is_shown_all_the_same(
    tree: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert b"+    return 2" in paged(tree, monkeypatch, "exit 127")


def test_the_users_pager_is_used(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("INSTANT_EDIT_PAGER", "GIT_PAGER", "PAGER"):
        monkeypatch.delenv(name, raising=False)
    assert pager_command() == "less"
    for name in ("PAGER", "GIT_PAGER", "INSTANT_EDIT_PAGER"):
        monkeypatch.setenv(name, f"{name}-tool")
        assert pager_command() == f"{name}-tool"
    monkeypatch.setenv("INSTANT_EDIT_PAGER", "cat")
    assert pager_command() is None
