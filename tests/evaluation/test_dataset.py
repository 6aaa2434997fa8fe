from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pytest

from instant_edit.errors import InputError
from instant_edit.evaluation.dataset import load
from instant_edit.evaluation.formats import infilling
from tests.evaluation.rows import DOUBLE, FIRST, write_rows

if TYPE_CHECKING:
    from pathlib import Path


@pytest.mark.parametrize("name", ["rows.jsonl", "rows.jsonl.gz"])
def test_rows_are_read_plain_or_compressed(tmp_path: Path, name: str) -> None:
    cases = load(write_rows(tmp_path / name, DOUBLE, FIRST), infilling.read).cases
    assert [case.id for case in cases] == ["Own/0", "Own/1"]


def test_the_limit_takes_the_first_rows(tmp_path: Path) -> None:
    path = write_rows(tmp_path / "rows.jsonl", DOUBLE, FIRST)
    assert [case.id for case in load(path, infilling.read, 1).cases] == ["Own/0"]


@pytest.mark.parametrize(
    ("name", "data", "message"),
    [
        ("rows.jsonl", b"", "holds no rows"),
        ("rows.jsonl", b"{\n", r"rows.jsonl:1 is not a row"),
        ("rows.jsonl", b'\n{"task_id": "x"}\n', r"rows.jsonl:2: the key '\w+' is missing"),
        ("rows.jsonl", b"[]\n", r"rows.jsonl:1 is not a row"),
        ("rows.jsonl", b"\xff\n", "cannot be read"),
        ("rows.jsonl.gz", b"plain text", "cannot be read"),
        ("rows.jsonl.gz", b"\x1f\x8b\x08\x00", "cannot be read"),
    ],
)
@pytest.mark.parametrize("strict", [True, False])
def test_a_bad_file_is_named(
    tmp_path: Path, name: str, data: bytes, message: str, strict: bool
) -> None:
    (tmp_path / name).write_bytes(data)
    with pytest.raises(InputError, match=message):
        load(tmp_path / name, infilling.read, strict=strict)


def test_a_missing_file_is_named(tmp_path: Path) -> None:
    with pytest.raises(InputError, match=r"missing.jsonl cannot be read"):
        load(tmp_path / "missing.jsonl", infilling.read)


@pytest.mark.parametrize(
    ("bad", "message"),
    [
        ({"prompt": 3}, "rows.jsonl:2: the key 'prompt' must be a string, not int"),
        ({"suffix": None}, "rows.jsonl:2: the key 'suffix' is missing"),
        ({"task_id": "Own/1"}, "rows.jsonl:2: another row is called 'Own/1', too"),
    ],
)
def test_a_row_that_cannot_be_used_is_left_out_or_raised_with_its_key(
    tmp_path: Path, bad: dict[str, Any], message: str
) -> None:
    path = write_rows(tmp_path / "rows.jsonl", FIRST, {**DOUBLE, **bad}, {**DOUBLE, "more": 1})
    loaded = load(path, infilling.read)
    assert [case.id for case in loaded.cases] == ["Own/1", "Own/0"]
    assert loaded.left_out == (message,)
    with pytest.raises(InputError, match=message.partition(",")[0]):
        load(path, infilling.read, strict=True)
