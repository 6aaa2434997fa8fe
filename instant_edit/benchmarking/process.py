"""Cold start and memory, of processes of their own."""

from __future__ import annotations

import json
import subprocess
import sys
from statistics import median

from instant_edit.benchmarking.bench import Bench
from instant_edit.benchmarking.table import Row, Table

# Run by a bare interpreter, so that what is measured is what a user waits for. The peak of the
# memory counts, since a page once needed must be there.
STAGES = """
import json, sys, time
from instant_edit.benchmarking.memory import peak_megabytes
began, stages = time.perf_counter(), []
def stage(name):
    spent = 1000 * (time.perf_counter() - began)
    stages.append((name, spent, peak_megabytes()))
from instant_edit import Editor, EditRequest, Span
stage("package imported")
editor = Editor.open(sys.argv[1])
stage("model loaded")
text = "def area(width, height):\\n    return 0\\n"
span = Span(29, 37)
for name in ("first edit done", "second edit done"):
    editor.edit(EditRequest(text, (span,), "python", seed=len(stages)))
    stage(name)
print(json.dumps(stages))
"""


def start(bench: Bench, model: str) -> Table:
    """Milliseconds and peak memory from the start of a process to its second edit."""
    runs = [_run(model) for _ in range(max(3, bench.repeats))]
    rows: list[Row] = [
        {
            "until": name,
            "ms": median(run[at][1] for run in runs),
            "peak MB": median(run[at][2] for run in runs),
        }
        for at, (name, _, _) in enumerate(runs[0])
    ]
    note = f"Medians of {len(runs)} processes, one after the other; files in the system's cache."
    return Table("start", "Cold start and memory", note, tuple(rows))


def _run(model: str) -> list[tuple[str, float, float]]:
    done = subprocess.run(
        [sys.executable, "-c", STAGES, model], check=True, stdout=subprocess.PIPE, text=True
    )
    return [tuple(stage) for stage in json.loads(done.stdout)]
