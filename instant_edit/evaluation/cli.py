"""The commands of ``instant-edit eval``; each room behind one is imported when it runs."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Literal

import click

from instant_edit.flags import candidates_option, model_option, seed_option

if TYPE_CHECKING:
    from instant_edit.engine import Editor
    from instant_edit.remote.editor import RemoteEditor


def open_weights(model: str, decoding: Literal["diffusion", "ar"]) -> Editor:
    """Load a model of this machine; see ``Editor.open``.

    Raises:
        click.UsageError: it is an endpoint.
    """
    from instant_edit.engine import Editor
    from instant_edit.interface import is_remote

    if is_remote(model):
        raise click.UsageError(
            f"--model {model}: this measures models on this machine; of endpoints only their own "
            "edits can be measured, by 'instant-edit eval infilling' with its other flags as they "
            "are by default"
        )

    return Editor.open(model, decoding=decoding)


def open_any(
    model: str, decoding: Literal["diffusion", "ar"], length: Literal["own", "oracle"]
) -> Editor | RemoteEditor:
    """Load a model of this machine, or open an endpoint, which decodes in its own way.

    Raises:
        click.UsageError: an endpoint cannot be asked like that.
    """
    from instant_edit.interface import is_remote

    if not is_remote(model) or decoding != "diffusion" or length != "own":
        return open_weights(model, decoding)
    from instant_edit.remote import open_remote

    editor = open_remote(model)
    click.echo(f"note: {editor.model.description}", err=True)
    return editor


@click.group(name="eval")
def evaluate() -> None:
    """Measure a model."""


@evaluate.command()
@click.argument("data", type=click.Path(path_type=Path))
@click.option(
    "--limit", type=click.IntRange(min=1), metavar="N", help="Take only the first N rows."
)
@seed_option
@click.option(
    "--length",
    type=click.Choice(["own", "oracle"]),
    default="own",
    show_default=True,
    help="Let the model find the length, or tell it the true number of tokens.",
)
@click.option(
    "--decoding",
    type=click.Choice(["diffusion", "ar"]),
    default="diffusion",
    show_default=True,
    help="Denoise, or write left to right with the same weights.",
)
@candidates_option
@model_option
@click.option(
    "--json", "json_path", type=click.Path(path_type=Path), help="Write everything to this file."
)
def infilling(
    data: Path,
    limit: int | None,
    seed: int,
    length: Literal["own", "oracle"],
    decoding: Literal["diffusion", "ar"],
    candidates: int,
    model: str,
    json_path: Path | None,
) -> int:
    """Run the HumanEval-Infilling rows in DATA (.jsonl or .jsonl.gz) and execute their tests.

    The tests run code that a model wrote: with limits on time, memory and files, but in no jail.
    """
    from instant_edit.evaluation.command import EvalOptions, run

    options = EvalOptions(
        data=data,
        limit=limit,
        seed=seed,
        length=length,
        decoding=decoding,
        candidates=candidates,
        model=model,
        json_path=json_path,
    )
    return run(options, lambda: open_any(model, decoding, length))


@evaluate.command()
@click.option(
    "--data",
    type=click.Path(path_type=Path),
    required=True,
    help="The folder with the evaluation sets, as they were published.",
)
@click.option(
    "--out",
    type=click.Path(path_type=Path, file_okay=False),
    required=True,
    help="Where report.md, report.json and the finished rows go.",
)
@click.option(
    "--limit", type=click.IntRange(min=1), metavar="N", help="Draw only N rows of each set."
)
@seed_option
@model_option
def report(data: Path, out: Path, limit: int | None, seed: int, model: str) -> int:
    """Measure all that there is in a folder of evaluation sets; write one report.

    Infilling, repairs and instructed edits; each fill both by diffusion and left to right. An
    interrupted run goes on where it stopped. The tests run code that a model wrote: with limits on
    time, memory and files, but in no jail.
    """
    from instant_edit.evaluation.reporting.command import ReportOptions, run

    options = ReportOptions(data, out, limit, seed, model)
    return run(options, lambda decoding: open_weights(model, decoding))


@evaluate.command(name="kinds")
@click.argument("paths", nargs=-1, required=True, type=click.Path(path_type=Path, exists=True))
@click.option("--kind", "kinds", multiple=True, metavar="KIND", help="Only this kind; repeatable.")
@click.option(
    "--limit",
    type=click.IntRange(min=1),
    default=30,
    show_default=True,
    metavar="N",
    help="Edits of each kind.",
)
@seed_option
@candidates_option
@model_option
@click.option(
    "--json", "json_path", type=click.Path(path_type=Path), help="Write the figures to this file."
)
@click.option(
    "--rows", "rows_path", type=click.Path(path_type=Path), help="Write each edit to this file."
)
def eval_kinds(
    paths: tuple[Path, ...],
    kinds: tuple[str, ...],
    limit: int,
    seed: int,
    candidates: int,
    model: str,
    json_path: Path | None,
    rows_path: Path | None,
) -> int:
    """Undo edits of each kind in the files of PATHS, have the model do them, check the outcome.

    PATHS should be files that the model was not trained on.
    """
    from instant_edit.evaluation.kinds_command import KindOptions, measure

    options = KindOptions(
        paths=paths,
        kinds=kinds,
        limit=limit,
        seed=seed,
        candidates=candidates,
        model=model,
        json_path=json_path,
        rows_path=rows_path,
    )
    return measure(options, lambda: open_weights(model, "diffusion"))
