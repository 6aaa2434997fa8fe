"""What becomes of an edited file: shown, written, or put on stdout."""

from __future__ import annotations

from typing import TYPE_CHECKING

import click

from instant_edit.apply.files import replace
from instant_edit.apply.reports.diff import unified_diff
from instant_edit.errors import InputError

if TYPE_CHECKING:
    from instant_edit.apply.outcome import FileOutcome
    from instant_edit.text import SourceText


def write(outcome: FileOutcome) -> None:
    """Replace the file by its new text, once what is on the disk has been validated.

    Raises:
        InputError: it cannot be written, or has changed since it was read; it is as it was.
    """

    def verify(written: SourceText) -> None:
        verdict = outcome.draft.verdict(written.text)
        if not verdict.ok:
            raise InputError(
                f"{outcome.file.name}: what was read back from the disk does not validate "
                f"({verdict.findings[0].message}); nothing changed"
            )

    replace(outcome.file, outcome.file.source.with_text(outcome.draft.text), verify)


def write_to_stdout(outcome: FileOutcome) -> None:
    """Put the whole text on stdout, byte for byte, edited or not."""
    click.echo(outcome.file.source.with_text(outcome.draft.text).to_bytes(), nl=False)


def diff_of(outcome: FileOutcome) -> str:
    """The diff of a file; empty where nothing changes."""
    bom = "\ufeff" if outcome.file.source.bom else ""
    old, new = outcome.file.source.text, outcome.draft.text
    return unified_diff(bom + old, bom + new, outcome.file.name) if old != new else ""


def say(outcome: FileOutcome, what: str) -> None:
    """Tell on stderr what became of a file, and why edits are missing."""
    name = outcome.file.name
    for task in outcome.tasks:
        line = outcome.file.source.line_of(task.task.spans[0].start) + 1
        if task.status == "rejected" and not task.rejected:
            click.echo(f"{name}:{line}: no edit: nothing that the model wrote validates", err=True)
        elif task.status in ("rejected", "abstained"):
            click.echo(f"{name}:{line}: no edit: {task.status}", err=True)
        for finding in task.findings:
            click.echo(f"  {finding.kind}: {finding.message}", err=True)
    if outcome.changed:
        if what:
            click.echo(f"{name}: {what}", err=True)
    elif not outcome.short:
        click.echo(f"{name}: nothing to do", err=True)
