"""What more candidates cost, and what they bring."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from statistics import median

from instant_edit.benchmarking.bench import WAYS, Bench, by_place, costs
from instant_edit.benchmarking.table import Curve, Row, Table

COUNTS = (1, 2, 4, 8)
DIFFUSION = {"diffusion": WAYS["diffusion"]}


def candidates(bench: Bench, counts: Sequence[int] = COUNTS) -> Table:
    """One line with 1 candidate and with more, drawn together over one context and ranked."""
    todo = bench.fills()
    found = {
        count: bench.samples(
            [replace(fill, request=replace(fill.request, candidates=count)) for fill in todo],
            DIFFUSION,
        )
        for count in counts
    }
    alone = by_place(found[1], "diffusion")
    rows: list[Row] = []
    for count, samples in found.items():
        here = by_place(samples, "diffusion")
        times = median(here[place] / alone[place] for place in alone)
        rows.append({"candidates": count, **costs(samples), "÷ one": times})
    note = "The context is new each time. The first candidate is greedy, the others are drawn."
    curves = (Curve("candidates", "÷ one"),)
    return Table("candidates", "Candidates against time", note, tuple(rows), curves)
