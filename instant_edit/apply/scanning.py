"""Every file is read, parsed and asked for its targets, in parallel where there are many."""

from __future__ import annotations

import os
import signal
from concurrent.futures import ProcessPoolExecutor
from dataclasses import dataclass
from multiprocessing import get_context
from pathlib import Path
from typing import TYPE_CHECKING

from instant_edit import languages
from instant_edit.apply.files import SourceFile, read
from instant_edit.apply.selection import Selected, Selectors, tasks_of
from instant_edit.errors import InputError

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from instant_edit.apply.discovery import Found
    from instant_edit.languages import Language
    from instant_edit.request import Mode

WORTH_A_POOL = 400  # files; below, starting processes costs more than it saves
BATCH = 64


@dataclass(frozen=True)
class Scan:
    """What is asked of every file."""

    selectors: Selectors
    instruction: str | None = None
    mode: Mode | None = None
    language: str | None = None
    languages: frozenset[str] | None = None  # those that the query can be asked in

    def file(self, found: Found) -> Selected | str | None:
        """Select in one file; None for no target, and a text for one that is passed over.

        Raises:
            InputError: a file that was named cannot be read, or a selector is wrong in it.
        """
        try:
            file = read(Path(found.name))
            language = language_of(file, self.language)
        except InputError as error:
            if found.named:
                raise
            return str(error)
        return self.source(file, language)

    def source(self, file: SourceFile, language: Language) -> Selected | None:
        """Select in a file that has been read."""
        if self.languages is not None and language.id not in self.languages:
            return None
        try:
            targets = self.selectors.targets(file.source, language, str(file.path))
        except InputError as error:
            raise type(error)(f"{file.name}: {error}") from None
        tasks = tasks_of(targets, self.instruction, self.mode)
        return Selected(file.name, file.path, file.digest, language.id, tasks) if tasks else None


def language_of(file: SourceFile, given: str | None) -> Language:
    """The language of a file, by its name or ``#!`` line unless it is given."""
    if given is not None:
        return languages.get(given)
    first = file.source.line_span(0)
    return languages.for_path(Path(file.name).name, file.source.text[first.start : first.end])


def select_all(
    scan: Scan, files: Sequence[Found], jobs: int | None = None
) -> Iterator[Selected | str]:
    """What each file has to edit, in the order of the files; texts say what was passed over."""
    workers = min(jobs or os.cpu_count() or 1, len(files) // BATCH)
    if workers < 2 or len(files) < WORTH_A_POOL:
        answers = map(scan.file, files)
        yield from (answer for answer in answers if answer is not None)
        return
    # Spawned and not forked: a fork would inherit whatever threads the caller has. Ctrl-C is
    # for the caller alone, who decides when to stop.
    pool = ProcessPoolExecutor(
        workers,
        mp_context=get_context("spawn"),
        initializer=signal.signal,
        initargs=(signal.SIGINT, signal.SIG_IGN),
    )
    try:
        for answer in pool.map(scan.file, files, chunksize=BATCH):
            if answer is not None:
                yield answer
    finally:
        pool.shutdown(cancel_futures=True)
