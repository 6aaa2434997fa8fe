"""A report is enough to repeat a run to the byte, and to see where it does not."""

from __future__ import annotations

import json
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

from instant_edit.apply.command import run
from instant_edit.apply.options import ApplyOptions
from instant_edit.apply.replay import replay
from instant_edit.errors import InputError
from tests.apply.scripting import AnsweringEditor, CandidatesEditor, old_texts, opener

if TYPE_CHECKING:
    from instant_edit.request import EditRequest

CODE = (
    "\ufeffdef f():\r\n    return 1\r\n\r\n\r\n"
    "# instant-edit: three\r\ndef g():\r\n    return 2\r\n"
)


@pytest.fixture
def tree(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.chdir(tmp_path)
    (tmp_path / "f.py").write_bytes(CODE.encode())
    return tmp_path


def answer(request: EditRequest) -> list[str]:
    return [
        old.replace("\r", "").replace("2", "3").replace("1", "20") for old in old_texts(request)
    ]


def recorded(capsys: pytest.CaptureFixture[str], **flags: Any) -> Path:
    options = ApplyOptions(paths=(Path("f.py"),), lines=("2",), marker=True, seed=5, **flags)
    run(options, opener(AnsweringEditor(answer)))
    report = Path("report.json")
    report.write_text(capsys.readouterr().out)
    return report


@pytest.mark.parametrize("output", ["json", "json-stream"])
@pytest.mark.parametrize("write", [False, True])
def test_the_same_run_gives_the_same_bytes(
    tree: Path, capsys: pytest.CaptureFixture[str], output: str, write: bool
) -> None:
    report = recorded(capsys, output=output, write=write)
    if write:
        assert (tree / "f.py").read_bytes().decode() == CODE.replace("1", "20").replace(
            "# instant-edit: three\r\n", ""
        ).replace("return 2\r", "return 3\r")
    editor = AnsweringEditor(answer)
    assert replay(report, opener(editor)) == 0
    out, err = capsys.readouterr()
    assert (out, "the same bytes" in err) == ("", True)
    assert [request.seed for request in editor.requests] == [5, 5]
    assert editor.requests[1].instruction == "three"


def test_an_edit_that_comes_out_otherwise_is_named(
    tree: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    report = recorded(capsys, output="json")
    other = AnsweringEditor(lambda request: [text.replace("20", "21") for text in answer(request)])
    assert replay(report, opener(other)) == 1
    assert capsys.readouterr().out == "f.py:2: was ['return 20'], is ['return 21']\n"


def test_an_edit_that_is_gone_is_named(tree: Path, capsys: pytest.CaptureFixture[str]) -> None:
    report = recorded(capsys, output="json")
    broken = AnsweringEditor(lambda request: ["(" for _ in request.spans])
    assert replay(report, opener(broken)) == 1
    assert "f.py:2: there was an edit, and now there is none" in capsys.readouterr().out


def test_another_model_and_a_changed_file_are_named(
    tree: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    report = recorded(capsys, output="json")
    document = json.loads(report.read_text())
    document["model"]["digest"] = "sha256:other"
    document["versions"]["torch"] = "1.0"
    report.write_text(json.dumps(document))
    (tree / "f.py").write_text("x = 1\n")
    assert replay(report, opener(AnsweringEditor(answer))) == 1
    out, err = capsys.readouterr()
    assert "model: was sha256:other, is sha256:0" in out
    assert "f.py: has changed since the run" in out
    assert "note: torch was 1.0, is " in err


def test_a_candidate_that_was_rejected_then_is_rejected_again(
    tree: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    options = ApplyOptions(
        paths=(Path("f.py"),),
        lines=("2",),
        candidates=2,
        max_changed_lines=2,
        output="json",
    )
    texts = ("a = 1\n    b = 2\n    return a", "return 7")
    run(options, opener(CandidatesEditor(*texts)))
    Path("report.json").write_text(capsys.readouterr().out)
    assert replay(Path("report.json"), opener(CandidatesEditor(*texts))) == 0


@pytest.mark.parametrize(
    "text", ["", "[]", "{}", '{"files": 3}', '{"type": "file"}', '{"files": [1], "seed": 0}']
)
def test_what_is_no_report_is_refused(tree: Path, text: str) -> None:
    Path("report.json").write_text(text)
    with pytest.raises(InputError, match=r"report\.json is no report"):
        replay(Path("report.json"), opener(AnsweringEditor(answer)))
