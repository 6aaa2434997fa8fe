"""Edits the same places in several ways, one after the other, so that all meet the same machine."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from statistics import median

from instant_edit.benchmarking.inputs import Fill, fills
from instant_edit.benchmarking.table import Row
from instant_edit.drafting import AUTOREGRESSIVE, Sampler
from instant_edit.engine import Editor
from instant_edit.evaluation.metrics import percentile
from instant_edit.models.protocol import Denoiser
from instant_edit.request import EditResult, Stats

LEFT_TO_RIGHT = replace(AUTOREGRESSIVE, slots=0)
WAYS: Mapping[str, Sampler] = {"diffusion": Sampler(), "left to right": LEFT_TO_RIGHT}
WAYS_TOLD = (
    "*Left to right* is the baseline: the same frozen weights in the same runtime over the same "
    "cached context, one token a pass, without canvas rows or adapters, and told where to end by "
    "the same probe of the suffix."
)


@dataclass(frozen=True, slots=True)
class Sample:
    """One edit: the way, the place and what it cost."""

    way: str
    place: int
    stats: Stats
    edited: bool
    exact: bool


@dataclass(frozen=True, slots=True)
class Bench:
    """One model in memory, shared by every way of decoding.

    Args:
        denoiser: the model.
        places: how many places each figure is measured on.
        repeats: how often each of them.
    """

    denoiser: Denoiser
    places: int
    repeats: int

    def fills(self, *, context: int = 512, lines: int = 1) -> list[Fill]:
        """Places to fill; see ``inputs.fills``."""
        encode = self.denoiser.tokenizer.encode
        return fills(lambda text: len(encode(text)), self.places, context=context, lines=lines)

    def samples(
        self,
        todo: Sequence[Fill],
        ways: Mapping[str, Sampler] = WAYS,
        *,
        fresh: bool = True,
    ) -> list[Sample]:
        """Every place in every way, ``repeats`` times over, the ways taking turns.

        Args:
            todo: the places.
            ways: samplers by name.
            fresh: forget every context before each edit; else its context is known.
        """
        editors = {way: Editor(self.denoiser, sampler) for way, sampler in ways.items()}
        for editor in editors.values():
            editor.edit(todo[0].request)
        out = []
        for turn in range(self.repeats):
            for place, fill in enumerate(todo):
                names = list(editors)
                if not fresh:
                    editors[names[0]].edit(fill.request)
                for way in names if (turn + place) % 2 == 0 else names[::-1]:
                    if fresh:
                        forget(self.denoiser)
                    out.append(sample(way, place, fill, editors[way].edit(fill.request)))
        return out


def forget(denoiser: Denoiser) -> None:
    """Empty the cache of contexts of a model that has one."""
    contexts = getattr(denoiser, "contexts", None)
    if contexts is not None:
        contexts.clear()


def sample(way: str, place: int, fill: Fill, result: EditResult) -> Sample:
    """What one edit came to."""
    edited = result.verdict.ok and len(result.edits) == 1
    exact = edited and result.edits[0].text.strip() == fill.truth
    return Sample(way, place, result.stats, edited, exact)


def costs(samples: Sequence[Sample]) -> Row:
    """Percentiles of the milliseconds, passes, tokens, and what came of the edits."""
    times = [one.stats.milliseconds for one in samples]
    passes = sum(one.stats.forward_passes for one in samples)
    tokens = sum(one.stats.tokens for one in samples)
    count = len(samples)
    return {
        "p50 ms": percentile(times, 50),
        "p95 ms": percentile(times, 95),
        "context ms": median(one.stats.context_milliseconds for one in samples),
        "denoise ms": median(one.stats.denoise_milliseconds for one in samples),
        "gate ms": median(one.stats.gate_milliseconds for one in samples),
        "passes": passes / count,
        "tokens a pass": tokens / max(1, passes),
        "tokens/s": 1000 * tokens / sum(times),
        "edited": sum(one.edited for one in samples) / count,
        "exact": sum(one.exact for one in samples) / count,
    }


def by_place(samples: Sequence[Sample], way: str) -> dict[int, float]:
    """For each place, the median milliseconds of one way."""
    places = sorted({one.place for one in samples})
    return {
        place: median(
            one.stats.milliseconds for one in samples if (one.way, one.place) == (way, place)
        )
        for place in places
    }


def ratio(samples: Sequence[Sample], slow: str = "left to right", fast: str = "diffusion") -> float:
    """How many times as long the slow way takes: median over places of medians over repeats."""
    slower, faster = by_place(samples, slow), by_place(samples, fast)
    return median(slower[place] / faster[place] for place in faster)
