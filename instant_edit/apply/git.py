"""What git knows of files; where there is no git, or no repository, it knows nothing."""

from __future__ import annotations

import os
import subprocess
from pathlib import Path
from typing import TYPE_CHECKING

from instant_edit.errors import InputError

if TYPE_CHECKING:
    from collections.abc import Iterable

_SHOWN = 3


def top_level(folder: Path) -> Path | None:
    """The root of the work tree that holds a folder."""
    answer = _git(folder, "rev-parse", "--show-toplevel")
    return Path(os.fsdecode(answer.rstrip(b"\n"))) if answer else None


def dirty(files: Iterable[Path]) -> list[Path]:
    """Those files whose content no commit holds: modified, staged or untracked."""
    found: list[Path] = []
    status: dict[Path, set[Path]] = {}
    tops: dict[Path, Path | None] = {}
    for file in files:
        folder = file.parent
        if folder not in tops:
            tops[folder] = top_level(folder)
        top = tops[folder]
        if top is None:
            continue
        if top not in status:
            status[top] = _uncommitted(top)
        if file in status[top]:
            found.append(file)
    return found


def refuse_dirty(files: Iterable[Path]) -> None:
    """Raise :class:`InputError` if git could not bring one of the files back."""
    found = dirty(files)
    if found:
        names = ", ".join(str(file) for file in found[:_SHOWN])
        more = f" and {len(found) - _SHOWN} more" if len(found) > _SHOWN else ""
        raise InputError(
            f"{names}{more}: has changes that are not committed; commit or stash them, "
            "or allow it with --allow-dirty"
        )


def listed(top: Path) -> list[Path]:
    """The files of a work tree that are not ignored, tracked or not."""
    answer = _git(top, "ls-files", "-z", "--cached", "--others", "--exclude-standard")
    return [top / os.fsdecode(name) for name in (answer or b"").split(b"\0") if name]


def _uncommitted(top: Path) -> set[Path]:
    answer = _git(top, "status", "--porcelain=v1", "-z", "--untracked-files=all", "--no-renames")
    real = top.resolve()
    return {real / os.fsdecode(line[3:]) for line in (answer or b"").split(b"\0") if line}


def _git(folder: Path, *arguments: str) -> bytes | None:
    """What git answers in a folder; None where it cannot."""
    environment = {**os.environ, "GIT_OPTIONAL_LOCKS": "0"}
    try:
        done = subprocess.run(
            ["git", "-C", str(folder), *arguments],
            capture_output=True,
            check=False,
            env=environment,
        )
    except OSError:
        return None
    return done.stdout if done.returncode == 0 else None
