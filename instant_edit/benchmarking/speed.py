"""Latency by length of context and of the hole, and the ratio to left-to-right decoding."""

from __future__ import annotations

from collections.abc import Sequence

from instant_edit.benchmarking.bench import WAYS, WAYS_TOLD, Bench, Sample, costs, ratio
from instant_edit.benchmarking.table import Curve, Row, Table
from instant_edit.drafting import AUTOREGRESSIVE

CONTEXTS = (64, 128, 256, 512)
LINES = (1, 2, 4)
DECODING_AR = "left to right, with canvas"  # what the flag `--decoding ar` does


def line(bench: Bench) -> Table:
    """One line in 512 tokens of context, its context new or known."""
    todo = bench.fills()
    ways = {**WAYS, DECODING_AR: AUTOREGRESSIVE}
    new, known = bench.samples(todo, ways), bench.samples(todo, WAYS, fresh=False)
    rows = [*_rows({"context": "new"}, new), *_rows({"context": "known"}, known)]
    note = (
        f"{len(todo)} places, each edited {bench.repeats} times in each way, in turn; times are of "
        f"whole edits, gate included. {WAYS_TOLD} `--decoding ar` runs eight canvas slots beside "
        "it for their END, and is slower. The ratio is the median over places."
    )
    return Table("line", "One line of code in 512 tokens of context", note, tuple(rows))


def contexts(bench: Bench) -> Table:
    """One line in more and more context."""
    rows = []
    for tokens in CONTEXTS:
        rows += _rows({"context tokens": tokens}, bench.samples(bench.fills(context=tokens)))
    curves = (Curve("context tokens", "p50 ms", "way"),)
    return Table("contexts", "Latency by length of the context", WAYS_TOLD, tuple(rows), curves)


def spans(bench: Bench) -> Table:
    """More and more lines in 512 tokens of context."""
    rows = []
    for lines in LINES:
        samples = bench.samples(bench.fills(lines=lines))
        rows += _rows({"lines": lines, "tokens hidden": _hidden(bench, lines)}, samples)
    curves = (Curve("tokens hidden", "p50 ms", "way"), Curve("tokens hidden", "passes", "way"))
    return Table("spans", "Latency by length of the hole", WAYS_TOLD, tuple(rows), curves)


def _hidden(bench: Bench, lines: int) -> float:
    """Mean tokens of the holes."""
    sizes = [len(bench.denoiser.tokenizer.encode(f.truth)) for f in bench.fills(lines=lines)]
    return sum(sizes) / len(sizes)


def _rows(given: Row, samples: Sequence[Sample]) -> list[Row]:
    """A row for each way, with how many times as long as diffusion it took."""
    ways = list(dict.fromkeys(one.way for one in samples))
    return [
        {
            **given,
            "way": way,
            **costs([one for one in samples if one.way == way]),
            "÷ diffusion": ratio(samples, slow=way),
        }
        for way in ways
    ]
