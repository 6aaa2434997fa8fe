"""Ways to train, compared: each trains from the base for the same time, and is asked the same.

The held-out questions are those of the recipe that ships. Times are of both cores together, the
machine's other work not counted. Rows already in the folder are kept: it can be interrupted.

    python -m benchmarks.experiments --base GGUF --corpus FOLDER [--seconds 120] [--only NAME]...
        [--out FOLDER]
"""

from __future__ import annotations

import argparse
import json
from dataclasses import asdict
from pathlib import Path

import torch

from benchmarks.experiments.learning import learn, measured
from benchmarks.experiments.recipes import RECIPES, Recipe
from instant_edit.benchmarking.report import as_markdown
from instant_edit.models.network import Network
from instant_edit.tokenizer import Tokenizer
from instant_edit.training.__main__ import WEIGHTS
from instant_edit.training.batch import Batches
from instant_edit.training.convert import convert, freeze_as
from instant_edit.training.corpus import Corpus

HELD_OUT = 6  # batches


def fresh(base: Path, recipe: Recipe) -> Network:
    """The base with adapters that do nothing yet, as the recipe trains it."""
    torch.manual_seed(0)
    network = convert(base)
    return network if recipe.everything else freeze_as(network, torch.bfloat16)


def main() -> None:
    """Train, measure, print a table; keep it where a folder is given."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--base", type=Path, required=True)
    parser.add_argument("--corpus", type=Path, required=True)
    parser.add_argument("--seconds", type=float, default=120)
    parser.add_argument("--batch", type=int, default=4)
    parser.add_argument("--only", action="append", choices=list(RECIPES))
    parser.add_argument("--out", type=Path, help="folder for experiments.json and experiments.md")
    options = parser.parse_args()
    tokenizer = Tokenizer.from_file(WEIGHTS / "tokenizer.json")

    def batches(recipe: Recipe) -> Batches:
        corpus = Corpus(options.corpus, recipe.shape.window + 1)
        return Batches(corpus, tokenizer, recipe.shape, options.batch, 0)

    kept = options.out / "experiments.json" if options.out else None
    found = json.loads(kept.read_text()) if kept and kept.is_file() else {}
    for name in options.only or RECIPES:
        if name in found:
            continue
        recipe = RECIPES[name]
        network = fresh(options.base, recipe)
        steps, seconds = learn(network, batches(recipe), recipe, options.seconds)
        learned = measured(network, batches(Recipe()), HELD_OUT, recipe)
        learned.steps, learned.seconds = steps, round(seconds, 1)
        found[name] = asdict(learned)
        table = as_markdown([{"recipe": one, **figures} for one, figures in found.items()])
        if kept is not None:
            kept.write_text(json.dumps(found, indent=1) + "\n")
            told = "# Ways to train\n\n`python -m benchmarks.experiments`, "
            told += f"{options.seconds:.0f} s of both cores each, from the base.\n\n{table}\n"
            kept.with_suffix(".md").write_text(told)
    print(as_markdown([{"recipe": one, **figures} for one, figures in found.items()]))


if __name__ == "__main__":
    main()
