"""``--edits FILE``: rows of JSON lines or YAML."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

from instant_edit.apply.selection.rows import Row, read_rows
from instant_edit.errors import InputError, SpanError
from instant_edit.languages import get
from instant_edit.syntax import parse
from instant_edit.text import SourceText

if TYPE_CHECKING:
    from pathlib import Path

TEXT = "def f():\n    return 1\n"


def rows(folder: Path, text: str, name: str = "edits.jsonl") -> tuple[Row, ...]:
    (folder / name).write_text(text)
    return read_rows(folder / name)


def test_json_lines_are_read(tmp_path: Path) -> None:
    text = (
        '{"path": "a.py", "lines": "2:3", "instruction": "do"}\n\n'
        '{"path": "b.py", "lines": 4, "mode": "fill"}\n'
        '{"path": "c.py", "span": [1, 5]}\n'
        '{"path": "d.py", "symbol": "A.f"}\n'
    )
    a, b, c, d = rows(tmp_path, text)
    assert (a.path, a.lines, a.instruction, a.mode) == ("a.py", (2, 3), "do", None)
    assert (b.lines, b.mode) == ((4, 4), "fill")
    assert (c.span, d.symbol) == ((1, 5), "A.f")
    assert d.origin == f"{tmp_path / 'edits.jsonl'}:5"


def test_yaml_is_read(tmp_path: Path) -> None:
    text = "- path: a.py\n  lines: [2, 3]\n  instruction: do\n- {path: b.py, symbol: f}\n"
    a, b = rows(tmp_path, text, "edits.yaml")
    assert (a.lines, a.instruction, b.symbol) == ((2, 3), "do", "f")


def test_a_row_becomes_a_target() -> None:
    source, tree = SourceText(TEXT), parse(TEXT, get("python"))
    for row in (
        Row("f.py", "x", lines=(2, 2)),
        Row("f.py", "x", span=(13, 21)),
    ):
        span = row.target(source, tree).span
        assert TEXT[span.start : span.end] == "return 1"
    assert Row("f.py", "x", symbol="f").target(source, tree).span.start == 0
    with pytest.raises(SpanError):
        Row("f.py", "x", span=(3, 99)).target(source, tree)


@pytest.mark.parametrize(
    ("row", "message"),
    [
        ("[1]", "is not an object"),
        ("{", "edits.jsonl:1 is not JSON"),
        ('{"path": "a", "line": 3}', "unknown key 'line'"),
        ('{"path": "a"}', "exactly one of: lines, span, symbol"),
        ('{"path": "a", "lines": 1, "symbol": "f"}', "exactly one of"),
        ('{"lines": 1}', "path must be a text"),
        ('{"path": "", "lines": 1}', "path must be a text"),
        ('{"path": "a", "lines": "1-2"}', "is not A:B"),
        ('{"path": "a", "span": [1]}', "span must be two whole numbers"),
        ('{"path": "a", "span": [1, true]}', "span must be two whole numbers"),
        ('{"path": "a", "lines": 1, "mode": "guess"}', "mode 'guess'"),
        ('{"path": "a", "lines": 1, "instruction": 3}', "instruction must be a text"),
    ],
)
def test_a_wrong_row_is_named(tmp_path: Path, row: str, message: str) -> None:
    with pytest.raises(InputError, match=message) as caught:
        rows(tmp_path, row)
    assert "\n" not in str(caught.value)


@pytest.mark.parametrize("text", ["a: [", "path: a.py\n", "!!python/object:os.system x"])
def test_what_is_no_list_of_edits_is_refused(tmp_path: Path, text: str) -> None:
    with pytest.raises(InputError, match=r"edits\.yml"):
        rows(tmp_path, text, "edits.yml")


def test_bytes_that_are_no_text_are_refused(tmp_path: Path) -> None:
    (tmp_path / "e.jsonl").write_bytes(b"\xff\xfe")
    with pytest.raises(InputError, match="is not UTF-8"):
        read_rows(tmp_path / "e.jsonl")
