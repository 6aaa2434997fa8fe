"""The command line: thin commands over the rooms, each imported only when its command runs.

Exit codes: 0 nothing to do, applied, or diff shown; 1 something would change (``--check``) or
the gate rejected the edit; 2 usage, configuration, model or I/O error; 130 interrupted.
stdout is data, stderr is talk.
"""

from __future__ import annotations

import traceback
from pathlib import Path
from typing import TYPE_CHECKING

import click

from instant_edit.apply.flags import apply_flags, options_from
from instant_edit.apply.options import contradiction
from instant_edit.benchmarking.names import TABLES
from instant_edit.errors import EditCancelled, InstantEditError
from instant_edit.evaluation.cli import evaluate
from instant_edit.flags import model_option
from instant_edit.library.command import models
from instant_edit.tuning.cli import train

if TYPE_CHECKING:
    from collections.abc import Sequence

    from instant_edit.interface import Engine

EXIT_ERROR = 2
EXIT_INTERRUPTED = 130
PROGRAM, COMPLETE_VARIABLE = "instant-edit", "_INSTANT_EDIT_COMPLETE"


def open_editor(model: str) -> Engine:
    """Open a model or an endpoint; this is where torch is first imported."""
    from instant_edit.interface import is_remote, open_engine

    engine = open_engine(model)
    if is_remote(model):
        click.echo(f"note: {engine.model.description}", err=True)
    return engine


@click.group(context_settings={"help_option_names": ["-h", "--help"], "max_content_width": 100})
@click.version_option(package_name="instant-edit", message="%(prog)s %(version)s")
@click.pass_context
def cli(context: click.Context) -> None:
    """Rewrite spans of code with an infilling diffusion model.

    What is outside the span cannot change, and no edit is offered unless it validates.
    """
    command = context.invoked_subcommand
    if command in ("apply", "doctor", "lsp", "replay"):
        from instant_edit.settings import load

        # The server and the doctor look after many projects, so none of them speaks for them.
        parameters = load(project=command in ("apply", "replay")).parameters()
        mine = parameters if command == "apply" else {"model": parameters.get("model")}
        context.default_map = {command: {k: v for k, v in mine.items() if v is not None}}


@cli.command()
@apply_flags
@model_option
def apply(model: str, **flags: object) -> int:
    """Rewrite spans of FILES; print a unified diff and write nothing, unless told to.

    FILES are files, directories, patterns, or - for stdin.
    """
    options = options_from(flags)
    problem = contradiction(options)
    if problem is not None:
        raise click.UsageError(problem)
    from instant_edit.apply.command import run

    return run(options, lambda: open_editor(model))


@cli.command()
@click.argument("report", type=click.Path(path_type=Path, exists=True, dir_okay=False))
@model_option
def replay(report: Path, model: str) -> int:
    """Repeat the edits of REPORT (of --json or --json-stream) and say where they differ.

    Nothing is written. Exit code 0: the same bytes; 1: something differs.
    """
    from instant_edit.apply.replay import replay as run

    return run(report, lambda: open_editor(model))


@cli.group()
def config() -> None:
    """Explain the settings."""


@config.command()
@click.option("--origin", is_flag=True, help="Say where each value comes from.")
@click.option("--json", "as_json", is_flag=True, help="Print one JSON object.")
def show(origin: bool, as_json: bool) -> int:
    """Print the settings in force in the current folder."""
    from instant_edit.settings import load, shown

    click.echo(shown(load(), origin=origin, as_json=as_json))
    return 0


@cli.command()
@click.argument("shell", type=click.Choice(["bash", "zsh", "fish"]))
def completion(shell: str) -> int:
    """Print a script that completes commands and flags in SHELL."""
    from click.shell_completion import get_completion_class

    script = get_completion_class(shell)
    if script is None:
        raise click.UsageError(f"no completion is known for {shell}")
    click.echo(script(cli, {}, PROGRAM, COMPLETE_VARIABLE).source())
    return 0


@cli.command()
@model_option
def lsp(model: str) -> int:
    """Serve editors over the Language Server Protocol on stdin and stdout."""
    from instant_edit.lsp import run_stdio

    return run_stdio(model)


@cli.command()
@model_option
@click.option("--host", default="127.0.0.1", show_default=True, help="Where to listen.")
@click.option("--port", default=8765, show_default=True, type=click.IntRange(0, 65535))
@click.option("--certificate", type=click.Path(exists=True), help="Of TLS, as PEM.")
@click.option("--private-key", type=click.Path(exists=True), help="Of the certificate, as PEM.")
def serve(
    model: str, host: str, port: int, certificate: str | None, private_key: str | None
) -> int:
    """Serve a model over HTTP, for --model remote:http://HOST:PORT/v1 on other machines."""
    from instant_edit.serve.command import ServeOptions, run

    return run(ServeOptions(host, port, certificate, private_key), lambda: open_editor(model))


@cli.command()
@model_option
@click.option("--json", "as_json", is_flag=True, help="Print one JSON object instead of a table.")
def doctor(model: str, as_json: bool) -> int:
    """Examine this installation and say what is missing and how to mend it."""
    from instant_edit.doctor import run

    return run(lambda: open_editor(model), as_json=as_json)


cli.add_command(models)
cli.add_command(evaluate)
cli.add_command(train)


@cli.command()
@click.option("--language", metavar="ID", help="Only the kinds of this language.")
@click.option("--json", "as_json", is_flag=True, help="Print one JSON object instead of a table.")
def kinds(language: str | None, as_json: bool) -> int:
    """List the kinds of edits, and how often the embedded model gets each right."""
    import sys

    from instant_edit.edit_kinds.listing import show

    show(language, sys.stdout, as_json=as_json)
    return 0


@cli.command()
@click.option("--json", "json_path", type=click.Path(path_type=Path), help="Write figures here.")
@click.option("--out", type=click.Path(path_type=Path), help="Folder for JSON, Markdown and SVG.")
@click.option("--quick", is_flag=True, help="Fewer places, once each: a look, not a result.")
@click.option("--only", multiple=True, type=click.Choice(TABLES), help="Measure this table only.")
@click.option("--data", type=click.Path(path_type=Path), help="HumanEval-Infilling rows, as well.")
@click.option("--limit", default=60, show_default=True, type=click.IntRange(min=1), metavar="N")
@model_option
def bench(**flags: object) -> int:
    """Measure what edits cost on this machine, beside the same weights left to right.

    Run it alone: whatever else runs is in the figures. With --data, code that a model wrote is
    executed, with limits on time, memory and files, but in no jail.
    """
    from instant_edit.benchmarking.command import BenchOptions, run

    return run(BenchOptions.of(flags))


def main(argv: Sequence[str] | None = None) -> int:
    """Run the command line and return the exit code."""
    try:
        code = cli.main(args=argv, prog_name=PROGRAM, standalone_mode=False)
        return int(code or 0)
    except click.ClickException as error:
        error.show()
        return EXIT_ERROR
    except (click.Abort, EditCancelled):
        click.echo("interrupted; nothing was written.", err=True)
        return EXIT_INTERRUPTED
    except InstantEditError as error:
        click.echo(f"error: {error}", err=True)
        return EXIT_ERROR
    except Exception:  # a bug of ours: never let it pass for "would change" (exit 1)
        traceback.print_exc()
        click.echo("error: this is a bug in instant-edit; please report the lines above.", err=True)
        return EXIT_ERROR
