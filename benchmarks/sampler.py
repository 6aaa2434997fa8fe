"""Compare sampler constants on held-out text: exact match and tokens per forward pass.

Cuts single lines out of documents that training never saw (``python -m instant_edit.training
corpus`` marks them), fills each with every setting, and prints one row a setting. Nothing here
reads an evaluation set, so constants chosen with it may be reported on one.
"""

from __future__ import annotations

import argparse
import itertools
import time
from dataclasses import replace
from pathlib import Path

import numpy as np

from instant_edit import EditRequest, Span
from instant_edit.denoise import Denoising
from instant_edit.drafting import AUTOREGRESSIVE, Sampler
from instant_edit.ending import cut_at_end
from instant_edit.job import Job
from instant_edit.models import load
from instant_edit.models.embedded import TOKENIZER
from instant_edit.models.protocol import Denoiser
from instant_edit.tokenizer import Tokenizer
from instant_edit.training.corpus import Corpus

NAMES = (
    *("drafting", "agreement", "canvas_share", "end", "suffix"),
    *("slots", "stairs", "lookup", "reach", "expect"),
)


def holes(folder: Path, count: int, seed: int, lines_each: int = 1) -> list[tuple[str, Span]]:
    """Windows of held-out documents, each with the span of whole lines to hide."""
    words = Tokenizer.from_file(TOKENIZER)
    corpus, rng = Corpus(folder, 300), np.random.default_rng(seed)
    found: list[tuple[str, Span]] = []
    while len(found) < count:
        text = words.decode(corpus.draw(rng, held_out=True)[:1200].tolist())
        lines = text.split("\n")
        at = int(rng.integers(len(lines) // 3, len(lines) - 4 - lines_each))
        hidden = lines[at : at + lines_each]
        if any(not 8 <= len(one.strip()) <= 90 or comment(one) for one in hidden):
            continue
        start = sum(len(one) + 1 for one in lines[:at])
        found.append((text, Span(start, start + sum(len(one) + 1 for one in hidden))))
    return found


def comment(line: str) -> bool:
    """Whether a line is one, in most languages."""
    return line.strip().startswith(("#", "*", "//"))


def fill(denoiser: Denoiser, sampler: Sampler, text: str, span: Span) -> tuple[str, Denoising]:
    """What one setting writes into a span, ungated."""
    request = EditRequest(text, (span,), "python", mode="fill")
    job = Job.of(request, denoiser.tokenizer, as_given=True)
    denoising = Denoising(denoiser, [job.plan(0)], sampler=sampler, limits=job.limits)
    for _ in denoising.steps(()):
        pass
    (outcome,) = denoising.outcomes()
    if not outcome.ended:
        outcome = cut_at_end(denoiser, outcome, job.windows[0])
        denoising.passes += 1
    return denoiser.tokenizer.decode(outcome.ids), denoising


def measure(denoiser: Denoiser, sampler: Sampler, rows: list[tuple[str, Span]]) -> dict[str, float]:
    """Share of exact lines and of middles of one line, and cost, over all rows."""
    exact = one_line = passes = tokens = 0
    began = time.perf_counter()
    for text, span in rows:
        written, denoising = fill(denoiser, sampler, text, span)
        exact += written.strip() == text[span.start : span.end].strip()
        one_line += "\n" not in written.strip()
        passes += denoising.passes
        tokens += len(denoising.outcomes()[0].ids)
    return {
        "exact": exact / len(rows),
        "one_line": one_line / len(rows),
        "tokens/pass": tokens / max(1, passes),
        "passes": passes / len(rows),
        "ms": 1000 * (time.perf_counter() - began) / len(rows),
    }


def main() -> None:
    """Run the grid given on the command line."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--corpus", type=Path, required=True)
    parser.add_argument("--model", default="embedded")
    parser.add_argument("--rows", type=int, default=60)
    parser.add_argument("--seed", type=int, default=0)
    parser.add_argument("--baseline", action="store_true", help="left to right as well")
    for name in NAMES:
        default = getattr(Sampler(), name)
        parser.add_argument(f"--{name}", type=type(default), nargs="*", default=[default])
    options = parser.parse_args()
    rows = holes(options.corpus, options.rows, options.seed)
    denoiser = load(options.model)
    grid = itertools.product(*(getattr(options, name) for name in NAMES))
    settings = [("left to right", AUTOREGRESSIVE)] if options.baseline else []
    settings += [
        (" ".join(map(str, values)), replace(Sampler(), **dict(zip(NAMES, values, strict=True))))
        for values in grid
    ]
    print("setting:", *NAMES)
    for label, sampler in settings:
        found = measure(denoiser, sampler, rows)
        print(f"{label:28}", *(f"{key} {value:.3f}" for key, value in found.items()), flush=True)


if __name__ == "__main__":
    main()
