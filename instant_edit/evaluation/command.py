"""``instant-edit eval infilling``: every row, with progress, into a table and a JSON file."""

from __future__ import annotations

import json
import sys
from dataclasses import asdict, dataclass
from typing import TYPE_CHECKING, Any, Literal

from instant_edit.errors import InputError
from instant_edit.evaluation.attempt import Variant, attempt, warm_up
from instant_edit.evaluation.dataset import load
from instant_edit.evaluation.formats import infilling
from instant_edit.evaluation.metrics import summarise
from instant_edit.evaluation.provenance import provenance, sha256
from instant_edit.evaluation.report import progress, table

if TYPE_CHECKING:
    from collections.abc import Callable
    from pathlib import Path

    from instant_edit.engine import Editor
    from instant_edit.evaluation.metrics import RowResult
    from instant_edit.remote.editor import RemoteEditor

SCHEMA_VERSION = 2


@dataclass(frozen=True, slots=True)
class EvalOptions:
    """The flags of one run of ``eval infilling``."""

    data: Path
    limit: int | None = None
    seed: int = 0
    length: Literal["own", "oracle"] = "own"
    decoding: Literal["diffusion", "ar"] = "diffusion"
    candidates: int = 1
    model: str = "embedded"
    json_path: Path | None = None

    @property
    def command(self) -> str:
        """The command line that gives the same figures again."""
        limit = f" --limit {self.limit}" if self.limit else ""
        return (
            f"instant-edit eval infilling {self.data.name}{limit} --seed {self.seed} "
            f"--length {self.length} --decoding {self.decoding} "
            f"--candidates {self.candidates} --model {self.model}"
        )


def run(options: EvalOptions, open_editor: Callable[[], Editor | RemoteEditor]) -> int:
    """Evaluate, print the table, write the JSON file if one is wanted."""
    cases = load(options.data, infilling.read, options.limit, strict=True).cases
    variant = Variant("fill", options.decoding, options.length)
    if options.json_path is not None:
        _writable(options.json_path)  # before the work, not after it
    results: list[RowResult] = []
    with open_editor() as editor:
        warm_up(editor)
        with progress(len(cases), sys.stderr) as advance:
            for case in cases:
                result = attempt(
                    editor, case, variant, seed=options.seed, candidates=options.candidates
                )
                results.append(result)
                advance(result.passed)
        summary = summarise(results)
        document = _document(options, editor, summary, results)
    table(summary, document, sys.stdout)
    if options.json_path is not None:
        options.json_path.write_text(json.dumps(document, indent=1) + "\n", encoding="utf-8")
    return 0


def _document(
    options: EvalOptions,
    editor: Editor | RemoteEditor,
    summary: dict[str, Any],
    results: list[RowResult],
) -> dict[str, Any]:
    return {
        "schema_version": SCHEMA_VERSION,
        "command": options.command,
        "data": {"file": options.data.name, "sha256": sha256(options.data)},
        "options": {
            "limit": options.limit,
            "seed": options.seed,
            "length": options.length,
            "decoding": options.decoding,
            "candidates": options.candidates,
        },
        **provenance(editor.model),
        "summary": summary,
        "rows": [asdict(result) for result in results],
    }


def _writable(path: Path) -> None:
    try:
        path.open("a").close()
    except OSError as error:
        raise InputError(
            f"{path} cannot be written: {error.strerror}; name another file"
        ) from error
