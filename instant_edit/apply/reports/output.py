"""Where the entries of a run go: one class for each format, each fed file by file."""

from __future__ import annotations

import json
import sys
from itertools import chain
from typing import TYPE_CHECKING, Protocol

import click

from instant_edit.apply.reports.github import commands
from instant_edit.apply.reports.pager import show
from instant_edit.apply.reports.sarif import sarif_log
from instant_edit.apply.reports.summary import table
from instant_edit.errors import InputError

if TYPE_CHECKING:
    from collections.abc import Iterable
    from pathlib import Path

    from instant_edit.apply.options import ApplyOptions, OutputFormat
    from instant_edit.apply.reports.counts import Counts
    from instant_edit.apply.reports.entry import Entry


class Output(Protocol):
    """A format. ``begin`` comes once before the files, ``end`` once behind them."""

    def begin(self, run: Entry) -> None:
        """Take what is true of the whole run."""

    def file(self, entry: Entry, diff: str) -> None:
        """Take one file; ``diff`` is empty for one that does not change."""

    def end(self, counts: Counts) -> None:
        """Print what could not be printed before everything was known."""


class DiffOutput:
    """The diffs: at once where stdout is read by a program, through a pager on a terminal."""

    def __init__(self, *, pager: bool) -> None:
        self._pager = pager
        self._kept: list[str] = []

    def begin(self, run: Entry) -> None:
        """Nothing of the run is in a diff."""

    def file(self, entry: Entry, diff: str) -> None:
        """Print a diff, or keep it for the pager."""
        del entry
        if self._pager and sys.stdout.isatty():
            self._kept.append(diff)
        else:
            show([diff], pager=False)

    def end(self, counts: Counts) -> None:
        """Page what was kept."""
        del counts
        show(self._kept, pager=True)


class JsonOutput:
    """One JSON object, printed (or put in a file) when everything is known."""

    def __init__(self, file: Path | None = None) -> None:
        self._file = file
        self._run: Entry = {}
        self._files: list[Entry] = []

    def begin(self, run: Entry) -> None:
        """Keep what is true of the run."""
        self._run = run

    def file(self, entry: Entry, diff: str) -> None:
        """Keep a file."""
        del diff
        self._files.append(entry)

    def end(self, counts: Counts) -> None:
        """Print the object, or write it.

        Raises:
            InputError: the file cannot be written.
        """
        text = self.rendered({**self._run, "files": self._files, "summary": counts.entry()})
        if self._file is None:
            sys.stdout.writelines(chain(text, "\n"))
            return
        try:
            with self._file.open("w", encoding="utf-8") as stream:
                stream.writelines(chain(text, "\n"))
        except OSError as error:
            reason = error.strerror or error
            raise InputError(f"--report {self._file} cannot be written: {reason}") from error

    def rendered(self, document: Entry) -> Iterable[str]:
        """The object as text, piece by piece: whole, it would need many times its memory."""
        return json.JSONEncoder(indent=2).iterencode(document)


class SarifOutput(JsonOutput):
    """A SARIF 2.1.0 log, printed when everything is known."""

    def rendered(self, document: Entry) -> Iterable[str]:
        """The log as text, piece by piece."""
        return super().rendered(sarif_log(document))


class JsonStreamOutput:
    """A JSON object a line, each printed as soon as it is known; ``type`` says what it is."""

    def begin(self, run: Entry) -> None:
        """Print the run."""
        self._line("run", run)

    def file(self, entry: Entry, diff: str) -> None:
        """Print a file."""
        del diff
        self._line("file", entry)

    def end(self, counts: Counts) -> None:
        """Print the numbers."""
        self._line("summary", counts.entry())

    def _line(self, kind: str, value: Entry) -> None:
        click.echo(json.dumps({"type": kind, **value}))


class GithubOutput:
    """Workflow commands, which GitHub shows as annotations at the lines of a pull request."""

    def begin(self, run: Entry) -> None:
        """Print by what the run can be repeated."""
        model = run["model"] or {"id": "none", "digest": "none"}
        versions = ", ".join(f"{name} {version}" for name, version in run["versions"].items())
        click.echo(f"model {model['id']} {model['digest']}, seed {run['seed']}, {versions}")

    def file(self, entry: Entry, diff: str) -> None:
        """Print the annotations of a file."""
        del diff
        for line in commands(entry):
            click.echo(line)

    def end(self, counts: Counts) -> None:
        """The annotations have said it all."""


class SummaryOutput(JsonOutput):
    """A table of the files."""

    def rendered(self, document: Entry) -> Iterable[str]:
        """The table as text."""
        return (table(document),)


class BothOutputs:
    """Two outputs at once: what stdout carries, and the report in a file."""

    def __init__(self, first: Output, second: Output) -> None:
        self._both = (first, second)

    def begin(self, run: Entry) -> None:
        """Begin both."""
        for output in self._both:
            output.begin(run)

    def file(self, entry: Entry, diff: str) -> None:
        """Give a file to both."""
        for output in self._both:
            output.file(entry, diff)

    def end(self, counts: Counts) -> None:
        """End both."""
        for output in self._both:
            output.end(counts)


def output_for(options: ApplyOptions) -> Output:
    """The output of the format that was asked for, and the report in a file beside it."""
    output = _on_stdout(options)
    return BothOutputs(output, JsonOutput(options.report)) if options.report else output


def _on_stdout(options: ApplyOptions) -> Output:
    if options.output == "diff":
        return DiffOutput(pager=options.pager)
    plain: dict[OutputFormat, type[Output]] = {
        "json": JsonOutput,
        "json-stream": JsonStreamOutput,
        "sarif": SarifOutput,
        "github": GithubOutput,
        "summary": SummaryOutput,
    }
    return plain[options.output]()
