"""``instant-edit replay REPORT``: a run once more, and where it differs from what was reported."""

from __future__ import annotations

import json
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from instant_edit import languages
from instant_edit.apply.draft import Draft
from instant_edit.apply.files import digest, read
from instant_edit.apply.options import ApplyOptions
from instant_edit.apply.reports.entry import versions
from instant_edit.apply.selection import Task
from instant_edit.errors import InputError
from instant_edit.request import Edit, Span, Verdict
from instant_edit.splice import Shift, splice

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from instant_edit.apply.reports.entry import Entry
    from instant_edit.engine import Editor
    from instant_edit.request import EditResult

EXIT_SAME, EXIT_DIFFERS = 0, 1
_REPEATED = ("edited", "unchanged", "rejected")


def replay(file: Path, open_editor: Callable[[], Editor]) -> int:
    """Repeat the edits of a report, write nothing, and print each difference.

    Raises:
        InputError: the file is no report of ``apply``.
    """
    report = read_report(file)
    with open_editor() as editor:
        try:
            differences = list(_differences(report, editor))
        except (KeyError, TypeError, AttributeError, IndexError) as error:
            raise InputError(_no_report(file, error)) from None
    for difference in differences:
        click.echo(difference)
    edits = sum(len(entry["edits"]) for entry in report["files"])
    told = "the same bytes" if not differences else f"{len(differences)} differences"
    click.echo(f"{len(report['files'])} files, {edits} edits repeated: {told}", err=True)
    return EXIT_DIFFERS if differences else EXIT_SAME


def read_report(file: Path) -> Entry:
    """Read what ``--json`` or ``--json-stream`` printed, as one object.

    Raises:
        InputError: it is neither.
    """
    try:
        text = file.read_text("utf-8")
        if text.lstrip().startswith('{"type"'):
            lines = [json.loads(line) for line in text.splitlines() if line.strip()]
            run = next(line for line in lines if line["type"] == "run")
            return {**run, "files": [line for line in lines if line["type"] == "file"]}
        document: Entry = json.loads(text)
        return {**document, "files": list(document["files"]), "seed": document["seed"]}
    except OSError as error:
        raise InputError(f"{file} cannot be read: {error.strerror or error}") from error
    except (ValueError, KeyError, TypeError, StopIteration) as error:
        raise InputError(_no_report(file, error)) from None


def _no_report(file: Path, error: Exception) -> str:
    return (
        f"{file} is no report of `instant-edit apply --json` or `--json-stream` "
        f"({type(error).__name__}: {error})"
    )


def _differences(report: Entry, editor: Editor) -> Iterator[str]:
    model = report["model"] or {}
    if model.get("digest") != editor.model.digest:
        yield f"model: was {model.get('digest')}, is {editor.model.digest}"
    now = versions()
    for name, version in report["versions"].items():
        if now.get(name) != version:
            click.echo(f"note: {name} was {version}, is {now.get(name)}", err=True)
    if report["settings"]["deadline_ms"] is not None:
        click.echo("note: the run had a deadline, so its edits depend on its speed", err=True)
    for entry in report["files"]:
        if entry["error"] is None:
            yield from Repetition(entry, report["settings"], editor).differences()


@dataclass(frozen=True)
class Repetition:
    """One file of a report, asked for once more."""

    entry: Entry
    settings: dict[str, Any]
    editor: Editor

    def differences(self) -> Iterator[str]:
        """Where the edits of the file come out otherwise."""
        try:
            source = original(self.entry)
        except InputError as error:
            yield str(error)
            return
        language = languages.get(self.entry["language"])
        tasks = tuple(_task(one) for one in self.entry["tasks"])
        draft = Draft(source, language, self.entry["path"], tasks)
        for task, recorded in zip(tasks, self.entry["tasks"], strict=True):
            where = f"{self.entry['path']}:{recorded['start_line']}"
            if recorded["by_hand"]:
                click.echo(f"note: {where} was edited by hand and is not repeated", err=True)
            elif recorded["status"] in _REPEATED:
                yield from self._compared(where, draft, task, recorded)

    def _compared(self, where: str, draft: Draft, task: Task, recorded: Entry) -> Iterator[str]:
        options = ApplyOptions(
            candidates=self.settings["candidates"], deadline_ms=self.settings["deadline_ms"]
        )
        fallen = [tuple(one["texts"]) for one in recorded["rejected"]]

        def judge(result: EditResult) -> Verdict:
            """Reject again what was rejected then, without asking why."""
            return Verdict(tuple(edit.text for edit in result.edits) not in fallen)

        result = self.editor.edit(draft.request(task, options, recorded["seed"]), judge=judge)
        if not result.verdict.ok:
            if recorded["status"] != "rejected":
                yield f"{where}: there was an edit, and now there is none"
            return
        if recorded["status"] == "rejected":
            yield f"{where}: there was no edit, and now there is one"
            return
        texts = [edit.text for edit in draft.change(task, result).edits]
        were = [edit["text"] for edit in recorded["edits"] if not _is_cut(edit, recorded["cut"])]
        if texts != were:
            yield f"{where}: was {were!r}, is {texts!r}"


def original(entry: Entry) -> str:
    """The text that a file had before the edits, which may have been written since.

    Raises:
        InputError: the file is gone, or has another content than before and after the run.
    """
    file = read(Path(entry["path"]))
    if file.digest == entry["old_hash"]:
        return file.source.text
    edits = [
        Edit(Span(one["start"], one["end"]), one["text"], 1.0)
        for one in entry["edits"]
        if one["text"] != one["old_text"]
    ]
    olds = {(one["start"], one["end"]): one["old_text"] for one in entry["edits"]}
    back = [
        Edit(region.new, olds[region.old.start, region.old.end], 1.0)
        for region in Shift.of(edits).regions
    ]
    if file.digest == entry["new_hash"]:
        text = splice(file.source.text, back)
        if digest(file.source.with_text(text).to_bytes()) == entry["old_hash"]:
            return text
    raise InputError(f"{file.name}: has changed since the run; its edits cannot be repeated")


def _is_cut(edit: Entry, cut: list[int] | None) -> bool:
    return [edit["start"], edit["end"]] == cut


def _task(recorded: Entry) -> Task:
    cut = recorded["cut"]
    return Task(
        spans=tuple(Span(start, end) for start, end in recorded["spans"]),
        origin=recorded["origin"],
        instruction=recorded["instruction"],
        mode=recorded["mode"],
        cut=Span(*cut) if cut else None,
        kind=recorded["kind"],
    )
