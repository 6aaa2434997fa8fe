"""``instant-edit apply``: read, select, edit, then print or write."""

from __future__ import annotations

import contextlib
import json
import os
import sys
from dataclasses import dataclass
from typing import TYPE_CHECKING

import click

from instant_edit import languages
from instant_edit.apply.diff import coloured, unified_diff
from instant_edit.apply.files import read, replace
from instant_edit.apply.live import show_steps
from instant_edit.apply.report import report
from instant_edit.apply.selection import select
from instant_edit.errors import InputError
from instant_edit.request import EditRequest
from instant_edit.validate import validate

if TYPE_CHECKING:
    from collections.abc import Callable
    from contextlib import AbstractContextManager
    from pathlib import Path

    from instant_edit.apply.files import SourceFile
    from instant_edit.denoise import Step
    from instant_edit.engine import Editor
    from instant_edit.languages import Language
    from instant_edit.request import EditResult, Mode
    from instant_edit.text import SourceText

EXIT_OK, EXIT_WOULD_CHANGE = 0, 1


@dataclass(frozen=True, slots=True)
class ApplyOptions:
    """The flags of one run of ``apply``."""

    path: Path
    lines: tuple[str, ...]
    instruction: str | None = None
    write: bool = False
    check: bool = False
    as_json: bool = False
    seed: int = 0
    candidates: int = 1
    deadline_ms: int | None = None
    mode: Mode | None = None
    language: str | None = None
    show_steps: bool = False


def run(options: ApplyOptions, open_editor: Callable[[], Editor]) -> int:
    """Edit one file and return the exit code; the input is judged before a model is loaded."""
    file = read(options.path)
    language = _language(options, file)
    request = _request(options, file, language)
    with open_editor() as editor:
        with _steps(options, request, file) as on_step:
            result = editor.edit(request, on_step=on_step)
        document = report(file, result, editor.model, options.seed)
    code = _conclude(options, file, language, result)
    if options.as_json:
        click.echo(json.dumps(document, indent=2))
    return code


def _language(options: ApplyOptions, file: SourceFile) -> Language:
    if options.language is not None:
        return languages.get(options.language)
    first = file.source.line_span(0)
    return languages.for_path(file.path.name, file.source.text[first.start : first.end])


def _request(options: ApplyOptions, file: SourceFile, language: Language) -> EditRequest:
    return EditRequest(
        source=file.source.text,
        spans=select(file.source, options.lines, language),
        language=language.id,
        instruction=options.instruction,
        mode=options.mode,
        seed=options.seed,
        candidates=options.candidates,
        deadline_ms=options.deadline_ms,
        path=file.name,
    )


def _steps(
    options: ApplyOptions, request: EditRequest, file: SourceFile
) -> AbstractContextManager[Callable[[Step], None] | None]:
    if not options.show_steps:
        return contextlib.nullcontext()
    return show_steps(file.source, request.spans, file.name, sys.stderr)


def _conclude(
    options: ApplyOptions, file: SourceFile, language: Language, result: EditResult
) -> int:
    name = file.name
    if not result.verdict.ok:
        click.echo(f"{name}: no edit: nothing that the model wrote validates", err=True)
        for finding in result.verdict.findings:
            click.echo(f"  {finding.kind}: {finding.message}", err=True)
        return EXIT_WOULD_CHANGE
    if result.source == file.source.text:
        click.echo(f"{name}: nothing to do", err=True)
        return EXIT_OK
    if options.check:
        click.echo(f"{name}: would change", err=True)
        return EXIT_WOULD_CHANGE
    if options.write:
        _write(file, language, result)
        click.echo(f"{name}: written", err=True)
    elif not options.as_json:
        _print_diff(file, result)
    return EXIT_OK


def _write(file: SourceFile, language: Language, result: EditResult) -> None:
    def verify(written: SourceText) -> None:
        verdict = validate(file.source.text, written.text, result.edits, language, file.name)
        if not verdict.ok:
            raise InputError(
                f"{file.name}: what was read back from the disk does not validate "
                f"({verdict.findings[0].message}); nothing changed"
            )

    replace(file, file.source.with_text(result.source), verify)


def _print_diff(file: SourceFile, result: EditResult) -> None:
    bom = "\ufeff" if file.source.bom else ""
    diff = unified_diff(bom + file.source.text, bom + result.source, file.name)
    if sys.stdout.isatty() and not os.environ.get("NO_COLOR") and os.environ.get("TERM") != "dumb":
        diff = coloured(diff)
    click.echo(diff.encode("utf-8", "surrogateescape"), nl=False)
