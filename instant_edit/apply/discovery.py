"""From the paths that a user names to the source files behind them."""

from __future__ import annotations

import glob
import os
from collections import Counter
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING

from instant_edit import languages
from instant_edit.apply.denied import denied
from instant_edit.apply.git import work_tree
from instant_edit.apply.ignoring import Globs, Ignored, skipped
from instant_edit.errors import InputError, LanguageError

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

PROJECT_MARKS = (".git", ".hg", "instant-edit.toml", "pyproject.toml")


@dataclass(frozen=True, slots=True)
class Found:
    """A file to look at: its name as it is shown, its real path, and whether it was named.

    ``language`` is what its name or ``#!`` line says, if they say anything.
    """

    name: str
    path: Path
    named: bool
    language: str | None = None


@dataclass
class Search:
    """How directories are searched, and what was passed over on the way (``notes``)."""

    globs: Sequence[str] = ()
    ignore: bool = True
    deny: Sequence[str] = ()
    language: str | None = None
    passed: Counter[str] = field(default_factory=Counter)

    def files(self, given: Sequence[Path]) -> list[Found]:
        """Every file behind the paths, each once, in a fixed order.

        Raises:
            InputError: a path that was named does not exist or may not be edited.
        """
        seen: dict[Path, Found] = {}
        for path in _expanded(given):
            for found in self._behind(path):
                seen.setdefault(found.path, found)
        return list(seen.values())

    @property
    def notes(self) -> list[str]:
        """What was passed over, in words."""
        return [f"{count} passed over: {why}" for why, count in sorted(self.passed.items())]

    def _behind(self, path: Path) -> Iterator[Found]:
        if not path.is_dir():
            yield named(path, self.deny)
            return
        root, folder = root_of(path), _absolute(path)
        globs = Globs.of(self.globs) if self.globs else None
        rules = self._rules(folder, root)
        for file in self._walk(folder, rules, root, {folder.resolve()}):
            inner = file.relative_to(folder)
            if globs is None or globs.take(inner.as_posix()):
                real, language = file.resolve(), language_of(file)
                if language and self._wanted(file, real, root, language):
                    yield Found(str(shown(path / inner)), real, named=False, language=language)

    def _rules(self, folder: Path, root: Path) -> Ignored:
        """The ignore rules for a folder; those of a repository hold in all projects inside it."""
        if not self.ignore:
            return Ignored(folder, None)
        return Ignored.inside(folder, work_tree(folder) or root)

    def _walk(self, folder: Path, rules: Ignored, root: Path, seen: set[Path]) -> Iterator[Path]:
        for entry in self._entries(folder):
            path = Path(entry.path)
            if _is_folder(entry):
                if skipped(path) or (self.ignore and rules.covers(path, folder=True)):
                    continue
                real = path.resolve() if entry.is_symlink() else path
                if entry.is_symlink() and (not real.is_relative_to(root.resolve()) or real in seen):
                    self.passed["a link that leads out of the project, or in a circle"] += 1
                    continue
                inner = rules.below(path) if self.ignore else rules
                yield from self._walk(path, inner, root, seen | {real})
            elif not (self.ignore and rules.covers(path, folder=False)):
                yield path

    def _entries(self, folder: Path) -> list[os.DirEntry[str]]:
        try:
            return sorted(os.scandir(folder), key=lambda entry: entry.name)
        except OSError:
            self.passed["a folder that cannot be read"] += 1
            return []

    def _wanted(self, file: Path, real: Path, root: Path, language: str) -> bool:
        try:
            return self._editable(file, real, root) and self.language in (None, language)
        except OSError:
            self.passed["a file that cannot be read"] += 1
            return False

    def _editable(self, file: Path, real: Path, root: Path) -> bool:
        if file.is_symlink() and not real.is_relative_to(root.resolve()):
            self.passed["a link that leads out of the project, or in a circle"] += 1
            return False
        if not real.is_file():
            return False
        if denied(file, self.deny) or denied(real, self.deny):
            self.passed["on the deny-list (secrets, lock files)"] += 1
            return False
        return True


def named(given: Path, deny: Sequence[str] = (), root: Path | None = None) -> Found:
    """A file that was named, if it may be edited.

    Raises:
        InputError: it is missing, denied, or a link that leads out of its project.
    """
    path = shown(given)
    pattern = denied(path, deny) or denied(_real(path), deny)
    if pattern is not None:
        raise InputError(
            f"{path} is on the deny-list ({pattern}); secrets and locks are not edited"
        )
    root = root or root_of(path.parent)
    if not _real(path).is_relative_to(root.resolve()):
        raise InputError(
            f"{path} is a link that leads out of {root}, to {_real(path)}; name that file itself"
        )
    return Found(str(path), _real(path), named=True, language=language_of(path))


def inside(given: str, root: Path, deny: Sequence[str] = ()) -> Found:
    """A file that a list of edits or findings names; it must lie inside ``root``.

    Raises:
        InputError: it lies outside, or may not be edited.
    """
    path = Path(given)
    if not _real(path).is_relative_to(root.resolve()):
        raise InputError(f"{given} lies outside {root}; a list of edits may not leave the project")
    return named(path, deny, root)


def root_of(folder: Path) -> Path:
    """The project that holds a folder: the nearest mark above, the current folder, or itself."""
    here = _absolute(folder)
    for above in (here, *here.parents):
        if any((above / mark).exists() for mark in PROJECT_MARKS):
            return above
    return Path.cwd() if here.is_relative_to(Path.cwd()) else here


def shown(path: Path) -> Path:
    """The path relative to the current folder if it is inside, and as it was given otherwise."""
    if path.is_absolute() and path.is_relative_to(Path.cwd()):
        return path.relative_to(Path.cwd())
    return path


def _expanded(given: Sequence[Path]) -> Iterator[Path]:
    """The paths, and what those match that hold a pattern and do not exist themselves."""
    for path in given:
        if os.path.lexists(path) or not glob.has_magic(str(path)):
            yield path
            continue
        # Path.glob refuses patterns that are absolute
        matches = sorted(glob.glob(str(path), recursive=True))  # noqa: PTH207
        if not matches:
            raise InputError(f"{path} matches no file; check the pattern")
        yield from map(Path, matches)


def language_of(file: Path) -> str | None:
    """The language of a file by its name, or else by its ``#!`` line; None if unknown."""
    try:
        return languages.for_path(file.name, "" if file.suffix else _first_line(file)).id
    except LanguageError:
        return None


def _is_folder(entry: os.DirEntry[str]) -> bool:
    try:
        return entry.is_dir()
    except OSError:  # a link in a folder that may be listed and not entered
        return False


def _first_line(file: Path) -> str:
    try:
        if not file.is_file():  # reading a pipe would wait for it
            return ""
        with file.open("rb") as stream:
            return stream.readline(200).decode("utf-8", "replace")
    except OSError:
        return ""


def _absolute(path: Path) -> Path:
    """The path from the root of the file system, ``..`` taken out, links left in."""
    return Path(os.path.abspath(path))  # noqa: PTH100 - resolve() would follow links


def _real(path: Path) -> Path:
    try:
        return path.resolve()
    except (OSError, RuntimeError):  # a loop of links; reading it will say so
        return _absolute(path)
