"""Findings of other tools, as they write them, become rows."""

from __future__ import annotations

import json
import subprocess
import sys
from typing import TYPE_CHECKING, Any

import pytest

from instant_edit.apply.selection.diagnostics import read_diagnostics
from instant_edit.errors import InputError

if TYPE_CHECKING:
    from pathlib import Path

CODE = "import os\n\n\ndef f(x):\n    if x == None:\n        return 1\n"


def ruff(folder: Path, style: str) -> Path:
    """What ruff itself says of a file, in one of its formats."""
    (folder / "f.py").write_text(CODE)
    report = folder / "report.json"
    command = [sys.executable, "-m", "ruff", "check", "--isolated", "--select", "E711,F401"]
    done = subprocess.run(
        [*command, "--output-format", style, "f.py"], cwd=folder, capture_output=True, check=False
    )
    report.write_bytes(done.stdout)
    return report


@pytest.mark.parametrize("style", ["json", "sarif"])
def test_what_ruff_reports_is_read(tmp_path: Path, style: str) -> None:
    rows = read_diagnostics(ruff(tmp_path, style))
    assert [(row.path, row.lines) for row in rows] == [
        (str(tmp_path / "f.py"), (1, 1)),
        (str(tmp_path / "f.py"), (5, 5)),
    ]
    assert rows[0].instruction is not None
    assert rows[0].instruction.startswith("fix F401: `os` imported but unused")
    assert "'E711'" not in rows[0].origin


def sarif(*results: dict[str, Any], **run: Any) -> str:
    return json.dumps({"version": "2.1.0", "runs": [{"results": list(results), **run}]})


def result(first: int, last: int, message: str = "m", uri: str = "f.py") -> dict[str, Any]:
    region = {"startLine": first, "endLine": last}
    physical = {"artifactLocation": {"uri": uri, "uriBaseId": "SRC"}, "region": region}
    return {"message": {"text": message}, "locations": [{"physicalLocation": physical}]}


def test_findings_that_share_lines_are_one_edit(tmp_path: Path) -> None:
    (tmp_path / "r.sarif").write_text(sarif(result(3, 5, "b"), result(1, 3, "a"), result(6, 6)))
    first, second = read_diagnostics(tmp_path / "r.sarif")
    assert (first.lines, first.instruction) == ((1, 5), "fix: a; fix: b")
    assert second.lines == (6, 6)


def test_paths_stand_on_their_base_and_are_decoded(tmp_path: Path) -> None:
    bases = {"SRC": {"uri": "file:///project/src/"}}
    text = sarif(result(1, 1, uri="a%20b.py"), originalUriBaseIds=bases)
    (tmp_path / "r.sarif").write_text(text)
    assert read_diagnostics(tmp_path / "r.sarif")[0].path == "/project/src/a b.py"


def test_what_passed_or_was_suppressed_is_no_finding(tmp_path: Path) -> None:
    passed = {**result(1, 1), "kind": "pass"}
    suppressed = {**result(1, 1), "suppressions": [{"kind": "inSource"}]}
    (tmp_path / "r.sarif").write_text(sarif(passed, suppressed))
    assert read_diagnostics(tmp_path / "r.sarif") == ()


@pytest.mark.parametrize(
    "text",
    ["", "{", "3", "{}", '{"runs": 3}', "[3]", '[{"location": {}}]'],
)
def test_what_is_no_report_is_refused(tmp_path: Path, text: str) -> None:
    (tmp_path / "r.json").write_text(text)
    with pytest.raises(InputError, match="neither SARIF"):
        read_diagnostics(tmp_path / "r.json")
