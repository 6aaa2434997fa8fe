"""A diff on stdout: painted on a terminal, and through a pager there, as git does it."""

from __future__ import annotations

import os
import subprocess
import sys
from typing import TYPE_CHECKING

import click

from instant_edit.apply.reports.diff import coloured

if TYPE_CHECKING:
    from collections.abc import Sequence

DEFAULT_PAGER = "less"


def show(diffs: Sequence[str], *, pager: bool) -> None:
    """Print the diffs of files; on a terminal painted, and through a pager if that is wanted."""
    if not any(diffs):
        return
    terminal = sys.stdout.isatty()
    if terminal and not os.environ.get("NO_COLOR") and os.environ.get("TERM") != "dumb":
        diffs = [coloured(diff) for diff in diffs]
    data = "".join(diffs).encode("utf-8", "surrogateescape")
    if not (terminal and pager and _paged(data)):
        click.echo(data, nl=False)


def pager_command() -> str | None:
    """The user's pager, ``less`` if none is named, and None where it is switched off."""
    named = (os.environ.get(name) for name in ("INSTANT_EDIT_PAGER", "GIT_PAGER", "PAGER"))
    command = next((value for value in named if value is not None), DEFAULT_PAGER).strip()
    return None if command in ("", "cat") else command


def _paged(data: bytes) -> bool:
    """Show data in the pager; False if there is none to show it."""
    command = pager_command()
    if command is None or os.environ.get("TERM") == "dumb":
        return False
    environment = {"LESS": "FRX", "LV": "-c", **os.environ}
    try:
        done = subprocess.run(command, input=data, shell=True, check=False, env=environment)
    except BrokenPipeError:
        return True  # the reader has seen enough
    return done.returncode not in (126, 127)  # no such pager: show it all the same
