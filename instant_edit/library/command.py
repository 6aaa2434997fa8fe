"""``instant-edit models``: the commands over this room, each with its answer on stdout."""

from __future__ import annotations

import json
import shutil
from typing import TYPE_CHECKING

import click

from instant_edit.errors import ModelError

if TYPE_CHECKING:
    from instant_edit.models.catalogue import CatalogueEntry


@click.group(name="models")
def models() -> None:
    """List, fetch, try, choose and remove models."""


@models.command(name="list")
@click.option("--json", "as_json", is_flag=True, help="Print one JSON array.")
def list_(as_json: bool) -> int:
    """Print every model with its size, licence, memory, what it can do, and its state here."""
    from instant_edit.library.listing import listed, table

    shown = listed(_chosen())
    if as_json:
        click.echo(json.dumps([row.document() for row in shown], indent=2))
        return 0
    click.echo(table(shown))
    click.echo(
        "\n* is in use. ! has terms of its own: see 'instant-edit models info MODEL'. Memory is "
        "that of 16-bit weights. Also: the path of a folder or a .gguf file, and remote:URL.",
        err=True,
    )
    return 0


@models.command()
@click.argument("model")
@click.option("--json", "as_json", is_flag=True, help="Print one JSON object.")
def info(model: str, as_json: bool) -> int:
    """Print all that is known of MODEL without loading it."""
    from instant_edit.library.listing import one

    row = one(model, _chosen())
    click.echo(json.dumps(row.document(), indent=2) if as_json else row.lines())
    return 0


@models.command()
@click.argument("model")
@click.option("--revision", metavar="REV", help="A commit, tag or branch; pinned to its commit.")
@click.option("--accept-licence", is_flag=True, help="Accept the terms that the notice names.")
def pull(model: str, revision: str | None, accept_licence: bool) -> int:
    """Fetch MODEL: safetensors and settings of one commit; goes on where it was interrupted."""
    from instant_edit.library.pulling import pull as fetch

    entry = _entry(model)
    if entry.repository is None:
        raise click.UsageError(f"{entry.id} ships with the package; there is nothing to fetch")
    if entry.notice and not accept_licence:
        raise ModelError(f"{entry.id}: {entry.notice} Say --accept-licence if you accept that.")
    folder = fetch(entry, lambda line: click.echo(line, err=True), revision=revision)
    click.echo(folder)
    return 0


@models.command()
@click.argument("model")
def test(model: str) -> int:
    """Load MODEL and see whether it keeps its family's conventions; exit code 2 if not."""
    from instant_edit.library.trying import trial

    click.echo(trial(model))
    return 0


@models.command()
@click.argument("model")
def use(model: str) -> int:
    """Make MODEL the default, in your own settings; also a path, or an endpoint as remote:URL."""
    from instant_edit.interface import is_remote
    from instant_edit.library.choosing import lasting
    from instant_edit.library.choosing import use as choose
    from instant_edit.models.registry import require_usable

    if is_remote(model):
        from instant_edit.remote.endpoint import Endpoint
        from instant_edit.settings import load

        Endpoint.named(model, load(project=False).values)
    else:
        require_usable(model)
        model = lasting(model)
    click.echo(choose(model))
    return 0


@models.command()
@click.argument("model")
@click.option("--yes", is_flag=True, help="Do not ask.")
def rm(model: str, yes: bool) -> int:
    """Remove the files of MODEL, and those of an interrupted pull."""
    from instant_edit.library.pulling import PARTIAL
    from instant_edit.models import store

    entry = _entry(model)
    folder = store.folder_of(entry)
    folders = [one for one in (folder, folder.with_name(folder.name + PARTIAL)) if one.is_dir()]
    if entry.repository is None or not folders:
        raise ModelError(f"{entry.id} has nothing that could be removed in {store.root()}")
    for one in folders:
        if not yes:
            click.confirm(f"Remove {one}?", abort=True, err=True)
        shutil.rmtree(one)
        click.echo(one)
    return 0


def _entry(model: str) -> CatalogueEntry:
    from instant_edit.models.catalogue import catalogue

    return catalogue().model(model)


def _chosen() -> str:
    from instant_edit.settings import load

    return str(load(project=False).values["model"])
