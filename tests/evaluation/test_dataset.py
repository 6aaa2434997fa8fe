from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from instant_edit.errors import InputError
from instant_edit.evaluation.dataset import read_rows
from tests.evaluation.rows import DOUBLE, FIRST, write_rows

if TYPE_CHECKING:
    from pathlib import Path


@pytest.mark.parametrize("name", ["rows.jsonl", "rows.jsonl.gz"])
def test_rows_are_read_plain_or_compressed(tmp_path: Path, name: str) -> None:
    rows = read_rows(write_rows(tmp_path / name, DOUBLE, FIRST))
    assert [row.task_id for row in rows] == ["Own/0", "Own/1"]
    assert rows[0].prompt == DOUBLE["prompt"]


def test_the_limit_takes_the_first_rows(tmp_path: Path) -> None:
    rows = read_rows(write_rows(tmp_path / "rows.jsonl", DOUBLE, FIRST), limit=1)
    assert [row.task_id for row in rows] == ["Own/0"]


def test_the_program_ends_with_the_test_of_its_entry_point(tmp_path: Path) -> None:
    (row,) = read_rows(write_rows(tmp_path / "rows.jsonl", DOUBLE))
    assert row.program("SOURCE") == f"SOURCE\n{DOUBLE['test']}\ncheck(double)\n"


@pytest.mark.parametrize(
    ("name", "data", "message"),
    [
        ("rows.jsonl", b"", "holds no rows"),
        ("rows.jsonl", b"{\n", r"rows.jsonl:1 is not"),
        ("rows.jsonl", b'\n{"task_id": "x"}\n', r"rows.jsonl:2 is not"),
        ("rows.jsonl", b"[]\n", r"rows.jsonl:1 is not"),
        ("rows.jsonl", b"\xff\n", "cannot be read"),
        ("rows.jsonl.gz", b"plain text", "cannot be read"),
        ("rows.jsonl.gz", b"\x1f\x8b\x08\x00", "cannot be read"),
    ],
)
def test_a_bad_file_is_named(tmp_path: Path, name: str, data: bytes, message: str) -> None:
    (tmp_path / name).write_bytes(data)
    with pytest.raises(InputError, match=message):
        read_rows(tmp_path / name)


def test_a_missing_file_is_named(tmp_path: Path) -> None:
    with pytest.raises(InputError, match=r"missing.jsonl cannot be read"):
        read_rows(tmp_path / "missing.jsonl")


def test_a_field_of_another_type_is_refused(tmp_path: Path) -> None:
    row = {**DOUBLE, "prompt": 3}
    path = write_rows(tmp_path / "rows.jsonl", row)  # type: ignore[arg-type]
    with pytest.raises(InputError, match="must be a string"):
        read_rows(path)
