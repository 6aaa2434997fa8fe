"""Compare sampler constants on held-out text: exact match and tokens per forward pass.

Cuts single lines out of documents that training never saw (``python -m instant_edit.training
corpus`` marks them), fills each with every setting, and prints one row a setting. Nothing here
reads an evaluation set, so constants chosen with it may be reported on one.
"""

from __future__ import annotations

import argparse
import itertools
from dataclasses import replace
from pathlib import Path

import numpy as np

from instant_edit import Editor, EditRequest, Span
from instant_edit.drafting import AUTOREGRESSIVE, Sampler
from instant_edit.models import load
from instant_edit.training.corpus import Corpus


def holes(folder: Path, count: int, seed: int) -> list[tuple[str, Span]]:
    """Windows of held-out documents, each with the span of one whole line to hide."""
    from instant_edit.tokenizer import Tokenizer
    from instant_edit.training.__main__ import WEIGHTS

    words = Tokenizer.from_file(WEIGHTS / "tokenizer.json")
    corpus, rng = Corpus(folder, 300), np.random.default_rng(seed)
    found: list[tuple[str, Span]] = []
    while len(found) < count:
        text = words.decode(corpus.draw(rng, held_out=True)[:1200].tolist())
        lines = text.split("\n")
        at = int(rng.integers(len(lines) // 3, len(lines) - 5))
        line = lines[at]
        if not 8 <= len(line.strip()) <= 90 or line.strip().startswith(("#", "*", "//")):
            continue
        start = sum(len(one) + 1 for one in lines[:at])
        found.append((text, Span(start, start + len(line) + 1)))
    return found


def measure(editor: Editor, rows: list[tuple[str, Span]]) -> dict[str, float]:
    """Share of exact lines, of lines with the right first half, and cost, over all rows."""
    exact = passes = tokens = ended = 0
    milliseconds = []
    for text, span in rows:
        request = EditRequest(text, (span,), "html", mode="fill")  # html: nothing is refused
        result = editor.edit(request, as_given=True)
        written = result.edits[0].text if result.edits else ""
        exact += written.strip() == text[span.start : span.end].strip()
        ended += written.count("\n") == 1
        passes += result.stats.forward_passes
        tokens += result.stats.tokens
        milliseconds.append(result.stats.denoise_milliseconds)
    return {
        "exact": exact / len(rows),
        "one_line": ended / len(rows),
        "tokens/pass": tokens / max(1, passes),
        "passes": passes / len(rows),
        "ms": float(np.median(milliseconds)),
    }


def main() -> None:
    """Run the grid given on the command line."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--corpus", type=Path, required=True)
    parser.add_argument("--model", default="embedded")
    parser.add_argument("--rows", type=int, default=60)
    parser.add_argument("--seed", type=int, default=0)
    for name in ("confidence", "agreement", "canvas_share", "end"):
        parser.add_argument(f"--{name}", type=float, nargs="*", default=[getattr(Sampler(), name)])
    options = parser.parse_args()
    rows = holes(options.corpus, options.rows, options.seed)
    denoiser = load(options.model)
    names = ("confidence", "agreement", "canvas_share", "end")
    grid = itertools.product(*(getattr(options, name) for name in names))
    settings = [("left to right", AUTOREGRESSIVE)]
    settings += [
        (" ".join(map(str, values)), replace(Sampler(), **dict(zip(names, values, strict=True))))
        for values in grid
    ]
    print("setting:", *names)
    for label, sampler in settings:
        found = measure(Editor(denoiser, sampler), rows)
        print(f"{label:28}", *(f"{key} {value:.3f}" for key, value in found.items()), flush=True)


if __name__ == "__main__":
    main()
