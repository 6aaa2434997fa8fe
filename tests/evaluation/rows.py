"""Rows of every format, written for these tests."""

from __future__ import annotations

import gzip
import json
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Mapping
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
BUGGY = {
    "task_id": "Python/7",
    "entry_point": "half",
    "prompt": 'def half(x):\n    """Half of x."""\n',
    "buggy_solution": "    y = x\n    return y * 2\n",
    "canonical_solution": "    y = x\n    return y / 2\n",
    "test": "def check(half):\n    assert half(3) == 1.5\n\ncheck(half)",
}
BUGGY_SCRIPT = {
    **BUGGY,
    "task_id": "JavaScript/7",
    "prompt": "const half = (x) => {\n",
    "buggy_solution": "  return x * 2;\n}\n",
    "canonical_solution": "  return x / 2;\n}\n",
}
ASKED = {
    "task_id": "EditEval/9",
    "instruction": "Count from one.",
    "context": "class Counter:\n{{Code}}\n\nfirst = next(Counter().numbers())\n",
    "input": "    def numbers(self):\n        yield 0\n",
    "output": "    def numbers(self):\n        yield 1\n",
    "test": "def check():\n    assert first == 1\n",
}
INLINE = {
    "id": "inlineEditCode/3",
    "language": "typescript",
    "text": "const 🐱 = 1;\nlet count = 0;\nlet other = 0;\n",
    "selection": [1, 0, 1, 14],
    "query": "call it total",
    "validate_ts": "assertContainsAllSnippets(edit.changedModifiedLines.join('\\n'), ['total']);",
}


def write_rows(path: Path, *rows: Mapping[str, Any]) -> Path:
    """Write rows as ``.jsonl`` or ``.jsonl.gz``."""
    text = "".join(json.dumps(row) + "\n" for row in rows)
    data = text.encode()
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(gzip.compress(data) if path.suffix == ".gz" else data)
    return path


def write_sets(folder: Path) -> Path:
    """A folder of small sets under the names of the published ones."""
    write_rows(folder / "infilling" / "HumanEval-SingleLineInfilling.jsonl.gz", DOUBLE, FIRST)
    write_rows(folder / "humanevalpack" / "python.jsonl", BUGGY)
    write_rows(folder / "humanevalpack" / "js.jsonl", BUGGY_SCRIPT)
    write_rows(folder / "edit_eval.jsonl", ASKED)
    write_rows(folder / "inline_edits.jsonl", INLINE)
    return folder
