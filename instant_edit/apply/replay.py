"""``instant-edit replay REPORT``: a run once more, and where it differs from what was reported."""

from __future__ import annotations

import json
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

import click

from instant_edit import languages
from instant_edit.apply.batching import length
from instant_edit.apply.draft import Draft
from instant_edit.apply.files import digest, read
from instant_edit.apply.options import ApplyOptions
from instant_edit.apply.reports.entry import versions
from instant_edit.apply.selection import Task
from instant_edit.errors import InputError
from instant_edit.request import Edit, Span, Verdict
from instant_edit.splice import Shift, splice

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence

    from instant_edit.apply.reports.entry import Entry
    from instant_edit.interface import Engine
    from instant_edit.request import EditRequest, EditResult

EXIT_SAME, EXIT_DIFFERS = 0, 1
_REPEATED = ("edited", "unchanged", "rejected")


def replay(file: Path, open_editor: Callable[[], Engine]) -> int:
    """Repeat the edits of a report, write nothing, and print each difference.

    Raises:
        InputError: the file is no report of ``apply``.
    """
    report = read_report(file)
    try:
        files = [Repeated.of(entry) for entry in report["files"] if entry["error"] is None]
        model, options = (report["model"] or {}).get("digest"), _options(report)
        _tell(report)
    except (KeyError, TypeError, AttributeError, IndexError, ValueError) as error:
        raise InputError(_no_report(file, error)) from None
    with open_editor() as editor:
        differences = list(_differences(files, model, options, editor))
    for difference in differences:
        click.echo(difference)
    tasks = sum(len(one.tasks) for one in files)
    told = "the same bytes" if not differences else f"{len(differences)} differences"
    click.echo(f"{len(files)} files, {tasks} edits repeated: {told}", err=True)
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


def _options(report: Entry) -> ApplyOptions:
    settings = report["settings"]
    return ApplyOptions(candidates=settings["candidates"], deadline_ms=settings["deadline_ms"])


def _tell(report: Entry) -> None:
    """Say what may be a reason for differences, and is none itself."""
    now = versions()
    for name, version in report["versions"].items():
        if now.get(name) != version:
            click.echo(f"note: {name} was {version}, is {now.get(name)}", err=True)
    if report["settings"]["deadline_ms"] is not None:
        click.echo("note: the run had a deadline, so its edits depend on its speed", err=True)


def _differences(
    files: Sequence[Repeated], model: str | None, options: ApplyOptions, editor: Engine
) -> Iterator[str]:
    if model != editor.model.digest:
        yield f"model: was {model}, is {editor.model.digest}"
    yield from (file.problem for file in files if file.problem)
    tasks = [task for file in files for task in file.tasks]
    batches = _asked_together(tasks, options, editor)
    for task in tasks:
        yield from _compared(task, options, editor, batches.get(id(task)))


@dataclass(frozen=True)
class RepeatedTask:
    """One task of a report: what came of it, and the draft in which it is asked for once more."""

    draft: Draft
    task: Task
    line: int
    seed: int
    batch: int | None
    made: bool
    texts: list[str]
    fallen: list[list[str]]

    @classmethod
    def of(cls, draft: Draft, task: Task, recorded: Entry) -> RepeatedTask:
        """Read a task of a report."""
        return cls(
            draft,
            task,
            recorded["start_line"],
            recorded["seed"],
            recorded["batch"],
            recorded["status"] != "rejected",
            [one["text"] for one in recorded["edits"] if _place(one) != recorded["cut"]],
            [one["texts"] for one in recorded["rejected"]],
        )

    def request(self, options: ApplyOptions) -> EditRequest:
        """What was asked of the model, and is asked again."""
        return self.draft.request(self.task, options, self.seed)

    def judge(self, result: EditResult) -> Verdict:
        """Reject again what was rejected then, without asking why."""
        return Verdict([edit.text for edit in result.edits] not in self.fallen)


@dataclass(frozen=True)
class Repeated:
    """One file of a report, as it was before its edits; or what keeps it from being that."""

    tasks: tuple[RepeatedTask, ...] = ()
    problem: str = ""

    @classmethod
    def of(cls, entry: Entry) -> Repeated:
        """Bring the text back, and read what can be asked for once more."""
        try:
            source = original(entry)
        except InputError as error:
            return cls(problem=str(error))
        tasks = tuple(_task(one) for one in entry["tasks"])
        draft = Draft(source, languages.get(entry["language"]), entry["path"], tasks)
        found = []
        for task, recorded in zip(tasks, entry["tasks"], strict=True):
            if recorded["by_hand"]:
                where = f"{entry['path']}:{recorded['start_line']}"
                click.echo(f"note: {where} was edited by hand and is not repeated", err=True)
            elif recorded["status"] in _REPEATED:
                found.append(RepeatedTask.of(draft, task, recorded))
        return cls(tuple(found))


def _asked_together(
    tasks: Sequence[RepeatedTask], options: ApplyOptions, editor: Engine
) -> dict[int, EditResult]:
    """The answers of those tasks that a batch answered, by their identity."""
    batches: dict[int, list[RepeatedTask]] = {}
    for task in tasks:
        if task.batch is not None:
            batches.setdefault(task.batch, []).append(task)
    found = {}
    for batch in batches.values():
        batch.sort(key=lambda one: length(one.request(options)))
        answers = editor.edit_many([one.request(options) for one in batch])
        found.update({id(one): answer for one, answer in zip(batch, answers, strict=True)})
    return found


def _compared(
    one: RepeatedTask, options: ApplyOptions, editor: Engine, ready: EditResult | None
) -> Iterator[str]:
    """Where a task comes out otherwise."""
    where = f"{one.draft.name}:{one.line}"
    result = ready or editor.edit(one.request(options), judge=one.judge)
    made = result.verdict.ok and one.judge(result).ok
    if made != one.made:
        yield f"{where}: there was {_an_edit(one.made)}, and now there is {_an_edit(made)}"
    elif made:
        texts = [edit.text for edit in one.draft.change(one.task, result).edits]
        if texts != one.texts:
            yield f"{where}: was {one.texts!r}, is {texts!r}"


def _an_edit(there: bool) -> str:
    return "an edit" if there else "none"


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


def _place(edit: Entry) -> list[int]:
    return [edit["start"], edit["end"]]


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
