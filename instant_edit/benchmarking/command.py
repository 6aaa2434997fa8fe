"""``instant-edit bench``: measure, print Markdown, and write JSON, Markdown and plots."""

from __future__ import annotations

import json
import sys
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from instant_edit import models
from instant_edit.benchmarking import difficulty, many, process, reuse, speed
from instant_edit.benchmarking.bench import Bench
from instant_edit.benchmarking.names import TABLES
from instant_edit.benchmarking.plots import plots
from instant_edit.benchmarking.report import conditions, joined, markdown, tables_of
from instant_edit.benchmarking.rows import infilling
from instant_edit.benchmarking.table import Table
from instant_edit.errors import InputError
from instant_edit.interface import is_remote

PLACES, REPEATS = 12, 3
QUICK_PLACES, QUICK_REPEATS = 3, 1


@dataclass(frozen=True, slots=True)
class BenchOptions:
    """The flags of one run of ``bench``."""

    model: str = "embedded"
    json_path: Path | None = None
    out: Path | None = None
    quick: bool = False
    only: tuple[str, ...] = ()
    data: Path | None = None
    limit: int = 60

    @classmethod
    def of(cls, flags: Mapping[str, Any]) -> BenchOptions:
        """From what the command line was given."""
        return cls(**flags)


def run(options: BenchOptions) -> int:
    """Measure what is asked for; what is done is written before the next table is begun."""
    for folder in (options.out, options.json_path and options.json_path.parent):
        if folder is not None and not folder.is_dir():
            raise InputError(f"{folder} is not a folder; make it first")
    if is_remote(options.model):
        raise InputError(
            f"--model {options.model}: what an endpoint costs is not this machine's; 'instant-edit "
            "eval infilling' measures the quality of its edits, and how long they take"
        )
    denoiser = models.load(options.model)
    places, repeats = (QUICK_PLACES, QUICK_REPEATS) if options.quick else (PLACES, REPEATS)
    bench = Bench(denoiser, places, repeats)
    given, done = conditions(denoiser.info), list[Table]()
    kept = options.out and options.out / "bench.json"
    for table in _measured(bench, options):
        done.append(table)
        document = joined(given, done, kept)
        if options.json_path is not None:
            _write(options.json_path, json.dumps(joined(given, done), indent=1))
        if kept is not None and options.out is not None:
            _write(kept, json.dumps(document, indent=1))
            _write(options.out / "bench.md", markdown(document).rstrip())
            plots(tables_of(document), options.out)
    sys.stdout.write(markdown(joined(given, done)))
    return 0


def _measured(bench: Bench, options: BenchOptions) -> Iterator[Table]:
    """The tables that are asked for, each as soon as it is known."""
    measures: Mapping[str, Callable[[], Table]] = {
        "line": lambda: speed.line(bench),
        "contexts": lambda: speed.contexts(bench),
        "spans": lambda: speed.spans(bench),
        "difficulty": lambda: difficulty.difficulty(bench),
        "candidates": lambda: many.candidates(bench),
        "cache": lambda: reuse.cache(bench),
        "start": lambda: process.start(bench, options.model),
    }
    for name in TABLES:
        if name in measures and (not options.only or name in options.only):
            sys.stderr.write(f"measuring: {name}\n")
            yield measures[name]()
    if options.data is not None and (not options.only or "infilling" in options.only):
        sys.stderr.write("measuring: infilling\n")
        yield infilling(bench, options.data, options.limit)


def _write(path: Path, text: str) -> None:
    path.write_text(text + "\n", encoding="utf-8")
