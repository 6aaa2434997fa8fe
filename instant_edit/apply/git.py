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


def work_tree(folder: Path) -> Path | None:
    """The root of the work tree that seems to hold a folder; git itself is not asked."""
    return next((above for above in (folder, *folder.parents) if (above / ".git").exists()), None)


def dirty(files: Iterable[Path]) -> list[Path]:
    """Those files whose content no commit holds: modified, staged or untracked."""
    found: list[Path] = []
    uncommitted: dict[Path, set[Path]] = {}
    for file in files:
        top = work_tree(file.parent)
        if top is None:
            continue
        if top not in uncommitted:
            uncommitted[top] = _uncommitted(top)
        if file in uncommitted[top]:
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


def exclude_files(top: Path) -> list[Path]:
    """The files of ignore rules outside a work tree's folders: the user's, then the repository's.

    Where git is missing they are looked for in their usual places.
    """
    users = _git(top, "config", "--type=path", "--get", "core.excludesFile")
    own = _git(top, "rev-parse", "--git-path", "info/exclude")
    return [
        _default_excludes() if users is None else top / _line(users),
        top / (".git/info/exclude" if own is None else _line(own)),
    ]


def listed(folder: Path) -> list[Path] | None:
    """The files below a folder that git does not ignore, tracked or not; None without git."""
    answer = _git(folder, "ls-files", "-z", "--cached", "--others", "--exclude-standard")
    if answer is None:
        return None
    return [folder / os.fsdecode(name) for name in answer.split(b"\0") if name]


def _default_excludes() -> Path:
    home = os.environ.get("XDG_CONFIG_HOME") or Path.home() / ".config"
    return Path(home) / "git" / "ignore"


def _line(answer: bytes) -> str:
    return os.fsdecode(answer.removesuffix(b"\n"))


def _uncommitted(top: Path) -> set[Path]:
    answer = _git(top, "status", "--porcelain=v1", "-z", "--untracked-files=all", "--no-renames")
    real = top.resolve()
    return {real / os.fsdecode(line[3:]) for line in (answer or b"").split(b"\0") if line}


def _git(folder: Path, *arguments: str) -> bytes | None:
    """What git answers in a folder; None where it cannot. No repository's monitor is started."""
    environment = {**os.environ, "GIT_OPTIONAL_LOCKS": "0"}
    try:
        done = subprocess.run(
            ["git", "-C", str(folder), "-c", "core.fsmonitor=false", *arguments],
            capture_output=True,
            check=False,
            env=environment,
        )
    except OSError:
        return None
    return done.stdout if done.returncode == 0 else None
