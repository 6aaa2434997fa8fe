"""``instant-edit doctor``: what is installed, what is missing, and how to mend it."""

from __future__ import annotations

import json
import platform
import re
import sys
from dataclasses import asdict, dataclass
from importlib import metadata
from typing import TYPE_CHECKING

import click

from instant_edit.errors import InstantEditError, RemoteError
from instant_edit.interface import is_remote
from instant_edit.request import EditRequest, Span

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from instant_edit.interface import Engine

DISTRIBUTION = "instant-edit"
EXIT_HEALTHY, EXIT_ILL = 0, 2

_SAMPLE = "def area(width, height):\n    return width * height\n"
_HOLE = "width * height"


@dataclass(frozen=True, slots=True)
class Check:
    """One thing that was looked at; ``mend`` says what to do where it is not ``ok``."""

    name: str
    ok: bool
    detail: str
    mend: str = ""


def run(open_editor: Callable[[], Engine], *, as_json: bool = False) -> int:
    """Examine the installation, print what was found, and return the exit code."""
    checks: list[Check] = []
    for check in examine(open_editor):
        checks.append(check)
        if not as_json:
            _print(check)
    healthy = all(check.ok for check in checks)
    if as_json:
        document = {"healthy": healthy, "checks": [asdict(check) for check in checks]}
        click.echo(json.dumps(document, indent=2))
    else:
        ill = sum(not check.ok for check in checks)
        click.echo(
            "healthy" if healthy else f"{ill} of {len(checks)} checks need mending", err=True
        )
    return EXIT_HEALTHY if healthy else EXIT_ILL


def examine(open_editor: Callable[[], Engine]) -> Iterator[Check]:
    """Look at everything an edit needs, the cheap things first."""
    yield _python()
    yield from _packages()
    yield from _grammars()
    yield from _model(open_editor)


def _python() -> Check:
    version = platform.python_version()
    return Check("python", sys.version_info >= (3, 11), version, "install Python 3.11 or newer")


def _packages() -> Iterator[Check]:
    try:
        required = metadata.requires(DISTRIBUTION) or []
        yield Check(DISTRIBUTION, True, metadata.version(DISTRIBUTION))
    except metadata.PackageNotFoundError:
        yield Check(DISTRIBUTION, False, "not installed", "pip install -e . in the repository")
        return
    for requirement in sorted(required):
        match = re.match(r"[A-Za-z0-9._-]+", requirement)
        if match is None or "extra ==" in requirement:
            continue
        try:
            yield Check(match[0], True, metadata.version(match[0]))
        except metadata.PackageNotFoundError:
            yield Check(match[0], False, "not installed", f"pip install '{requirement}'")


def _grammars() -> Iterator[Check]:
    from instant_edit.languages import all_languages
    from instant_edit.syntax import parse

    for language in all_languages():
        try:
            parse("", language)
        except Exception as error:
            mend = "pip install --force-reinstall instant-edit"
            yield Check(f"grammar {language.id}", False, f"does not load: {error}", mend)
        else:
            yield Check(f"grammar {language.id}", True, "loads")


def _model(open_editor: Callable[[], Engine]) -> Iterator[Check]:
    try:
        editor = open_editor()
    except (InstantEditError, ImportError, OSError) as error:
        mend = "pip install --force-reinstall instant-edit, or name another model with --model"
        yield Check("model", False, str(error), mend)
        return
    with editor:
        model = editor.model
        if is_remote(model.id):
            yield Check("model", True, model.id)
            yield Check("network", True, model.description)
        else:
            size = f"{model.parameters / 1e6:.1f}M parameters"
            yield Check("model", True, f"{model.id}, {size}, {model.digest}")
            yield Check("network", True, "nothing leaves this machine")
            yield Check("compute", True, f"{model.dtype} on {model.threads} threads")
        yield _edit(editor)


def _edit(editor: Engine) -> Check:
    start = _SAMPLE.index(_HOLE)
    request = EditRequest(_SAMPLE, (Span(start, start + len(_HOLE)),), "python")
    try:
        result = editor.edit(request)
    except RemoteError as error:
        return Check("edit", False, str(error), "see docs/remote.md, and ask whoever runs it")
    except (InstantEditError, RuntimeError) as error:
        return Check("edit", False, str(error), "report this as a bug, with this whole output")
    outcome = "validated" if result.verdict.ok else "no edit"
    stats = result.stats
    return Check(
        "edit",
        True,
        f"{stats.milliseconds:.0f} ms for {stats.tokens} tokens in "
        f"{stats.forward_passes} forward passes (first edit; {outcome})",
    )


def _print(check: Check) -> None:
    click.echo(f"{'ok     ' if check.ok else 'MISSING'} {check.name:<26} {check.detail}")
    if not check.ok:
        click.echo(f"{'':<7} {'':<26} to mend it: {check.mend}")
