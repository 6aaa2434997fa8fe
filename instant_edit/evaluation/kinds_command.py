"""``instant-edit eval kinds``: every kind on held-out files, into a table and a JSON file."""

from __future__ import annotations

import hashlib
import json
import sys
from dataclasses import asdict, dataclass
from typing import TYPE_CHECKING, Any

from instant_edit import edit_kinds, languages
from instant_edit.edit_kinds.accuracy import SCHEMA_VERSION
from instant_edit.errors import InputError, LanguageError
from instant_edit.evaluation.kinds import Example, KindResult, examples, run
from instant_edit.evaluation.metrics import wilson
from instant_edit.evaluation.report import progress

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence
    from pathlib import Path
    from typing import TextIO

    from instant_edit.edit_kinds.kind import EditKind
    from instant_edit.engine import Editor


@dataclass(frozen=True, slots=True)
class KindOptions:
    """The flags of one run of ``eval kinds``."""

    paths: tuple[Path, ...]
    kinds: tuple[str, ...] = ()
    limit: int = 30
    seed: int = 0
    candidates: int = 1
    model: str = "embedded"
    json_path: Path | None = None
    rows_path: Path | None = None

    @property
    def command(self) -> str:
        """The command line that gives the same figures again, less the names of its files."""
        kinds = "".join(f" --kind {kind}" for kind in self.kinds)
        return (
            f"instant-edit eval kinds FILES{kinds} --limit {self.limit} --seed {self.seed} "
            f"--candidates {self.candidates} --model {self.model}"
        )


def measure(options: KindOptions, open_editor: Callable[[], Editor]) -> int:
    """Measure the kinds, print the table, write the files that are wanted."""
    kinds = [edit_kinds.get(kind) for kind in options.kinds] or [*edit_kinds.all_kinds()]
    files = source_files(options.paths)
    _prepare(options)
    rows: list[tuple[Example, KindResult]] = []
    with open_editor() as editor:
        todo = examples(kinds, files, options.limit, options.seed, editor.count_tokens)
        with progress(len(todo), sys.stderr) as advance:
            for example in todo:
                result = run(editor, example, seed=options.seed, candidates=options.candidates)
                rows.append((example, result))
                _append(options.rows_path, example, result)
                advance(result.passed)
        model = {"id": editor.model.id, "digest": editor.model.digest}
    document = {
        "schema_version": SCHEMA_VERSION,
        "command": options.command,
        "files": {"count": len(files), "sha256": _digest(files)},
        "model": model,
        "kinds": {kind.id: _figures(kind, rows) for kind in kinds},
    }
    _table(kinds, document, sys.stdout)
    if options.json_path is not None:
        options.json_path.write_text(json.dumps(document, indent=1) + "\n", encoding="utf-8")
    return 0


def _prepare(options: KindOptions) -> None:
    """Fail now, not after the work, where a file cannot be written; the old figures stay.

    Raises:
        InputError: one cannot be.
    """
    for path, mode in ((options.json_path, "a"), (options.rows_path, "w")):
        if path is not None:
            try:
                path.open(mode, encoding="utf-8").close()
            except OSError as error:
                raise InputError(f"{path} cannot be written: {error.strerror}") from None


def source_files(paths: Sequence[Path]) -> list[Path]:
    """The files of known languages among some paths and below them, in a fixed order.

    Raises:
        InputError: there is none.
    """
    found = []
    for path in paths:
        below = sorted(path.rglob("*")) if path.is_dir() else [path]
        found += [one for one in below if one.is_file() and _known(one)]
    if not found:
        named = ", ".join(map(str, paths))
        raise InputError(f"no Python, JavaScript or TypeScript file in {named}")
    return found


def _known(path: Path) -> bool:
    try:
        return bool(edit_kinds.for_language(languages.for_path(path.name).id))
    except LanguageError:
        return False


def _figures(kind: EditKind, rows: list[tuple[Example, KindResult]]) -> dict[str, Any]:
    own = [result for example, result in rows if example.kind.id == kind.id]
    right = sum(result.passed for result in own)
    low, high = wilson(right, len(own))
    edited = sum(result.edited for result in own)
    return {"count": len(own), "edited": edited, "right": right, "low": low, "high": high}


def _append(path: Path | None, example: Example, result: KindResult) -> None:
    """Write a row at once: a run that is ended early has not been for nothing."""
    if path is None:
        return
    asked = {"instruction": example.instruction, "old": example.rewrite.old}
    asked |= {"kind": example.kind.id, "file": example.name, "new": example.rewrite.new}
    with path.open("a", encoding="utf-8") as handle:
        handle.write(json.dumps({**asked, **asdict(result)}) + "\n")


def _table(kinds: Sequence[EditKind], document: dict[str, Any], stream: TextIO) -> None:
    from rich.console import Console
    from rich.table import Table

    view = Table("kind", "right", "95 % interval", "no edit", title_justify="left")
    for kind in kinds:
        one = document["kinds"][kind.id]
        share = f"{one['right']} of {one['count']}"
        interval = f"{one['low']:.0%}–{one['high']:.0%}" if one["count"] else "nothing to measure"
        view.add_row(kind.id, share, interval, str(one["count"] - one["edited"]))
    Console(file=stream, width=None if stream.isatty() else 100).print(view)


def _digest(files: Sequence[Path]) -> str:
    whole = hashlib.sha256()
    for path in files:
        whole.update(hashlib.sha256(path.read_bytes()).digest())
    return whole.hexdigest()
