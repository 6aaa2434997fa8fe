"""``instant-edit eval report``: what there is of the known sets, into Markdown and JSON."""

from __future__ import annotations

import json
import sys
from contextlib import ExitStack
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from instant_edit.errors import InputError
from instant_edit.evaluation.provenance import provenance, sha256
from instant_edit.evaluation.report import progress
from instant_edit.evaluation.reporting.document import document
from instant_edit.evaluation.reporting.journal import Journal
from instant_edit.evaluation.reporting.markdown import markdown
from instant_edit.evaluation.reporting.running import edit_all, size
from instant_edit.evaluation.reporting.suite import find

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence
    from pathlib import Path

    from instant_edit.engine import Editor
    from instant_edit.evaluation.attempt import Decoding
    from instant_edit.evaluation.reporting.suite import Drawn

EXIT_INTERRUPTED = 130
_DECODINGS: tuple[Decoding, ...] = ("diffusion", "ar")


@dataclass(frozen=True, slots=True)
class ReportOptions:
    """The flags of ``eval report``."""

    data: Path
    out: Path
    limit: int | None = None
    seed: int = 0
    model: str = "embedded"

    @property
    def command(self) -> str:
        """The command line that gives the same figures again; it names no other folder."""
        limit = f" --limit {self.limit}" if self.limit else ""
        return (
            f"instant-edit eval report --data {self.data.resolve().name} "
            f"--out {self.out.resolve().name}{limit} --seed {self.seed} --model {self.model}"
        )


def run(options: ReportOptions, open_editor: Callable[[Decoding], Editor]) -> int:
    """Edit what is not edited yet, then write the report; the exit code."""
    drawn = find(options.data, options.limit, options.seed)
    _make(options.out)
    with ExitStack() as stack:
        editors = {name: stack.enter_context(open_editor(name)) for name in _DECODINGS}
        identity = _identity(options, drawn, editors["diffusion"])
        journal = stack.enter_context(Journal(options.out / "rows.jsonl", identity))
        try:
            with progress(size(drawn), sys.stderr) as advance:
                edit_all(editors, drawn, journal, options.seed, advance)
        except KeyboardInterrupt:
            _write(options, identity, drawn, journal)
            sys.stderr.write(
                f"interrupted; what is done is in {options.out}, the same command goes on there\n"
            )
            return EXIT_INTERRUPTED
        _write(options, identity, drawn, journal)
    sys.stdout.write(f"{options.out / 'report.md'}\n{options.out / 'report.json'}\n")
    return 0


def _identity(options: ReportOptions, drawn: Sequence[Drawn], editor: Editor) -> dict[str, Any]:
    """What all rows of one report must have in common."""
    digests = {path: sha256(path) for path in {one.path for one in drawn}}
    data = {
        one.set.name: {"file": one.path.name, "sha256": digests[one.path], "rows": len(one.cases)}
        for one in drawn
    }
    return {
        "data": data,
        "limit": options.limit,
        "seed": options.seed,
        **provenance(editor.model),
    }


def _make(folder: Path) -> None:
    try:
        folder.mkdir(parents=True, exist_ok=True)
        (folder / "report.md").open("a").close()  # before the work, not after it
    except OSError as error:
        raise InputError(
            f"{folder} cannot be written to: {error.strerror}; name another --out"
        ) from error


def _write(
    options: ReportOptions, identity: dict[str, Any], drawn: Sequence[Drawn], journal: Journal
) -> None:
    found = document(identity, options.command, drawn, journal)
    (options.out / "report.json").write_text(json.dumps(found, indent=1) + "\n", encoding="utf-8")
    (options.out / "report.md").write_text(markdown(found), encoding="utf-8")
