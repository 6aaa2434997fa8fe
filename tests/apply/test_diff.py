from __future__ import annotations

import re
import subprocess
from typing import TYPE_CHECKING

import pytest
from hypothesis import given
from hypothesis import strategies as st

from instant_edit.apply.reports.diff import coloured, unified_diff

if TYPE_CHECKING:
    from pathlib import Path

LONG = "".join(f"line {number}\n" for number in range(60))

CASES = {
    "one line": (LONG, LONG.replace("line 30\n", "other\n")),
    "two hunks": (LONG, LONG.replace("line 5\n", "x\ny\n").replace("line 50\n", "")),
    "first line": ("a\nb\nc\n", "z\nb\nc\n"),
    "last line": ("a\nb\nc\n", "a\nb\nz\n"),
    "no final newline": ("a\nb", "a\nc"),
    "final newline added": ("a\nb", "a\nb\n"),
    "final newline taken": ("a\nb\n", "a\nb"),
    "crlf": ("a\r\nb\r\nc\r\n", "a\r\nz\r\nc\r\n"),
    "lone cr": ("a\rb\rc\n", "a\rz\rc\n"),
    "bom": ("\ufeffa\nb\n", "\ufeffz\nb\n"),
    "form feed": ("a\x0cb\nc\u2028d\n", "a\x0cz\nc\u2028d\n"),
    "from nothing": ("", "a\nb\n"),
    "to nothing": ("a\nb\n", ""),
    "lines that look like headers": ("-- a\n++ b\nx\n", "-- c\n++ d\nx\n"),
}


@pytest.mark.parametrize(("old", "new"), CASES.values(), ids=CASES)
def test_git_makes_the_new_bytes_from_the_diff(tmp_path: Path, old: str, new: str) -> None:
    file = tmp_path / "some file.txt"
    file.write_bytes(old.encode())
    diff = unified_diff(old, new, file.name)
    subprocess.run(
        ["git", "-c", "core.autocrlf=false", "apply", "--whitespace=nowarn", "-"],
        cwd=tmp_path,
        input=diff.encode(),
        check=True,
    )
    assert file.read_bytes() == new.encode()


def test_equal_texts_have_no_diff() -> None:
    assert unified_diff("a\n", "a\n", "f") == ""


def test_the_name_of_the_file_stands_in_the_header() -> None:
    assert unified_diff("a\n", "b\n", "src/f.py").startswith("--- a/src/f.py\n+++ b/src/f.py\n@@")
    assert unified_diff("a\n", "b\n", "/src/f.py").startswith("--- a/src/f.py\n")
    assert unified_diff("a\n", "b\n", 'q"\t.py').startswith('--- "a/q\\"\\t.py"\n')


def test_colour_adds_nothing_but_escapes() -> None:
    diff = unified_diff("-- a\nx\n", "b\nx", "f")
    painted = coloured(diff)
    assert "\x1b[31m--- a\x1b[0m" in painted
    assert re.sub(r"\x1b\[\d+m", "", painted) == diff


LINES = st.lists(st.sampled_from(["a\n", "b\n", "c\r\n", "\n", "d"]), max_size=30)


@given(LINES, LINES)
def test_the_hunks_account_for_every_line(old: list[str], new: list[str]) -> None:
    before, after = "".join(old), "".join(new)
    assert apply(before, unified_diff(before, after, "f")) == after


def apply(old: str, diff: str) -> str:
    """Apply a diff by its line numbers, checking every line it says is there."""
    lines = re.findall(r"[^\n]*\n|[^\n]+", old)
    out: list[str] = []
    position = 0
    for hunk in re.split(r"^(?=@@ )", diff, flags=re.M)[1:]:
        header, *body = re.findall(r"[^\n]*\n", hunk)
        match = re.match(r"@@ -(\d+)(?:,(\d+))? \+", header)
        assert match is not None
        start = int(match[1]) - (match[2] != "0")
        out += lines[position:start]
        position = start
        for index, line in enumerate(body):
            if line.startswith("\\"):
                continue
            bare = index + 1 < len(body) and body[index + 1].startswith("\\")
            text = line[1:-1] if bare else line[1:]
            if line[0] in " -":
                assert lines[position] == text
                position += 1
            if line[0] in " +":
                out.append(text)
    return "".join(out + lines[position:])
