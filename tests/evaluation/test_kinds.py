"""A kind is measured by its checker: what the model writes is right or wrong, and counted so."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path

import pytest

from instant_edit import cli, edit_kinds
from instant_edit.edit_kinds import accuracy
from instant_edit.engine import Editor
from instant_edit.errors import InputError
from instant_edit.evaluation.kinds import Example, examples, run
from instant_edit.evaluation.kinds_command import KindOptions, measure, source_files
from tests.scripted import ScriptedDenoiser

TEXT = '''\
"""A module."""


def check(value, other):
    if value is None:
        return other
    total = value + other
    return total is not None and total
'''
KIND = edit_kinds.get("is-none")


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    (tmp_path / "code").mkdir()
    (tmp_path / "code" / "check.py").write_text(TEXT)
    (tmp_path / "code" / "notes.txt").write_text("value is None")
    (tmp_path / "code" / "check.go").write_text("package check\n")
    return tmp_path / "code"


def an_example(folder: Path) -> Example:
    (one,) = examples([KIND], source_files([folder]), 1, 0, len)
    return one


def scripted(*finals: str) -> Callable[[], Editor]:
    return lambda: Editor(ScriptedDenoiser(*finals))


def test_an_example_is_an_edit_undone(folder: Path) -> None:
    one = an_example(folder)
    assert one.after == TEXT
    assert one.before != TEXT
    assert one.instruction == "use is None"
    assert one.right(one.after)
    assert not one.right(one.before)


def test_the_same_seed_makes_the_same_examples(folder: Path) -> None:
    files = source_files([folder])
    for seed in range(3):
        alone = examples([KIND], files, 9, seed, len)
        among = examples(edit_kinds.all_kinds(), files, 9, seed, len)
        assert alone
        assert alone == [one for one in among if one.kind == KIND]


def test_what_the_checker_takes_has_passed(folder: Path) -> None:
    with scripted(TEXT)() as editor:
        result = run(editor, an_example(folder))
    assert (result.passed, result.parses, result.edited) == (True, True, True)


def test_a_valid_edit_that_is_not_what_was_asked_has_not_passed(folder: Path) -> None:
    one = an_example(folder)
    wrong = TEXT.replace("value is None", "value is True").replace("total is not None", "total")
    with scripted(wrong)() as editor:
        result = run(editor, one)
    assert (result.passed, result.edited) == (False, True)


def test_a_place_without_an_edit_has_not_passed(folder: Path) -> None:
    one = an_example(folder)
    broken = TEXT.replace("is None", "is None)").replace("is not None", "is not None)")
    with scripted(broken)() as editor:
        result = run(editor, one)
    assert (result.passed, result.edited) == (False, False)


def test_figures_are_written_and_read_again(folder: Path, tmp_path: Path) -> None:
    json_path, rows_path = tmp_path / "kinds.json", tmp_path / "rows.jsonl"
    options = KindOptions((folder,), ("is-none",), json_path=json_path, rows_path=rows_path)
    assert measure(options, scripted(TEXT)) == 0
    found = accuracy.measured(json_path)
    assert found.weights == "sha256:0"
    figures = found.kinds["is-none"]
    assert figures.count == figures.right == 2
    assert figures.rate == 1
    assert not figures.offered  # two edits say little
    rows = [json.loads(line) for line in rows_path.read_text().splitlines()]
    assert [row["passed"] for row in rows] == [True, True]


def test_a_file_that_cannot_be_written_is_said_before_the_work(folder: Path) -> None:
    options = KindOptions((folder,), json_path=folder / "missing" / "kinds.json")
    with pytest.raises(InputError, match="cannot be written"):
        measure(options, scripted())


def test_only_files_of_languages_with_kinds_are_taken(folder: Path, tmp_path: Path) -> None:
    assert [path.name for path in source_files([folder])] == ["check.py"]
    (tmp_path / "empty").mkdir()
    with pytest.raises(InputError, match="no Python, JavaScript or TypeScript file in"):
        source_files([tmp_path / "empty"])


def test_a_menu_offers_what_was_measured_to_be_mostly_right(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    kinds = {
        "is-none": accuracy.Accuracy(20, 19, 18, 0.7, 0.97),
        "not-in": accuracy.Accuracy(20, 20, 15, 0.5, 0.9),
        "docstring": accuracy.Accuracy(5, 5, 5, 0.5, 1.0),
        "const": accuracy.Accuracy(20, 20, 20, 0.8, 1.0),
    }
    monkeypatch.setattr(accuracy, "measured", lambda: accuracy.Measured("sha256:0", kinds))
    assert [kind.id for kind in edit_kinds.offered("python")] == ["is-none"]
    assert [kind.id for kind in edit_kinds.offered("typescript")] == ["const"]
    assert edit_kinds.offered("c") == ()


@pytest.mark.parametrize("content", ["", "{}", "[]", '{"kinds": {"a": 1}, "model": {}}'])
def test_without_readable_figures_nothing_is_offered(tmp_path: Path, content: str) -> None:
    (tmp_path / "kinds.json").write_text(content)
    assert accuracy.measured(tmp_path / "kinds.json").kinds == {}
    assert accuracy.measured(tmp_path / "missing.json").kinds == {}


def test_the_list_is_data(capsys: pytest.CaptureFixture[str]) -> None:
    assert cli.main(["kinds", "--language", "python", "--json"]) == 0
    listed = json.loads(capsys.readouterr().out)["kinds"]
    assert [one["id"] for one in listed] == [k.id for k in edit_kinds.for_language("python")]
    assert all("python" in one["languages"] for one in listed)


def test_a_language_without_kinds_is_answered_with_those_that_have(
    capsys: pytest.CaptureFixture[str],
) -> None:
    assert cli.main(["kinds", "--language", "klingon"]) == 2
    assert "unknown language 'klingon'" in capsys.readouterr().err
