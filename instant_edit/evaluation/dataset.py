"""Files of rows, one JSON object a line, plain or compressed: read into cases."""

from __future__ import annotations

import gzip
import json
import zlib
from dataclasses import dataclass
from itertools import islice
from typing import TYPE_CHECKING, Any

from instant_edit import languages
from instant_edit.errors import InputError

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from pathlib import Path

    from instant_edit.evaluation.cases import Case


@dataclass(frozen=True, slots=True)
class Row:
    """One object of a file; ``where`` is the file's name and the line. Unknown keys are let be."""

    where: str
    values: dict[str, Any]

    @classmethod
    def parse(cls, where: str, line: str) -> Row:
        """Read one line.

        Raises:
            InputError: it is no JSON object.
        """
        try:
            values = json.loads(line)
        except ValueError as error:
            raise InputError(f"{where} is not a row: {error}; each line is an object") from error
        if not isinstance(values, dict):
            raise InputError(f"{where} is not a row: each line is an object")
        return cls(where, values)

    def text(self, key: str, default: str | None = None) -> str:
        """The string of a key.

        Raises:
            InputError: it is missing and has no default, or is no string.
        """
        value = self.values.get(key, default)
        if value is None:
            raise InputError(f"{self.where}: the key {key!r} is missing")
        if not isinstance(value, str):
            kind = type(value).__name__
            raise InputError(f"{self.where}: the key {key!r} must be a string, not {kind}")
        return value

    def numbers(self, key: str) -> list[int]:
        """The whole numbers, none of them negative, of a key.

        Raises:
            InputError: it is missing, or something else.
        """
        value = self.values.get(key)
        if isinstance(value, list) and all(type(one) is int and one >= 0 for one in value):
            return value
        raise InputError(f"{self.where}: the key {key!r} must be a list of whole numbers")

    def language(self, name: str) -> str:
        """The id of a language.

        Raises:
            InputError: it is none that can be edited.
        """
        try:
            return languages.get(name).id
        except InputError as error:
            raise InputError(f"{self.where}: {error}") from error


@dataclass(frozen=True, slots=True)
class Loaded:
    """What a file holds: its cases, and of each row that is none the reason."""

    cases: tuple[Case, ...]
    left_out: tuple[str, ...] = ()


def load(
    path: Path, read: Callable[[Row], Case], limit: int | None = None, *, strict: bool = False
) -> Loaded:
    """Read the first ``limit`` rows of a ``.jsonl`` or ``.jsonl.gz`` file.

    A row that cannot be used is left out with its reason, or raised where ``strict``.

    Raises:
        InputError: the file cannot be read, or has no row that can be used.
    """
    cases: list[Case] = []
    left_out: list[str] = []
    known: set[str] = set()
    try:
        for where, line in islice(_lines(path), limit):
            try:
                cases.append(_case(read, where, line, known))
            except InputError as error:
                if strict:
                    raise
                left_out.append(str(error))
    except (OSError, EOFError, UnicodeDecodeError, zlib.error) as error:
        reason = getattr(error, "strerror", None) or error
        raise InputError(f"{path} cannot be read: {reason}; give a .jsonl or .jsonl.gz") from error
    if not cases:
        first = f" (the first: {left_out[0]})" if left_out else ""
        raise InputError(f"{path} holds no rows that can be used{first}")
    return Loaded(tuple(cases), tuple(left_out))


def _case(read: Callable[[Row], Case], where: str, line: str, known: set[str]) -> Case:
    case = read(Row.parse(where, line))
    if case.id in known:
        raise InputError(f"{where}: another row is called {case.id!r}, too")
    known.add(case.id)
    return case


def _lines(path: Path) -> Iterator[tuple[str, str]]:
    opener = gzip.open if path.suffix == ".gz" else open
    with opener(path, "rt", encoding="utf-8") as stream:
        for number, line in enumerate(stream, 1):
            if line.strip():
                yield f"{path.name}:{number}", line
