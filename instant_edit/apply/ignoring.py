"""What a search for files leaves out: ignore files, and the ``--glob`` patterns."""

from __future__ import annotations

import os
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from instant_edit.apply.git import exclude_files
from instant_edit.errors import InputError

if TYPE_CHECKING:
    from collections.abc import Sequence

    from pathspec import GitIgnoreSpec

IGNORE_FILES = (".gitignore", ".ignore", ".instanteditignore")  # a later one outweighs
SKIPPED_FOLDERS = frozenset({"node_modules", "__pycache__"})


def skipped(folder: Path) -> bool:
    """Whether a folder holds nothing of a project's own: hidden, installed or made by a tool."""
    return (
        folder.name.startswith(".")
        or folder.name in SKIPPED_FOLDERS
        or os.path.lexists(folder / "pyvenv.cfg")  # false, and no error, where it may not be read
    )


@dataclass(frozen=True)
class Ignored:
    """The ignore rules in force in one folder: its own first, then those of the folders above."""

    folder: Path
    spec: GitIgnoreSpec | None
    above: Ignored | None = None

    @classmethod
    def at(cls, folder: Path, root: Path) -> Ignored:
        """Collect the rules for a folder from ``root`` down to it.

        Where ``root`` is a work tree, git's rules beside those in its folders come first.
        """
        above = None
        inside = folder.is_relative_to(root) and folder != root
        if inside:
            above = cls.at(folder.parent, root)
        top = not inside and (folder / ".git").exists()
        lines = [line for file in (exclude_files(folder) if top else ()) for line in _lines(file)]
        for name in IGNORE_FILES:
            lines += _lines(folder / name)
        return cls(folder, _spec(lines) if lines else None, above)

    @classmethod
    def inside(cls, folder: Path, root: Path) -> Ignored:
        """The rules for a folder that was named, which is searched though it is ignored itself."""
        ignored = folder != root and cls.at(folder.parent, root).covers(folder, folder=True)
        return cls.at(folder, folder if ignored else root)

    def below(self, folder: Path) -> Ignored:
        """The rules in a folder right inside this one."""
        lines = [line for name in IGNORE_FILES for line in _lines(folder / name)]
        return Ignored(folder, _spec(lines), self) if lines else self

    def covers(self, path: Path, *, folder: bool) -> bool:
        """Whether a file or folder is ignored; the rule nearest to it decides."""
        rules: Ignored | None = self
        while rules is not None:
            if rules.spec is not None:
                name = path.relative_to(rules.folder).as_posix() + ("/" if folder else "")
                decided = rules.spec.check_file(name).include
                if decided is not None:
                    return decided
            rules = rules.above
        return False


@dataclass(frozen=True)
class Globs:
    """``--glob`` patterns, as in an ignore file; ``!`` takes away, and the last match decides."""

    patterns: tuple[str, ...]
    spec: GitIgnoreSpec

    @classmethod
    def of(cls, patterns: Sequence[str]) -> Globs:
        """Compile the patterns.

        Raises:
            InputError: one of them is no pattern.
        """
        return cls(tuple(patterns), _spec(patterns))

    def take(self, name: str) -> bool:
        """Whether a file of this name, relative to the place searched, is wanted."""
        decided = self.spec.check_file(name).include
        if decided is None:
            return all(pattern.startswith("!") for pattern in self.patterns)
        return decided


def _spec(lines: Sequence[str]) -> GitIgnoreSpec:
    from pathspec import GitIgnoreSpec

    try:
        return GitIgnoreSpec.from_lines(lines)
    except ValueError as error:
        raise InputError(f"not a pattern of an ignore file: {error}") from None


def _lines(file: Path) -> list[str]:
    try:
        return file.read_text("utf-8", "replace").splitlines()
    except OSError:
        return []  # there is no such file here
