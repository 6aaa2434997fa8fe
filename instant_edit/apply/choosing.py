"""From the flags to the files and tasks of a run; everything is judged before a model is loaded."""

from __future__ import annotations

import sys
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING

from instant_edit import edit_kinds, languages
from instant_edit.apply.discovery import Found, Search, inside, root_of
from instant_edit.apply.files import SourceFile
from instant_edit.apply.scanning import Scan, language_of, select_all
from instant_edit.apply.selection import Selected, Selectors
from instant_edit.apply.selection.diagnostics import read_diagnostics
from instant_edit.apply.selection.rows import Row, read_rows
from instant_edit.errors import EditCancelled, InputError
from instant_edit.queries import fitting
from instant_edit.text import SourceText

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Sequence

    from instant_edit.apply.options import ApplyOptions


@dataclass(frozen=True)
class Chosen:
    """What is to be done: the files with their tasks, how many were looked at, what to say.

    ``folders`` hold all files of the run, those included that are done or have no task.
    """

    selected: tuple[Selected, ...]
    looked_at: int
    notes: tuple[str, ...] = ()
    folders: frozenset[Path] = frozenset()
    stdin: SourceFile | None = None


def choose(
    options: ApplyOptions,
    stopped: Callable[[], bool] = lambda: False,
    done: Callable[[Found], bool] = lambda _: False,
) -> Chosen:
    """Find the files and select in them; those that are ``done`` already are left out.

    Raises:
        InputError: a file, flag or list of edits is wrong.
        EditCancelled: the run was stopped.
    """
    _refuse_unknown_names(options)
    if options.from_stdin:
        return _from_stdin(options)
    files, rows, notes = _files(options)
    left = [file for file in files if not done(file)]
    scan, foreign = _scan(options, left, rows)
    selected, passed = _asked(scan, left, options.jobs, stopped)
    if len(left) == len(files):
        _refuse_unknown_symbols(options, scan, selected)
    folders = frozenset(file.path.parent for file in files)
    return Chosen(selected, len(left), (*notes, *foreign, *passed), folders)


def _refuse_unknown_names(options: ApplyOptions) -> None:
    """Refuse a wrong language or kind before anything is searched."""
    if options.language is not None:
        languages.get(options.language)
    for kind in options.kinds:
        edit_kinds.get(kind)


def _files(options: ApplyOptions) -> tuple[list[Found], dict[str, tuple[Row, ...]], list[str]]:
    """The files of the run, the listed edits by real path, and what was passed over."""
    rows = _rows(options)
    listed = _listed(options, rows)
    language = languages.get(options.language).id if options.language else None
    search = Search(options.globs, options.ignore, options.deny, language)
    files = search.files(options.paths) if options.paths else _each_once(listed.values())
    notes = search.notes
    unnamed = {file.path for file in listed.values()} - {file.path for file in files}
    if unnamed:
        notes.append(f"{len(unnamed)} files with listed edits passed over: not among FILES")
    return files, _by_path(rows, listed), notes


def _asked(
    scan: Scan, files: Sequence[Found], jobs: int | None, stopped: Callable[[], bool]
) -> tuple[tuple[Selected, ...], list[str]]:
    """What is selected in the files, and which were passed over."""
    selected: list[Selected] = []
    passed: list[str] = []
    for answer in select_all(scan, files, jobs):
        if stopped():
            raise EditCancelled("the search was stopped")
        if isinstance(answer, str):
            passed.append(answer)
        else:
            selected.append(answer)
    return tuple(selected), passed


def _rows(options: ApplyOptions) -> tuple[Row, ...]:
    edits = read_rows(options.edits) if options.edits else ()
    return edits + (read_diagnostics(options.diagnostics) if options.diagnostics else ())


def _listed(options: ApplyOptions, rows: Sequence[Row]) -> dict[str, Found]:
    """The files of rows by their names there. A tool may report files that are no source text."""
    root = root_of(Path.cwd())
    found = {row.path: inside(row.path, root, options.deny) for row in rows}
    reported = {row.path for row in rows if row.reported}
    return {path: replace(file, named=path not in reported) for path, file in found.items()}


def _each_once(files: Iterable[Found]) -> list[Found]:
    return list({file.path: file for file in files}.values())


def _by_path(rows: Sequence[Row], listed: dict[str, Found]) -> dict[str, tuple[Row, ...]]:
    found: dict[str, tuple[Row, ...]] = {}
    for row in rows:
        path = str(listed[row.path].path)
        found[path] = (*found.get(path, ()), row)
    return found


def _scan(
    options: ApplyOptions, files: Sequence[Found], rows: dict[str, tuple[Row, ...]]
) -> tuple[Scan, list[str]]:
    selectors = Selectors(
        lines=options.lines,
        symbols=options.symbols,
        query=options.query,
        capture=options.capture,
        markers=options.marker,
        kinds=options.kinds,
        rows=rows,
        several=len(files) > 1,
    )
    scan = Scan(selectors, options.instruction, options.mode, options.language)
    if options.query is None or not files:
        return scan, []
    wanted = (
        {options.language}
        if options.language
        else {file.language for file in files if file.language}
    )
    fits, problem = fitting(options.query, options.capture, wanted)
    notes = [f"files of other languages passed over: {problem}"] if problem else []
    return replace(scan, languages=frozenset(languages.get(one).id for one in fits)), notes


def _from_stdin(options: ApplyOptions) -> Chosen:
    name = options.stdin_filename or "<stdin>"
    data = sys.stdin.buffer.read()
    file = SourceFile(name, Path(name), data, SourceText.from_bytes(data, name))
    found = Found(name, file.path, named=True)
    if options.stdin_filename:
        inside(name, root_of(Path.cwd()), options.deny)
    scan, notes = _scan(options, [found], {})
    selected = scan.source(file, language_of(file, options.language))
    return Chosen((selected,) if selected else (), 1, tuple(notes), stdin=file)


def _refuse_unknown_symbols(
    options: ApplyOptions, scan: Scan, selected: Sequence[Selected]
) -> None:
    if not scan.selectors.several:
        return
    origins = {
        origin for one in selected for task in one.tasks for origin in task.origin.split(", ")
    }
    for name in options.symbols:
        if f"--symbol {name}" not in origins:
            raise InputError(f"no function, class or method is called {name!r} in any file")
