"""Edits a minute, denoised together against one by one, with the embedded weights.

Fills return statements of this repository's own sources, as `apply --query … --batch N` does. Each
way has a process and a model of its own: contexts that one has encoded are kept, and would be a
gift to the other.

    python benchmarks/batches.py --edits 16 --batch 8
"""

from __future__ import annotations

import argparse
import time
from concurrent.futures import ProcessPoolExecutor
from dataclasses import dataclass
from multiprocessing import get_context
from pathlib import Path

from instant_edit.apply.batching import WINDOW, Batcher
from instant_edit.benchmarking.memory import peak_megabytes
from instant_edit.engine import Editor
from instant_edit.languages import get
from instant_edit.queries import by_query
from instant_edit.request import EditRequest, Span
from instant_edit.syntax import parse

SOURCES = sorted((Path(__file__).resolve().parents[1] / "instant_edit").glob("*.py"))
QUERY = "(return_statement) @target"
LONGEST = 60  # characters of a line that is filled
WARM_UP = EditRequest("def area(width):\n    return 0\n", (Span(21, 29),), "python")


@dataclass(frozen=True)
class Measured:
    """One way to edit the places: what came out, and what it took."""

    sources: list[str]
    seconds: float
    megabytes: float  # of this process at its peak, above what it held with the model loaded


def requests(count: int) -> list[EditRequest]:
    """So many fills of return statements."""
    found = []
    for file in SOURCES:
        text = file.read_text("utf-8")
        for span in by_query(parse(text, get("python")), QUERY):
            if len(span) <= LONGEST:
                found.append(EditRequest(text, (span,), "python"))
    return found[:: max(1, len(found) // count)][:count]


def measured(edits: int, batch: int) -> Measured:
    """Edit the places, so many at a time."""
    asked = requests(edits)
    with Editor.open() as editor:
        editor.edit(WARM_UP)
        before = peak_megabytes()
        began = time.perf_counter()
        if batch == 1:
            sources = [editor.edit(request).source for request in asked]
        else:
            sources = together(editor, asked, batch)
        return Measured(sources, time.perf_counter() - began, peak_megabytes() - before)


def together(editor: Editor, asked: list[EditRequest], batch: int) -> list[str]:
    """Edit as `apply` does: window by window, and alone what a batch cannot take."""
    batcher, sources = Batcher(editor, batch, lambda: False), []
    for start in range(0, len(asked), batch * WINDOW):
        window = asked[start : start + batch * WINDOW]
        for request, ready in zip(window, batcher.answers(window), strict=True):
            sources.append((ready.result if ready else editor.edit(request)).source)
    return sources


def main() -> None:
    """Edit the same places both ways and print both rates."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--edits", type=int, default=16)
    parser.add_argument("--batch", type=int, default=8)
    given = parser.parse_args()
    ways = {}
    for size in (1, given.batch):
        with ProcessPoolExecutor(1, mp_context=get_context("spawn")) as pool:
            ways[size] = pool.submit(measured, given.edits, size).result()
        rate = 60 * len(ways[size].sources) / ways[size].seconds
        print(f"{size} at a time: {rate:.0f} edits a minute", end="")
        print(f", {ways[size].megabytes:.0f} MB above the model")
    alone, batched = ways[1], ways[given.batch]
    same = sum(one == two for one, two in zip(alone.sources, batched.sources, strict=True))
    print(f"ratio {alone.seconds / batched.seconds:.2f}; ", end="")
    print(f"{same} of {len(alone.sources)} are the same bytes")


if __name__ == "__main__":
    main()
