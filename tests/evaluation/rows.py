"""Rows of the HumanEval-Infilling format, written for these tests."""

from __future__ import annotations

import gzip
import json
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from pathlib import Path

DOUBLE = {
    "task_id": "Own/0",
    "entry_point": "double",
    "prompt": "def double(x):\n    y = x\n",
    "suffix": "    return y\n",
    "canonical_solution": "    y += x\n",
    "test": "def check(candidate):\n    assert candidate(2) == 4\n    assert candidate(0) == 0\n",
}
FIRST = {
    "task_id": "Own/1",
    "entry_point": "first",
    "prompt": "def first(items):\n",
    "suffix": "",
    "canonical_solution": "    return items[0]\n",
    "test": "def check(candidate):\n    assert candidate([3, 4]) == 3\n",
}


def write_rows(path: Path, *rows: dict[str, str]) -> Path:
    """Write rows as ``.jsonl`` or ``.jsonl.gz``."""
    text = "".join(json.dumps(row) + "\n" for row in rows)
    data = text.encode()
    path.write_bytes(gzip.compress(data) if path.suffix == ".gz" else data)
    return path
