"""Rows of the HumanEval-Infilling format."""

from __future__ import annotations

import gzip
import json
import zlib
from dataclasses import dataclass
from itertools import islice
from typing import TYPE_CHECKING

from instant_edit.errors import InputError

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

_FIELDS = ("task_id", "entry_point", "prompt", "suffix", "canonical_solution", "test")


@dataclass(frozen=True, slots=True)
class Row:
    """A program with a hole between ``prompt`` and ``suffix``, and the test that judges it."""

    task_id: str
    entry_point: str
    prompt: str
    suffix: str
    canonical_solution: str
    test: str

    def program(self, source: str) -> str:
        """Append the test to a whole source text."""
        return f"{source}\n{self.test}\ncheck({self.entry_point})\n"


def read_rows(path: Path, limit: int | None = None) -> list[Row]:
    """Read the first ``limit`` rows of a ``.jsonl`` or ``.jsonl.gz`` file."""
    try:
        rows = list(islice(_rows(path), limit))
    except (OSError, EOFError, UnicodeDecodeError, zlib.error) as error:
        reason = getattr(error, "strerror", None) or error
        raise InputError(f"{path} cannot be read: {reason}; give a .jsonl or .jsonl.gz") from error
    if not rows:
        raise InputError(f"{path} holds no rows; give a file of HumanEval-Infilling rows")
    return rows


def _rows(path: Path) -> Iterator[Row]:
    opener = gzip.open if path.suffix == ".gz" else open
    with opener(path, "rt", encoding="utf-8") as stream:
        for number, line in enumerate(stream, 1):
            if line.strip():
                yield _row(line, f"{path}:{number}")


def _row(line: str, where: str) -> Row:
    try:
        values = json.loads(line)
        fields = [values[field] for field in _FIELDS]
    except (ValueError, TypeError, KeyError) as error:
        raise InputError(
            f"{where} is not a HumanEval-Infilling row ({error!r}); "
            f"each line is an object with {', '.join(_FIELDS)}"
        ) from error
    if not all(isinstance(value, str) for value in fields):
        raise InputError(f"{where}: every one of {', '.join(_FIELDS)} must be a string")
    return Row(*fields)
