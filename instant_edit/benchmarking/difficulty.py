"""Steps against difficulty: whether hard lines get more passes than easy ones."""

from __future__ import annotations

from statistics import mean

from instant_edit.benchmarking.bench import Bench, Sample
from instant_edit.benchmarking.inputs import Fill
from instant_edit.benchmarking.table import Curve, Row, Table
from instant_edit.drafting import Sampler
from instant_edit.job import Job

GROUPS = 4
WAY = {"diffusion": Sampler()}


def difficulty(bench: Bench) -> Table:
    """Passes for each token written, by how hard the text that was there is to tell."""
    todo = bench.fills()
    hard = [nats(bench, fill) for fill in todo]
    samples = Bench(bench.denoiser, bench.places, 1).samples(todo, WAY)
    order = sorted(range(len(todo)), key=lambda place: hard[place])
    size = max(1, len(order) // GROUPS)
    groups = [order[at : at + size] for at in range(0, size * min(GROUPS, len(order)), size)]
    rows = tuple(
        _row(number, [hard[place] for place in group], [samples[place] for place in group])
        for number, group in enumerate(groups, 1)
    )
    note = (
        "Difficulty is the mean of -log p of the true line's tokens, left to right under the "
        "frozen base, in nats a token; the places are put into groups of the same size by it. "
        "Steps follow what the model finds hard, which no setting tells it."
    )
    curves = (Curve("nats a token", "passes a token"),)
    return Table("difficulty", "Steps against difficulty", note, rows, curves)


def nats(bench: Bench, fill: Fill) -> float:
    """How surprising the true text is to the base, per token."""
    denoiser = bench.denoiser
    job = Job.of(fill.request, denoiser.tokenizer)
    (here,) = job.windows
    ids = denoiser.tokenizer.encode(here.forced.decode() + fill.truth)
    (prediction,) = denoiser.encode([here.ids]).forward([ids], [[]])
    if prediction.causal is None:
        return 0.0
    return -float(prediction.causal[range(len(ids)), ids].mean())


def _row(number: int, hard: list[float], samples: list[Sample]) -> Row:
    tokens = sum(one.stats.tokens for one in samples)
    passes = sum(one.stats.forward_passes for one in samples)
    return {
        "group": number,
        "places": len(samples),
        "nats a token": mean(hard),
        "passes": passes / len(samples),
        "tokens": tokens / len(samples),
        "passes a token": passes / max(1, tokens),
        "exact": sum(one.exact for one in samples) / len(samples),
    }
