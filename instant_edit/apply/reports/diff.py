r"""A unified diff that ``patch -p1`` and ``git apply`` turn into exactly the new bytes."""

from __future__ import annotations

import difflib
import re
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    Opcode = tuple[str, int, int, int, int]

CONTEXT = 3
_NO_NEWLINE = "\\ No newline at end of file\n"
_COLOURS = {"-": "\x1b[31m", "+": "\x1b[32m", "@": "\x1b[36m", "\\": "\x1b[2m"}
_BOLD, _RESET = "\x1b[1m", "\x1b[0m"


def unified_diff(old: str, new: str, name: str) -> str:
    r"""Compare two versions of the file ``name``; empty when they are equal.

    Lines end at ``\n`` only, as the tools that read diffs have it: a ``\r`` stays in its line.
    """
    before, after = _lines(old), _lines(new)
    out: list[str] = []
    for group in _hunks(before, after):
        out.append(_hunk_header(group))
        out.extend(_hunk_body(group, before, after))
    return "".join(
        [_file_header("---", "a", name), _file_header("+++", "b", name), *out] if out else []
    )


def coloured(diff: str) -> str:
    """Paint a diff for a terminal."""
    header, body = _lines(diff)[:2], _lines(diff)[2:]
    return "".join([_paint(line, _BOLD) for line in header] + [_paint(line) for line in body])


def _lines(text: str) -> list[str]:
    return re.findall(r"[^\n]*\n|[^\n]+", text)


def _hunks(before: Sequence[str], after: Sequence[str]) -> Iterator[list[Opcode]]:
    # difflib is quadratic, so it is shown only what lies between the equal ends.
    shorter = min(len(before), len(after))
    head = next((i for i in range(shorter) if before[i] != after[i]), shorter)
    tail = next(
        (i for i in range(shorter - head) if before[-1 - i] != after[-1 - i]), shorter - head
    )
    head, tail = max(head - CONTEXT, 0), max(tail - CONTEXT, 0)
    matcher = difflib.SequenceMatcher(
        None, before[head : len(before) - tail], after[head : len(after) - tail]
    )
    for group in matcher.get_grouped_opcodes(CONTEXT):
        yield [(tag, i + head, j + head, k + head, m + head) for tag, i, j, k, m in group]


def _hunk_header(group: list[Opcode]) -> str:
    old = _range(group[0][1], group[-1][2])
    new = _range(group[0][3], group[-1][4])
    return f"@@ -{old} +{new} @@\n"


def _range(start: int, end: int) -> str:
    length = end - start
    first = start + 1 if length else start  # an empty range names the line before it
    return f"{first}" if length == 1 else f"{first},{length}"


def _hunk_body(group: list[Opcode], before: Sequence[str], after: Sequence[str]) -> Iterator[str]:
    for tag, i, j, k, m in group:
        if tag == "equal":
            yield from map(_terminated, (" " + line for line in before[i:j]))
        else:
            yield from map(_terminated, ("-" + line for line in before[i:j]))
            yield from map(_terminated, ("+" + line for line in after[k:m]))


def _terminated(line: str) -> str:
    return line if line.endswith("\n") else f"{line}\n{_NO_NEWLINE}"


def _file_header(mark: str, side: str, name: str) -> str:
    path = f"{side}/{name.lstrip('/')}"
    if any(character in path for character in '"\\\t\n\r'):
        path = '"' + path.replace("\\", "\\\\").replace('"', '\\"').replace("\t", "\\t")
        path = path.replace("\n", "\\n").replace("\r", "\\r") + '"'
    elif " " in path:
        path += "\t"  # where the name ends, for readers that expect a date after it
    return f"{mark} {path}\n"


def _paint(line: str, colour: str | None = None) -> str:
    colour = colour or _COLOURS.get(line[:1])
    return f"{colour}{line[:-1]}{_RESET}\n" if colour else line
