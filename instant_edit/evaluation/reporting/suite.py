"""The sets that a report is made of: which files they are, how they are read and edited."""

from __future__ import annotations

import random
from dataclasses import dataclass
from typing import TYPE_CHECKING

from instant_edit.errors import InputError
from instant_edit.evaluation.attempt import Variant
from instant_edit.evaluation.dataset import load
from instant_edit.evaluation.formats import editeval, infilling, inline_edits, repair

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from instant_edit.evaluation.cases import Case
    from instant_edit.evaluation.dataset import Row

_FILLED = (Variant("fill", "diffusion"), Variant("fill", "ar"))
_TOLD = (Variant("fill", "diffusion", "oracle"), Variant("fill", "ar", "oracle"))
_REWRITTEN = Variant("rewrite")
_MOST = 500  # rows of the larger sets, where no limit is given


@dataclass(frozen=True, slots=True)
class BenchmarkSet:
    """One set.

    Args:
        name: in files.
        title: for readers.
        pattern: of its file, somewhere below the folder of data.
        read: how one of its rows becomes a case.
        variants: how each case is edited.
        judged: what a pass means here.
        most: how many rows are drawn where no limit is given; None for all.
    """

    name: str
    title: str
    pattern: str
    read: Callable[[Row], Case]
    variants: tuple[Variant, ...]
    judged: str
    most: int | None = None


_TESTS = "A row has passed when its tests ran to their end on the edited program."
_LINES = "The lines are selected in which the reference differs: where to edit is told."


def _infilling(name: str, title: str, file: str, most: int | None = None) -> BenchmarkSet:
    """One of the sets of HumanEval-Infilling, which differ in their holes only."""
    pattern = f"HumanEval-{file}.jsonl*"
    return BenchmarkSet(
        name,
        f"HumanEval-Infilling, {title}",
        pattern,
        infilling.read,
        _FILLED + _TOLD,
        _TESTS,
        most,
    )


SETS = (
    _infilling("single-line", "single line", "SingleLineInfilling"),
    _infilling("multi-line", "multi-line", "MultiLineInfilling", _MOST),
    _infilling("random-span", "random span", "RandomSpanInfilling", _MOST),
    _infilling("random-span-light", "random span (light)", "RandomSpanInfillingLight"),
    BenchmarkSet(
        "repair-python",
        "HumanEvalFix with docstrings, Python",
        "humanevalpack/python.jsonl*",
        repair.read,
        (*_FILLED, _REWRITTEN),
        f"{_TESTS} {_LINES}",
    ),
    BenchmarkSet(
        "repair-javascript",
        "HumanEvalFix with docstrings, JavaScript",
        "humanevalpack/js.jsonl*",
        repair.read,
        (*_FILLED, _REWRITTEN),
        f"Nothing here runs JavaScript under limits: only exact matches count. {_LINES}",
    ),
    BenchmarkSet(
        "editeval",
        "EditEval, changed lines selected",
        "edit_eval.jsonl*",
        editeval.read,
        (_REWRITTEN,),
        f"{_TESTS} {_LINES}",
    ),
    BenchmarkSet(
        "editeval-whole",
        "EditEval, everything selected",
        "edit_eval.jsonl*",
        editeval.read_whole,
        (_REWRITTEN,),
        f"{_TESTS} The whole piece is selected, as the benchmark has it.",
    ),
    BenchmarkSet(
        "inline-edits",
        "Inline edits of an editor's own tests",
        "inline_edits.jsonl*",
        inline_edits.read,
        (_REWRITTEN,),
        "There is no reference. A row is judged where its assertions ask for strings, by those "
        "alone: not by its compilers and linters, nor by the edit's shape.",
    ),
)


@dataclass(frozen=True, slots=True)
class Drawn:
    """A set as it was found: its file, the rows drawn of it, and the rows that are of no use."""

    set: BenchmarkSet
    path: Path
    usable: int
    cases: tuple[Case, ...]
    left_out: tuple[str, ...]


def find(data: Path, limit: int | None, seed: int) -> list[Drawn]:
    """The sets below a folder, and of each the rows to edit, drawn by the seed.

    Raises:
        InputError: there is none, or a file of one cannot be read.
    """
    if not data.is_dir():
        raise InputError(f"{data} is not a folder; name the one that the evaluation sets lie in")
    found = [_drawn(one, path, limit, seed) for one in SETS if (path := _file(data, one.pattern))]
    if not found:
        patterns = ", ".join(dict.fromkeys(one.pattern for one in SETS))
        raise InputError(f"{data} holds none of the known sets: {patterns}")
    return found


def _file(data: Path, pattern: str) -> Path | None:
    return next(iter(sorted(path for path in data.rglob(pattern) if path.is_file())), None)


def _drawn(one: BenchmarkSet, path: Path, limit: int | None, seed: int) -> Drawn:
    loaded = load(path, one.read)
    cases = list(loaded.cases)
    count = min(limit or one.most or len(cases), len(cases))
    # a sample, for the first rows of a file are those of a few programs; in the file's order
    chosen = sorted(random.Random(seed).sample(range(len(cases)), count))
    return Drawn(one, path, len(cases), tuple(cases[i] for i in chosen), loaded.left_out)
