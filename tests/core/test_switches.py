"""Each method of the sampler can be turned off, and off it does nothing."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest

from benchmarks import ablation, rewrites
from instant_edit.denoise import Denoising, Limits
from instant_edit.drafting import Outcome, Plan, Sampler
from instant_edit.engine import Editor
from instant_edit.models.protocol import ContextIds
from instant_edit.request import EditRequest, Span
from tests.scripted import ScriptedDenoiser, tokenizer

BEFORE, AFTER = "def area(w, h):\n    return ", "\n\n\nprint(area(2, 3))\n"
FREE = Sampler(verified=False)


def denoise(middle: str, sampler: Sampler, **script: object) -> tuple[Outcome, int]:
    """What is written between the two texts, and in how many passes."""
    words = tokenizer()
    model = ScriptedDenoiser(BEFORE + middle + AFTER, **script)  # type: ignore[arg-type]
    tail = (words.special.suffix, *words.encode(AFTER))
    plan = Plan(ContextIds((0, *words.encode(BEFORE)), tail))
    denoising = Denoising(model, [plan], sampler=sampler, limits=Limits())
    for _ in denoising.steps(()):
        pass
    return denoising.outcomes()[0], denoising.passes


@pytest.mark.parametrize("table", [ablation, rewrites])
def test_every_variant_of_an_ablation_differs_from_all_methods(table: Any) -> None:
    for name, sampler in table.VARIANTS.items():
        assert (sampler == Sampler()) == (name == table.ALL)


def test_without_revision_a_full_canvas_is_not_read_again() -> None:
    with_it, passes = denoise("w * h", FREE)
    without, fewer = denoise("w * h", replace(FREE, revisions=0))
    assert with_it.ids == without.ids
    assert fewer == passes - 1


def test_without_growth_a_canvas_keeps_its_width() -> None:
    long = " + ".join(f"w{number}" for number in range(20))
    grown, _ = denoise(long, FREE)
    kept, _ = denoise(long, replace(FREE, growth=0))
    assert len(kept.ids) == FREE.slots < len(grown.ids)


def test_without_the_entropy_bound_and_the_threshold_one_slot_is_written_a_step() -> None:
    one = replace(FREE, entropy_bound=0.0, confidence=2.0, revisions=0)
    outcome, passes = denoise("w * h", one, sure=0.9)
    assert passes >= len(outcome.ids)


@pytest.mark.parametrize(("repairs", "mended"), [(0, False), (2, True)])
def test_without_repair_what_the_gate_rejects_stays_rejected(repairs: int, mended: bool) -> None:
    source = BEFORE + "0" + AFTER
    request = EditRequest(
        source, (Span(len(BEFORE), len(BEFORE) + 1),), "python", "multiply", mode="rewrite"
    )
    model = ScriptedDenoiser(BEFORE + "w * h" + AFTER, slips={1: " )"})
    sampler = replace(FREE, repairs=repairs, revisions=0)
    assert Editor(model, sampler).edit(request).verdict.ok is mended
