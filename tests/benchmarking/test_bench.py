"""Ways are compared on the same places, in turn, over one model; the baseline is a fair one."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from functools import cache
from typing import Any

import pytest

from instant_edit.benchmarking.bench import LEFT_TO_RIGHT, WAYS, Bench, Sample, costs, ratio
from instant_edit.benchmarking.difficulty import difficulty
from instant_edit.benchmarking.many import candidates
from instant_edit.benchmarking.reuse import cache as reuse
from instant_edit.denoise import Denoising, Limits
from instant_edit.job import Job
from instant_edit.models.embedded import EmbeddedDenoiser
from instant_edit.models.protocol import ContextIds, Prediction
from instant_edit.request import Stats
from tests import tiny
from tests.scripted import tokenizer


@cache
def denoiser() -> EmbeddedDenoiser:
    """Random weights that know every token: what they write is chance, what it costs is not."""
    return tiny.denoiser(tiny.network(vocabulary=tokenizer().vocabulary))


def bench(places: int = 2, repeats: int = 1) -> Bench:
    return Bench(denoiser(), places, repeats)


def test_every_place_is_edited_in_every_way_as_often_as_asked() -> None:
    small = bench(1, repeats=2)
    samples = small.samples(small.fills(context=64))
    assert Counter((one.way, one.place) for one in samples) == {
        (way, place): 2 for way in WAYS for place in range(1)
    }
    assert [one.way for one in samples[:2]] != [one.way for one in samples[2:4]]


def test_a_fresh_context_is_read_anew_and_a_known_one_is_not() -> None:
    small = bench(1)
    todo = small.fills(context=64)
    assert {one.stats.context_hit_rate for one in small.samples(todo)} == {0}
    assert {one.stats.context_hit_rate for one in small.samples(todo, fresh=False)} == {1}


class Watched:
    """A session that notes how many rows each pass had."""

    def __init__(self, contexts: Sequence[ContextIds]) -> None:
        self.inner = denoiser().encode(contexts)
        self.rows: list[tuple[int, int]] = []

    def forward(
        self, drafts: Sequence[Sequence[int]], canvases: Sequence[Sequence[int]], *more: Any
    ) -> list[Prediction]:
        self.rows.append((len(drafts[0]), len(canvases[0])))
        return self.inner.forward(drafts, canvases, *more)

    def accept(self, counts: Sequence[int]) -> None:
        self.inner.accept(counts)


def test_left_to_right_reads_one_token_a_pass_and_no_canvas() -> None:
    (fill, _) = bench().fills(context=64)
    job = Job.of(fill.request, tokenizer())
    denoising = Denoising(denoiser(), [job.plan(0)], sampler=LEFT_TO_RIGHT, limits=Limits())
    watched = Watched([job.windows[0].ids])
    denoising.session = watched
    for _ in denoising.steps(()):
        pass
    probes = len(job.plan(0).following)
    assert {draft for draft, _ in watched.rows} <= {0, 1, probes, probes + 1}
    assert {canvas for _, canvas in watched.rows} == {0}


def test_the_ratio_is_the_median_over_places() -> None:
    def one(way: str, place: int, spent: float) -> Sample:
        return Sample(way, place, Stats(1, 2, 6, spent), edited=True, exact=place == 0)

    slow = [one("left to right", place, spent) for place, spent in enumerate((300, 80, 90))]
    fast = [one("diffusion", place, spent) for place, spent in enumerate((100, 40, 10))]
    assert ratio([*slow, *fast]) == 3
    found = costs(fast)
    assert found["tokens/s"] == pytest.approx(120)
    assert found["tokens a pass"] == 3
    assert found["exact"] == pytest.approx(1 / 3)


def test_the_cache_is_measured_after_each_history() -> None:
    rates = [row["hit rate"] for row in reuse(bench(1)).rows]
    assert rates[0] == 0
    assert rates[1] == 1
    assert all(0 < rate < 1 for rate in rates[2:5])


def test_candidates_and_difficulty_have_a_row_for_each_group() -> None:
    assert [row["candidates"] for row in candidates(bench(1), (1, 2)).rows] == [1, 2]
    rows = difficulty(bench(2)).rows
    assert [row["places"] for row in rows] == [1, 1]
    assert [row["nats a token"] for row in rows] == sorted(row["nats a token"] for row in rows)
