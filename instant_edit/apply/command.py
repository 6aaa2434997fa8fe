"""``instant-edit apply``: choose, edit, and then print or write, file by file."""

from __future__ import annotations

from typing import TYPE_CHECKING

import click

from instant_edit.apply.beside import sweep
from instant_edit.apply.choosing import choose
from instant_edit.apply.git import refuse_dirty
from instant_edit.apply.interrupts import interruptible
from instant_edit.apply.journal import Journal
from instant_edit.apply.patch import Patch
from instant_edit.apply.progress import progress
from instant_edit.apply.reports.counts import Counts
from instant_edit.apply.reports.entry import run_entry
from instant_edit.apply.reports.output import output_for
from instant_edit.apply.reports.summary import one_line
from instant_edit.apply.running import Done, Run
from instant_edit.errors import EditCancelled, InputError

if TYPE_CHECKING:
    from collections.abc import Callable

    from instant_edit.apply.choosing import Chosen
    from instant_edit.apply.options import ApplyOptions
    from instant_edit.apply.reports.output import Output
    from instant_edit.interface import Engine


def run(options: ApplyOptions, open_editor: Callable[[], Engine]) -> int:
    """Do what the flags say and return the exit code; input is judged before a model is loaded.

    Raises:
        InputError: a selection or a file that was named is wrong; nothing was done.
    """
    with interruptible(at_once=options.interactive) as stopped:
        journal = Journal.open(options)
        chosen = choose(options, stopped, journal.done)
        for note in chosen.notes:
            click.echo(f"note: {note}", err=True)
        patch = _guarded(options, chosen)
        if options.writes and (swept := sweep(chosen.folders)):
            click.echo(f"note: deleted {swept} unfinished files of a run that was killed", err=True)
        before = len(journal.kept)
        counts = Counts(chosen.looked_at + before, len(chosen.selected) + before)
        if counts.selected:
            with open_editor() as editor:
                run = Run(options, chosen, editor, stopped, journal.add)
                _edit_all(run, journal, counts, patch)
        else:
            _nothing_selected(options, counts)
    return counts.exit_code(check=options.check)


def _guarded(options: ApplyOptions, chosen: Chosen) -> Patch:
    """Refuse what could not be undone or done, before anything is begun."""
    if options.writes and not options.allow_dirty:
        refuse_dirty(one.path for one in chosen.selected)
    return Patch.of(options.patch_out, [one.name for one in chosen.selected])


def _edit_all(run: Run, journal: Journal, counts: Counts, patch: Patch) -> None:
    options, output = run.options, output_for(run.options)
    journal.begin(run.editor.model.digest)
    output.begin(run_entry(options, run.editor.model))

    def take(done: Done) -> None:
        counts.add(done.entry)
        patch.add(done.diff)
        output.file(done.entry, done.diff if options.shows_diffs else "")

    for entry, diff in journal.kept:
        take(Done(entry, diff))
    quiet = options.interactive or options.show_steps
    try:
        with progress(run.tasks, wanted=not quiet) as advance:
            for done in run.files():
                journal.add(done.entry)
                take(done)
                advance(len(done.entry["tasks"]))
    except (EditCancelled, KeyboardInterrupt):
        counts.interrupted = True
    patch.close()
    output.end(counts)
    _sum_up(options, counts)


def _sum_up(options: ApplyOptions, counts: Counts) -> None:
    if counts.interrupted and not counts.files["written"]:
        click.echo("interrupted; nothing was written.", err=True)
    if counts.selected > 1 or counts.interrupted:
        click.echo(one_line(counts), err=True)


def _nothing_selected(options: ApplyOptions, counts: Counts) -> None:
    """An empty selection is a result, unless it is declared an error."""
    message = f"nothing is selected in the {counts.looked_at} files that were looked at"
    if options.fail_on_empty:
        raise InputError(f"{message} (--fail-on-empty)")
    click.echo(message, err=True)
    if options.output != "diff" or options.report:
        output: Output = output_for(options)
        output.begin(run_entry(options, None))
        output.end(counts)
