"""Edits of a scratch repository: small ones whose commit says what they do, from before 2025."""

from __future__ import annotations

import json
from collections import Counter
from pathlib import Path

import pytest

from instant_edit.errors import InputError
from instant_edit.training.filtering import shingles
from instant_edit.training.histories import Part, edits, instruction_of, write
from tests.scratch import Scratch

START = '''\
def total(items):
    """Sum."""
    count = 0
    for item in items:
        count += item
    return count


def names(rows):
    return [row.name for row in rows]
'''


@pytest.fixture
def scratch(tmp_path: Path) -> Scratch:
    return Scratch(tmp_path / "scratch", START)


def test_a_small_edit_is_found_with_what_was_asked(scratch: Scratch) -> None:
    scratch.change("Skip items that are None (#12)", "count += item", "count += item or 0")
    (found,) = edits(scratch.folder)
    assert found.instruction == "skip items that are None"
    assert (found.old, found.new) == ("        count += item", "        count += item or 0")
    assert found.prefix + found.old + found.suffix == START
    assert found.prefix + found.new + found.suffix == scratch.text
    assert (found.path, found.language) == ("shop.py", "python")


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ("    count = 0\n", "    items = list(items)\n    count = 0\n"),
        ("    for item in items:\n        count += item\n", ""),
    ],
)
def test_lines_put_in_or_taken_out_are_whole(scratch: Scratch, old: str, new: str) -> None:
    scratch.change("Remove or add items of the total", old, new)
    (found,) = edits(scratch.folder)
    assert found.prefix + found.old + found.suffix == START
    assert found.prefix + found.new + found.suffix == scratch.text


def test_nothing_from_2025_or_later_is_read(scratch: Scratch) -> None:
    scratch.change("Use another count of items", "count = 0", "count = 1", day="2025-01-02")
    assert list(edits(scratch.folder)) == []
    text = scratch.text.replace("count = 1", "count = 2")
    scratch.commit("Use yet another count of items", text, "2024-06-01", "2025-03-01")
    assert list(edits(scratch.folder)) == []


def test_a_part_of_a_history_may_be_read_to_its_end(scratch: Scratch) -> None:
    scratch.change("Use another count of items", "count = 0", "count = 1", day="2025-01-02")
    first = scratch.git("rev-parse", "HEAD").strip()
    scratch.change("Use yet another count", "count = 1", "count = 2", day="2025-01-03")

    def news(*revisions: str, most: int | None = None) -> list[str]:
        part = Part(revisions, before_2025=False, most=most)
        return [edit.new.strip() for edit in edits(scratch.folder, None, part)]

    assert news("HEAD") == ["count = 2", "count = 1"]
    assert news(f"{first}..HEAD") == ["count = 2"]
    assert news(first) == ["count = 1"]
    assert news("HEAD", most=1) == ["count = 2"]


def test_the_users_settings_of_git_change_nothing(scratch: Scratch) -> None:
    scratch.change("Skip items that are None", "count += item", "count += item or 0")
    expected = list(edits(scratch.folder))
    for key, value in [("noprefix", "true"), ("mnemonicPrefix", "true"), ("interHunkContext", "9")]:
        scratch.git("config", f"diff.{key}", value)
    assert list(edits(scratch.folder)) == expected != []


def test_what_teaches_nothing_is_left_out_and_counted(scratch: Scratch) -> None:
    scratch.change("Bump the version of names", "count = 0", "count = 7")
    scratch.change("Use better words in total", "Sum.", "The sum of all items.")
    scratch.change("Rename the count of items everywhere", "count", "number")
    scratch.change(
        "Return something else entirely", "    return [row.name for", "    return [row for"
    )
    scratch.change("Fix the frobnication", "number = 7", "number = 0")
    scratch.change("Add many lines to names", "def names", "x = 1\n" * 13 + "\n\ndef names")
    scratch.change("Remove a bracket of names", "in rows]", "in rows")
    skipped: Counter[str] = Counter()
    kept = list(edits(scratch.folder, skipped))
    assert [edit.instruction for edit in kept] == ["return something else entirely"]
    assert skipped == {
        "no instruction": 1,
        "no change of meaning": 2,
        "several places": 1,
        "instruction and edit share no word": 1,
        "too long": 1,
    }


def test_an_edit_is_kept_once(scratch: Scratch) -> None:
    for _ in range(2):
        scratch.change("Set the count to one", "count = 0", "count = 1")
        scratch.change("Reset the count to zero", "count = 1", "count = 0")
    assert len(list(edits(scratch.folder))) == 2


def test_what_an_evaluation_asks_is_left_out(scratch: Scratch, tmp_path: Path) -> None:
    scratch.change("Skip items that are None", "count += item", "count += item or 0")
    out = tmp_path / "edits.jsonl"
    assert write([scratch.folder], out)["edits"] == 1
    assert json.loads(out.read_text())["new"] == "        count += item or 0"
    counts = write([scratch.folder], out, frozenset(shingles(START)))
    assert (counts["edits"], counts["leaked"]) == (0, 1)
    assert out.read_text() == ""


def test_what_is_no_repository_is_said(tmp_path: Path) -> None:
    with pytest.raises(InputError, match="git log failed"):
        list(edits(tmp_path))


@pytest.mark.parametrize(
    ("subject", "instruction"),
    [
        ("Fix the wrong default of limit", "fix the wrong default of limit"),
        ("shop: use a set for names.", "use a set for names"),
        ("[shop] Handle empty rows (gh-123)", "handle empty rows"),
        ("Fix it", None),
        ("Revert the last change", None),
        ("Fix typo in the docs", None),
        ("The shop is now open", None),
        ("Add " + "very " * 15 + "long", None),
    ],
)
def test_a_subject_is_an_instruction_if_it_is_an_order(
    subject: str, instruction: str | None
) -> None:
    assert instruction_of(subject) == instruction
