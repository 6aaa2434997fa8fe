"""One run of ``apply`` over the files that were chosen: the model is loaded, the work is done."""

from __future__ import annotations

import contextlib
import sys
from collections.abc import Callable, Iterator, Sequence
from contextlib import AbstractContextManager, nullcontext
from dataclasses import dataclass, replace
from itertools import islice
from pathlib import Path
from typing import TYPE_CHECKING

import click

from instant_edit import languages
from instant_edit.apply.batching import WINDOW, Batcher, Ready
from instant_edit.apply.discovery import root_of
from instant_edit.apply.draft import Draft
from instant_edit.apply.editing import Asking
from instant_edit.apply.files import read
from instant_edit.apply.interactive import Reviewer
from instant_edit.apply.live import show_steps
from instant_edit.apply.reports.entry import failed_entry, file_entry
from instant_edit.apply.trust import judges
from instant_edit.apply.verifying import Verifier
from instant_edit.apply.writing import diff_of, say, write, write_to_stdout
from instant_edit.errors import EditCancelled, InputError
from instant_edit.text import SourceText

if TYPE_CHECKING:
    from instant_edit.apply.choosing import Chosen
    from instant_edit.apply.editing import Watch
    from instant_edit.apply.files import SourceFile
    from instant_edit.apply.options import ApplyOptions
    from instant_edit.apply.outcome import FileOutcome
    from instant_edit.apply.reports.entry import Entry
    from instant_edit.apply.selection import Selected, Task
    from instant_edit.interface import Engine, OnStep
    from instant_edit.request import EditRequest


@dataclass(frozen=True)
class Done:
    """A file that the run is through with: its entry, and its diff if it changes."""

    entry: Entry
    diff: str = ""


@dataclass(frozen=True)
class Opened:
    """A file that is about to be edited, or why it cannot be."""

    name: str
    file: SourceFile | None = None
    draft: Draft | None = None
    ready: tuple[Ready | None, ...] = ()
    error: str = ""

    @property
    def tasks(self) -> tuple[Task, ...]:
        """What is to be done in it."""
        return self.draft.tasks if self.draft is not None else ()


@dataclass(frozen=True)
class Run:
    """The chosen files, edited one after the other.

    ``before_write`` is told what a file's entry will be once it has been written.
    """

    options: ApplyOptions
    chosen: Chosen
    editor: Engine
    stopped: Callable[[], bool]
    before_write: Callable[[Entry], None] = lambda _: None

    @property
    def tasks(self) -> int:
        """How many edits are to be made."""
        return sum(len(selected.tasks) for selected in self.chosen.selected)

    def files(self) -> Iterator[Done]:
        """Edit file after file, writing each as soon as it is done.

        Raises:
            EditCancelled: the run was stopped; the file at hand is as it was.
        """
        verifier = self._verifier()
        reviewer = Reviewer() if self.options.interactive else None
        asking = Asking(
            self.editor,
            self.options,
            judges(self.options, *([verifier.judge] if verifier else [])),
            self.stopped,
            _watch(self.options),
            reviewer,
        )
        with contextlib.closing(verifier) if verifier else nullcontext():
            for opened in self._opened():
                if self.stopped():
                    raise EditCancelled("stopped between two files")
                if reviewer is not None and reviewer.quit:
                    return
                yield self._file(asking, verifier, opened)

    def _opened(self) -> Iterator[Opened]:
        """The files, read, with the answers of batches where requests are denoised together."""
        options = self.options
        alone = options.interactive or options.show_steps or options.deadline_ms is not None
        size = 1 if alone else options.batch
        batcher = Batcher(self.editor, size, self.stopped)
        for window in _windows(self.chosen.selected, size * WINDOW if size > 1 else 1):
            files = [self._open(selected) for selected in window]
            requests = [
                file.draft.request(task, options, options.seed)
                for file in files
                if file.draft is not None and size > 1
                for task in file.tasks
            ]
            answers = iter(batcher.answers(requests))
            for file in files:
                yield replace(file, ready=tuple(islice(answers, len(file.tasks))))

    def _open(self, selected: Selected) -> Opened:
        try:
            file = self._read(selected)
        except InputError as error:
            return Opened(selected.name, error=str(error))
        language = languages.get(selected.language)
        return Opened(
            selected.name, file, Draft(file.source.text, language, file.name, selected.tasks)
        )

    def _verifier(self) -> Verifier | None:
        options = self.options
        if options.verify is None:
            return None
        root = root_of(Path.cwd())
        return Verifier(options.verify, options.verify_timeout, root, self.stopped)

    def _file(self, asking: Asking, verifier: Verifier | None, opened: Opened) -> Done:
        """Edit one file; what keeps it from being edited is told in its entry."""
        try:
            if opened.file is None or opened.draft is None:
                raise InputError(opened.error)
            if verifier is not None:
                verifier.begin(opened.file)
            outcome = asking.edit_file(opened.file, opened.draft, opened.ready)
            if verifier is not None:
                verifier.finish(outcome.draft)
            return self._concluded(outcome)
        except InputError as error:
            click.echo(f"error: {error}", err=True)
            return Done(failed_entry(opened.name, str(error)))

    def _read(self, selected: Selected) -> SourceFile:
        file = self.chosen.stdin or read(Path(selected.name))
        if file.digest != selected.digest:
            raise InputError(
                f"{file.name} was changed by something else since it was searched; "
                "it was left alone: run the command again"
            )
        return file

    def _concluded(self, outcome: FileOutcome) -> Done:
        """Write, print or only report a file, as the flags say."""
        entry, options = file_entry(outcome), self.options
        if options.from_stdin and options.write:
            write_to_stdout(outcome)
        elif options.writes and outcome.changed:
            self.before_write({**entry, "written": True})
            try:
                write(outcome)
                entry["written"] = True
            except InputError as error:
                entry["error"] = str(error)
        what = "written" if entry["written"] else "would change" if options.check else ""
        if entry["error"] is not None:
            click.echo(f"error: {entry['error']}", err=True)
        else:
            say(outcome, what)
        wanted = options.shows_diffs or options.patch_out
        return Done(entry, diff_of(outcome) if wanted else "")


def _windows(selected: Sequence[Selected], tasks: int) -> Iterator[list[Selected]]:
    """Runs of files that have that many tasks together, at least."""
    window: list[Selected] = []
    for one in selected:
        window.append(one)
        if sum(len(other.tasks) for other in window) >= tasks:
            yield window
            window = []
    if window:
        yield window


def _watch(options: ApplyOptions) -> Watch:
    """What draws the steps of a request, if that is wanted."""
    if not options.show_steps:
        return lambda _: nullcontext()
    return _drawn


def _drawn(request: EditRequest) -> AbstractContextManager[OnStep | None]:
    name = request.path or "<text>"
    return show_steps(SourceText(request.source), request.spans, name, sys.stderr)
