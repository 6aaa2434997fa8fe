"""A small project in git: enough to learn from, and commits whose edits can be measured."""

from __future__ import annotations

from pathlib import Path

import instant_edit
from tests.scratch import Scratch

START = """\
def total(items):
    count = 0
    for item in items:
        count += item.price
    return count


def names(rows):
    return [row.name for row in rows]
"""
EDITS = [
    ("Skip rows without names", "row in rows]", "row in rows if row.name]"),
    ("Rename count of items to amount", "count = 0", "amount = 0"),
    ("Use quantity in the total of items", "item.price", "item.price * item.quantity"),
    ("Return the total rounded to cents", "return count", "return round(count, 2)"),
    ("Sort the names of rows", "return [row.name", "return sorted(row.title() or row.name"),
]
CODE = ("spans.py", "splice.py", "canvas.py")


def project(folder: Path) -> Scratch:
    """Six commits: the first brings all the text, each of the others one small edit."""
    made = Scratch(folder, START)
    for name in CODE:
        made.write(f"src/{name}", (Path(instant_edit.__file__).parent / name).read_text("utf-8"))
    made.git("add", "-A")
    made.git("commit", "-q", "--amend", "--no-edit")
    for number, edit in enumerate(EDITS, 1):
        made.change(*edit, day=f"2025-06-0{number}")
    return made
