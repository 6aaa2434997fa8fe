"""The flags of one run of ``apply``, and which of them contradict one another."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal

if TYPE_CHECKING:
    from pathlib import Path

    from instant_edit.request import Mode

OutputFormat = Literal["diff", "json", "json-stream", "sarif", "github", "summary"]
STDIN = "-"


@dataclass(frozen=True, slots=True)
class ApplyOptions:
    """What to edit, how, and what to do with the edits.

    Times are in milliseconds where the name says so, and in seconds otherwise.
    """

    paths: tuple[Path, ...] = ()
    # what is selected
    lines: tuple[str, ...] = ()
    symbols: tuple[str, ...] = ()
    query: str | None = None
    capture: str | None = None
    marker: bool = False
    kinds: tuple[str, ...] = ()
    diagnostics: Path | None = None
    edits: Path | None = None
    # where it is searched
    globs: tuple[str, ...] = ()
    ignore: bool = True
    deny: tuple[str, ...] = ()
    language: str | None = None
    stdin_filename: str | None = None
    fail_on_empty: bool = False
    jobs: int | None = None
    # what is asked of the model
    instruction: str | None = None
    mode: Mode | None = None
    seed: int = 0
    candidates: int = 1
    deadline_ms: int | None = None
    batch: int = 1
    # what an edit must stand up to
    verify: str | None = None
    verify_timeout: float = 120.0
    min_confidence: float = 0.0
    max_changed_lines: int | None = None
    # what becomes of it
    write: bool = False
    check: bool = False
    interactive: bool = False
    patch_out: Path | None = None
    allow_dirty: bool = False
    output: OutputFormat = "diff"
    report: Path | None = None
    pager: bool = True
    show_steps: bool = False
    resume: Path | None = None

    @property
    def from_stdin(self) -> bool:
        """Whether the text comes from stdin."""
        return [str(path) for path in self.paths] == [STDIN]

    @property
    def shows_diffs(self) -> bool:
        """Whether what would change is printed, and not written or only counted."""
        return not (self.write or self.interactive or self.check)

    @property
    def writes(self) -> bool:
        """Whether files are changed."""
        return (self.write or self.interactive) and not self.from_stdin


def contradiction(options: ApplyOptions) -> str | None:
    """What is wrong with flags that cannot stand together, or None."""
    return _ends(options) or _selection(options) or _stdin(options)


def _ends(options: ApplyOptions) -> str | None:
    ends = {
        "--write": options.write,
        "--check": options.check,
        "--interactive": options.interactive,
    }
    given = [flag for flag, on in ends.items() if on]
    if len(given) > 1:
        return f"{given[0]} and {given[1]} exclude each other: take one of them away"
    if options.interactive and options.output != "diff":
        return f"--interactive shows hunks, so it cannot print {options.output}; take one away"
    if options.interactive and (options.show_steps or options.resume):
        return "--interactive draws on the terminal; take --show-steps or --resume away"
    if options.capture and not options.query:
        return "--capture chooses a capture of --query, which is missing"
    return None


def _selection(options: ApplyOptions) -> str | None:
    files = bool(options.diagnostics or options.edits)
    here = bool(options.lines or options.symbols)
    found = bool(options.query or options.marker or options.kinds)
    if not (files or here or found):
        return (
            "nothing is selected: give --lines, --symbol, --query, --marker, --kind, "
            "--diagnostics or --edits"
        )
    if not options.paths and not files:
        return "no file is named: give files, directories, or - for stdin"
    if options.lines and (len(options.paths) != 1 or options.paths[0].is_dir()):
        return "--lines counts the lines of one file; give exactly one, and no directory"
    return None


def _stdin(options: ApplyOptions) -> str | None:
    mixed = any(str(path) == STDIN for path in options.paths) and not options.from_stdin
    if mixed:
        return "- stands for stdin and cannot be mixed with files"
    if options.from_stdin and not (options.stdin_filename or options.language):
        return "give --stdin-filename (or --language), so that the language of stdin is known"
    if options.stdin_filename and not options.from_stdin:
        return "--stdin-filename names the text on stdin; give - as the file"
    only_files = options.interactive or options.verify or options.resume or options.patch_out
    if options.from_stdin and only_files:
        return (
            "stdin has no place on the disk; take --interactive, --verify, --resume or "
            "--patch-out away"
        )
    return None
