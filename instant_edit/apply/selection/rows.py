"""Edits that a file lists, one a row: a path, a place in it, and perhaps an instruction."""

from __future__ import annotations

import json
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any, cast

from instant_edit.apply.selection.lines import parse_lines
from instant_edit.apply.selection.target import Target
from instant_edit.errors import InputError
from instant_edit.request import Span
from instant_edit.spans import check, snap
from instant_edit.symbols import find_symbol

if TYPE_CHECKING:
    from collections.abc import Iterator

    from instant_edit.request import Mode
    from instant_edit.syntax import SyntaxTree
    from instant_edit.text import SourceText

_KEYS = {"path", "lines", "span", "symbol", "instruction", "mode"}
_PLACES = ("lines", "span", "symbol")


@dataclass(frozen=True, slots=True)
class Row:
    """One place in one file: lines, code points or a symbol; exactly one of them is given.

    ``reported`` says that a tool has found it, which may look at more than source text.
    """

    path: str
    origin: str
    lines: tuple[int, int] | None = None
    span: tuple[int, int] | None = None
    symbol: str | None = None
    instruction: str | None = None
    mode: Mode | None = None
    reported: bool = False

    def target(self, source: SourceText, tree: SyntaxTree) -> Target:
        """The place as a span of the file's text."""
        if self.symbol is not None:
            span = find_symbol(tree, self.symbol)
        elif self.lines is not None:
            span = snap(source.text, source.lines_span(*self.lines), tree.language)
        else:
            span = Span(*self.span) if self.span else Span(0, 0)
            check((span,), source.text)
        return Target(span, self.origin, self.instruction, self.mode)


def read_rows(file: Path) -> tuple[Row, ...]:
    """Read ``--edits FILE``: JSON lines, or a YAML list for ``.yaml`` and ``.yml``.

    Raises:
        InputError: the file or one of its rows is wrong; the row is named.
    """
    text = read_text(file, "--edits")
    listed = _yaml(file, text) if file.suffix in (".yaml", ".yml") else _json_lines(file, text)
    return tuple(_row(value, where) for where, value in listed)


def read_text(file: Path, flag: str) -> str:
    """Read the text of a file that a flag names, or say what keeps it from being read."""
    try:
        return file.read_text("utf-8-sig")
    except OSError as error:
        raise InputError(f"{flag} {file} cannot be read: {error.strerror or error}") from error
    except UnicodeDecodeError as error:
        raise InputError(f"{flag} {file} is not UTF-8 text: {error.reason}") from None


def _json_lines(file: Path, text: str) -> Iterator[tuple[str, Any]]:
    for number, line in enumerate(text.split("\n"), 1):
        if line.strip():
            try:
                yield f"{file}:{number}", json.loads(line)
            except ValueError as error:
                raise InputError(f"{file}:{number} is not JSON: {error}") from None


def _yaml(file: Path, text: str) -> Iterator[tuple[str, Any]]:
    import yaml

    try:
        rows = yaml.safe_load(text)
    except yaml.YAMLError as error:
        raise InputError(f"{file} is not YAML: {' '.join(str(error).split())}") from None
    if rows is not None and not isinstance(rows, list):
        raise InputError(f"{file} is not a list of edits; begin each one with '- path: …'")
    for number, row in enumerate(rows or [], 1):
        yield f"{file}, row {number}", row


def _row(value: object, where: str) -> Row:
    if not isinstance(value, dict):
        raise InputError(f"{where} is not an object with path, lines and instruction")
    unknown = sorted(str(key) for key in value.keys() - _KEYS)
    if unknown:
        known = ", ".join(sorted(_KEYS))
        raise InputError(f"{where} has the unknown key {unknown[0]!r}; known are: {known}")
    if sum(value.get(place) is not None for place in _PLACES) != 1:
        raise InputError(f"{where} needs exactly one of: {', '.join(_PLACES)}")
    mode = value.get("mode")
    if mode not in (None, "fill", "rewrite"):
        raise InputError(f"{where}: mode {mode!r} is neither 'fill' nor 'rewrite'")
    return Row(
        path=_string(value, "path", where, required=True) or "",
        origin=where,
        lines=_lines(value.get("lines"), where),
        span=_pair(value.get("span"), "span", where),
        symbol=_string(value, "symbol", where),
        instruction=_string(value, "instruction", where),
        mode=cast("Mode | None", mode),
    )


def _string(value: dict[str, Any], key: str, where: str, *, required: bool = False) -> str | None:
    found = value.get(key)
    if found is None and not required:
        return None
    if not isinstance(found, str) or not found.strip() or "\0" in found:
        raise InputError(f"{where}: {key} must be a text, not {found!r}")
    return found


def _lines(value: object, where: str) -> tuple[int, int] | None:
    if isinstance(value, str):
        return parse_lines(value, f"{where}: lines")
    if isinstance(value, int) and not isinstance(value, bool):
        return value, value
    return _pair(value, "lines", where)


def _pair(value: object, key: str, where: str) -> tuple[int, int] | None:
    if value is None:
        return None
    numbers = value if isinstance(value, list) else []
    if len(numbers) != 2 or not all(type(number) is int for number in numbers):
        raise InputError(f"{where}: {key} must be two whole numbers, not {value!r}")
    return numbers[0], numbers[1]
