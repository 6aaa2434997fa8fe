"""What each method of the sampler gives: steps, quality and time with it off.

Fills the same places with every method on, then with one of them off, in turn, gate and repairs
included. Places are lines of Python's standard library, or held-out text of a training corpus; with
rows of HumanEval-Infilling, their tests are executed as well.

    python -m benchmarks.ablation [--places 24] [--corpus FOLDER] [--data FILE --limit 30]
        [--only NAME]... [--out FOLDER]
"""

from __future__ import annotations

import argparse
import json
import math
from collections.abc import Mapping, Sequence
from dataclasses import replace
from pathlib import Path

from benchmarks.sampler import holes
from instant_edit.benchmarking.bench import LEFT_TO_RIGHT, Bench, Sample, costs, forget, ratio
from instant_edit.benchmarking.inputs import Fill
from instant_edit.benchmarking.report import as_markdown, conditions, rounded
from instant_edit.benchmarking.rows import OWN_LENGTH
from instant_edit.benchmarking.table import Row
from instant_edit.drafting import Sampler
from instant_edit.engine import Editor
from instant_edit.evaluation.attempt import attempt
from instant_edit.evaluation.dataset import load as load_cases
from instant_edit.evaluation.formats.infilling import read
from instant_edit.models import load
from instant_edit.models.protocol import Denoiser
from instant_edit.request import EditRequest

ALL, ANY_ORDER = "all methods", "any order: all methods"
FREE = replace(Sampler(), verified=False)
VARIANTS: Mapping[str, Sampler] = {
    ALL: Sampler(),
    "no canvas (left to right)": LEFT_TO_RIGHT,
    "nothing drafted by the canvas": replace(Sampler(), drafting=2.0),
    "the base alone decides": replace(Sampler(), canvas_share=0.0),
    "the base agrees exactly": replace(Sampler(), agreement=1.0),
    "no slots of their own to verify with": replace(Sampler(), stairs=0),
    "nothing looked up in the context": replace(Sampler(), lookup=0),
    "the suffix never asked for beforehand": replace(Sampler(), expect=2.0),
    "no END of the canvas": replace(Sampler(), end=math.inf),
    "no suffix probe": replace(Sampler(), suffix=math.inf),
    "no likeliest end, no ranking": replace(Sampler(), scored=False),
    "no repair": replace(Sampler(), repairs=0),
    ANY_ORDER: FREE,
    "any order: no entropy bound": replace(FREE, entropy_bound=0.0),
    "any order: no threshold": replace(FREE, confidence=2.0),
    "any order: one slot a step": replace(FREE, entropy_bound=0.0, confidence=2.0),
    "any order: no revision": replace(FREE, revisions=0),
    "any order: no growth": replace(FREE, growth=0),
    "any order: no repair": replace(FREE, repairs=0),
}
COLUMNS = ("exact", "edited", "passes", "tokens a pass", "p50 ms", "p95 ms")


def held_out(corpus: Path, count: int) -> list[Fill]:
    """Lines of documents that training never saw."""
    return [
        Fill(EditRequest(text, (span,), "python", mode="fill"), text[span.start : span.end].strip())
        for text, span in holes(corpus, count, seed=0)
    ]


def row(name: str, samples: Sequence[Sample]) -> Row:
    """One variant's line: its figures, and its time against its own reference, place by place."""
    here = [one for one in samples if one.way == name]
    found = costs(here)
    against = ANY_ORDER if name.startswith("any order") else ALL
    known = any(one.way == against for one in samples)
    times = ratio(samples, slow=name, fast=against) if known else math.nan
    return {"method off": name, **{key: found[key] for key in COLUMNS}, "time ÷ all": times}


def passed(
    denoiser: Denoiser, variants: Mapping[str, Sampler], data: Path, limit: int
) -> dict[str, float]:
    """pass@1 of each variant on rows of HumanEval-Infilling."""
    cases = load_cases(data, read, limit, strict=True).cases
    counts = dict.fromkeys(variants, 0)
    for case in cases:
        for name, sampler in variants.items():
            forget(denoiser)
            counts[name] += bool(attempt(Editor(denoiser, sampler), case, OWN_LENGTH).passed)
    return {name: count / len(cases) for name, count in counts.items()}


def main() -> None:
    """Measure and print; keep the rows where a folder is given."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--model", default="embedded")
    parser.add_argument("--places", type=int, default=24)
    parser.add_argument("--corpus", type=Path, help="take held-out text of this folder")
    parser.add_argument("--data", type=Path, help="rows of HumanEval-Infilling, for pass@1")
    parser.add_argument("--limit", type=int, default=30, help="rows of them (default 30)")
    parser.add_argument("--only", action="append", choices=list(VARIANTS))
    parser.add_argument("--out", type=Path, help="folder for ablation.json and ablation.md")
    options = parser.parse_args()
    denoiser = load(options.model)
    variants = {n: s for n, s in VARIANTS.items() if not options.only or n in options.only}
    bench = Bench(denoiser, options.places, 1)
    todo = held_out(options.corpus, options.places) if options.corpus else bench.fills()
    samples = bench.samples(todo, variants)
    rows = [row(name, samples) for name in variants]
    if options.data:
        rates = passed(denoiser, variants, options.data, options.limit)
        rows = [{**one, "pass@1": rates[one["method off"]]} for one in rows]
    table = as_markdown(rows)
    print(table)
    if options.out:
        document = {**conditions(denoiser.info), "places": len(todo), "rows": rounded(rows)}
        (options.out / "ablation.json").write_text(json.dumps(document, indent=1) + "\n")
        told = f"# Ablation\n\n{len(todo)} places, `python -m benchmarks.ablation`.\n\n"
        (options.out / "ablation.md").write_text(told + table + "\n")


if __name__ == "__main__":
    main()
