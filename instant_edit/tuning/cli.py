"""The flags of ``instant-edit train``; the room behind it is imported when it runs."""

from __future__ import annotations

from pathlib import Path

import click

from instant_edit.flags import model_option, seed_option

MINUTES = 10.0


@click.command()
@click.option(
    "--repo",
    type=click.Path(path_type=Path),
    required=True,
    help="A git repository; only what is committed is read.",
)
@click.option(
    "--out",
    type=click.Path(path_type=Path, file_okay=False),
    required=True,
    help="A folder for the model, its report, and what is needed to go on.",
)
@click.option(
    "--minutes",
    type=click.FloatRange(min=0, min_open=True),
    metavar="N",
    help=f"How long to train, about.  [default: {MINUTES:g}]",
)
@click.option("--steps", type=click.IntRange(min=1), metavar="N", help="The same, in steps.")
@click.option(
    "--held-out",
    type=click.IntRange(min=1),
    metavar="N",
    help="How many of the newest commits only measure.  [default: one in five, at most 50]",
)
@click.option(
    "--batch",
    default=4,
    show_default=True,
    type=click.IntRange(min=1),
    metavar="N",
    help="Windows a step.",
)
@click.option(
    "--rate",
    default=3e-4,
    show_default=True,
    metavar="RATE",
    type=click.FloatRange(min=0, min_open=True),
    help="Peak learning rate.",
)
@seed_option
@click.option("--device", default="cpu", show_default=True, help="cpu, cuda, or cuda:1 …")
@click.option("--json", "as_json", is_flag=True, help="Print one JSON object instead of a table.")
@model_option
def train(
    repo: Path,
    out: Path,
    model: str,
    steps: int | None,
    minutes: float | None,
    held_out: int | None,
    batch: int,
    rate: float,
    seed: int,
    device: str,
    as_json: bool,
) -> int:
    """Train the embedded model further on your own repository, here, and measure what it gave.

    It learns from the source files of one commit and the small edits before it. The commits since
    then are held out: before and after are measured on the spans that these changed. Nothing leaves
    this machine. The same command goes on with a run that was interrupted.
    """
    if steps is not None and minutes is not None:
        raise click.UsageError("give either --steps or --minutes")
    if steps is None and minutes is None:
        minutes = MINUTES
    from instant_edit.tuning.command import Options, run

    return run(
        Options(
            repo=repo, out=out, model=model, steps=steps, minutes=minutes, held_out=held_out,
            batch=batch, rate=rate, seed=seed, device=device, as_json=as_json,
        )
    )  # fmt: skip
