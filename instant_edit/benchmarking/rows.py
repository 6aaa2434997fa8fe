"""Speed beside quality: HumanEval-Infilling rows, filled both ways and judged by their tests."""

from __future__ import annotations

from pathlib import Path
from statistics import median

from instant_edit.benchmarking.bench import WAYS, WAYS_TOLD, Bench, forget
from instant_edit.benchmarking.table import Row, Table
from instant_edit.engine import Editor
from instant_edit.evaluation.attempt import Variant, attempt, warm_up
from instant_edit.evaluation.dataset import load
from instant_edit.evaluation.formats.infilling import read
from instant_edit.evaluation.metrics import RowResult, percentile, wilson

# Which sampler decodes is the editor's business here; the variant's word for it is not read.
OWN_LENGTH = Variant("fill", "diffusion", "own")


def infilling(bench: Bench, data: Path, limit: int) -> Table:
    """Each row in both ways, in turn; their tests are executed."""
    editors = {way: Editor(bench.denoiser, sampler) for way, sampler in WAYS.items()}
    found: dict[str, list[RowResult]] = {way: [] for way in editors}
    for editor in editors.values():
        warm_up(editor)
    for case in load(data, read, limit, strict=True).cases:
        for way, editor in editors.items():
            forget(bench.denoiser)
            found[way].append(attempt(editor, case, OWN_LENGTH))
    rows = tuple(_row(way, results, found["diffusion"]) for way, results in found.items())
    note = f"The first {limit} rows of {data.name}, own length, seed 0, context new. {WAYS_TOLD}"
    return Table("infilling", "HumanEval-Infilling, both ways", note, rows)


def _row(way: str, results: list[RowResult], diffusion: list[RowResult]) -> Row:
    passed, count = sum(bool(one.passed) for one in results), len(results)
    low, high = wilson(passed, count)
    times = [one.stats.milliseconds for one in results]
    passes = sum(one.stats.forward_passes for one in results)
    tokens = sum(one.stats.tokens for one in results)
    pairs = zip(results, diffusion, strict=True)
    return {
        "way": way,
        "rows": count,
        "pass@1": passed / count,
        "low": low,
        "high": high,
        "p50 ms": percentile(times, 50),
        "p95 ms": percentile(times, 95),
        "passes": passes / count,
        "tokens a pass": tokens / max(1, passes),
        "tokens/s": 1000 * tokens / sum(times),
        "÷ diffusion": median(a.stats.milliseconds / b.stats.milliseconds for a, b in pairs),
    }
