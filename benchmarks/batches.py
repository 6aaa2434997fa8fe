"""Edits a minute, denoised together against one by one, with the embedded weights.

Fills lines of this repository's own sources, as `instant-edit apply --query … --batch N` does.

    python benchmarks/batches.py --edits 16 --batch 8
"""

from __future__ import annotations

import argparse
import resource
import time
from pathlib import Path

from instant_edit.apply.batching import Batcher
from instant_edit.engine import Editor
from instant_edit.languages import get
from instant_edit.queries import by_query
from instant_edit.request import EditRequest
from instant_edit.syntax import parse

SOURCES = sorted((Path(__file__).resolve().parents[1] / "instant_edit").glob("*.py"))
QUERY = "(return_statement) @target"
LONGEST = 60  # characters of a line that is filled


def requests(count: int) -> list[EditRequest]:
    """So many fills of return statements."""
    found = []
    for file in SOURCES:
        text = file.read_text("utf-8")
        for span in by_query(parse(text, get("python")), QUERY):
            if len(span) <= LONGEST:
                found.append(EditRequest(text, (span,), "python"))
    return found[:: max(1, len(found) // count)][:count]


def main() -> None:
    """Edit the same places twice and print both rates."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--edits", type=int, default=16)
    parser.add_argument("--batch", type=int, default=8)
    given = parser.parse_args()
    asked = requests(given.edits)
    with Editor.open() as editor:
        editor.edit(asked[0])  # warm up
        memory = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
        began = time.perf_counter()
        alone = [editor.edit(request) for request in asked]
        one_by_one = time.perf_counter() - began
        began = time.perf_counter()
        answers = Batcher(editor, given.batch, lambda: False).answers(asked)
        together = time.perf_counter() - began
    same = sum(
        one is not None and one.result.source == two.source
        for one, two in zip(answers, alone, strict=True)
    )
    grown = (resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - memory) / 1024
    print(f"one by one: {60 * len(asked) / one_by_one:.0f} edits a minute")
    print(f"together, {given.batch} at a time: {60 * len(asked) / together:.0f} edits a minute")
    print(f"ratio {one_by_one / together:.2f}; {same} of {len(asked)} are the same bytes")
    print(f"memory above the model: {grown:.0f} MB")


if __name__ == "__main__":
    main()
