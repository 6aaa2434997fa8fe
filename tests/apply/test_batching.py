"""Requests that are denoised together: which ones, what becomes of them, and their replay."""

from __future__ import annotations

import json
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest

from instant_edit.apply.command import run
from instant_edit.apply.options import ApplyOptions
from instant_edit.apply.replay import replay
from tests.apply.scripting import TogetherEditor, old_texts, opener

if TYPE_CHECKING:
    from instant_edit.request import EditRequest

SIZES = (1, 300, 2, 400, 3)


@pytest.fixture(autouse=True)
def tree(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.chdir(tmp_path)
    for index, size in enumerate(SIZES):
        Path(f"f{index}.py").write_text(f"def f():\n    return {'1' * size}\n")
    return tmp_path


def two(request: EditRequest) -> list[str]:
    return ["(" if len(old) == 3 else "2" for old in old_texts(request)]


def options(**flags: Any) -> ApplyOptions:
    query = "(return_statement (integer) @n)"
    values = {"batch": 2, "output": "json", **flags}
    return ApplyOptions(paths=(Path(),), query=query, **values)


def test_requests_of_like_length_are_denoised_together(
    capsys: pytest.CaptureFixture[str],
) -> None:
    editor = TogetherEditor(two)
    assert run(options(), opener(editor)) == 1
    lengths = [[len(request.spans[0]) for request in batch] for batch in editor.batches]
    assert lengths == [[1, 2], [3, 300]]  # 400 is left over, and asked alone
    files = json.loads(capsys.readouterr().out)["files"]
    tasks = [task for file in files for task in file["tasks"]]
    assert [task["batch"] for task in tasks] == [1, 2, 1, None, 2]
    assert [task["status"] for task in tasks] == ["edited"] * 4 + ["rejected"]


def test_the_result_is_that_of_asking_one_by_one(capsys: pytest.CaptureFixture[str]) -> None:
    texts = []
    for batch in (1, 3):
        run(options(batch=batch, output="diff"), opener(TogetherEditor(two)))
        texts.append(capsys.readouterr().out)
    assert texts[0] == texts[1]


def test_one_that_a_judge_rejects_is_asked_again_alone(
    capsys: pytest.CaptureFixture[str],
) -> None:
    editor = TogetherEditor(lambda request: ["2" if len(editor.batches) < 2 else "2" * 9])
    assert run(options(min_confidence=1.0, candidates=2), opener(editor)) == 1
    assert len(editor.requests) == sum(map(len, editor.batches)) + len(SIZES)
    files = json.loads(capsys.readouterr().out)["files"]
    assert {task["status"] for file in files for task in file["tasks"]} == {"abstained"}


@pytest.mark.parametrize("flags", [{"interactive": True}, {"deadline_ms": 10_000}])
def test_what_cannot_be_shared_is_asked_alone(
    flags: dict[str, Any], monkeypatch: pytest.MonkeyPatch
) -> None:
    editor = TogetherEditor(two)
    monkeypatch.setattr("sys.stdin", open("/dev/null"))  # noqa: SIM115, PTH123
    run(options(**flags, output="diff"), opener(editor))
    assert editor.batches == []


def test_a_replay_puts_the_same_requests_together(capsys: pytest.CaptureFixture[str]) -> None:
    first, second = TogetherEditor(two), TogetherEditor(two)
    run(options(), opener(first))
    Path("report.json").write_text(capsys.readouterr().out)
    assert replay(Path("report.json"), opener(second)) == 0
    assert second.batches == first.batches
