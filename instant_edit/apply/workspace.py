"""A copy of a project in which commands may do as they please; the project never feels it."""

from __future__ import annotations

import os
import shutil
import tempfile
from pathlib import Path
from typing import TYPE_CHECKING

from instant_edit.apply import git
from instant_edit.apply.ignoring import skipped

if TYPE_CHECKING:
    from collections.abc import Iterator

    Stamp = tuple[int, int, int]


class Workspace:
    """The copy, the files it was made of, and how to make it so again.

    Copied is what git lists (tracked, and new but not ignored), or without git every file that
    is not in a hidden folder, a virtual environment or the like.
    """

    def __init__(self, root: Path) -> None:
        self.root = root.resolve()
        self._holder = tempfile.TemporaryDirectory(prefix="instant-edit-verify-")
        self.copy = Path(self._holder.name).resolve() / self.root.name
        self._kept: dict[Path, bytes] = {}
        self._stamps: dict[Path, Stamp] = {}
        self._put: dict[Path, Stamp] = {}
        for file in _files(self.root):
            self._bring(file.relative_to(self.root))

    def close(self) -> None:
        """Delete the copy."""
        self._holder.cleanup()

    def of(self, path: Path) -> Path:
        """Where a file or folder of the project stands in the copy."""
        return self.copy / path.resolve().relative_to(self.root)

    def put(self, path: Path, data: bytes) -> None:
        """Give a file another content, until the copy is restored."""
        inner = path.resolve().relative_to(self.root)
        self._put[inner] = self._write(inner, data)

    def keep(self, path: Path, data: bytes) -> None:
        """Make a content the one that the copy goes back to."""
        self._kept[path.resolve().relative_to(self.root)] = data

    def changed(self) -> list[Path]:
        """The files, by their names in the project, that differ from what was put there."""
        stamps = {**self._stamps, **self._put}
        return [inner for inner, stamp in stamps.items() if self._stamp(inner) != stamp]

    def restore(self) -> None:
        """Bring the copy back to the project's content and what was kept; new files go."""
        for path in _walk(self.copy):
            if path.relative_to(self.copy) not in self._stamps:
                path.unlink(missing_ok=True)
        touched = {*self._put, *self._kept, *self.changed()}
        self._put.clear()
        for inner in sorted(touched):
            self._bring(inner)

    def _bring(self, inner: Path) -> None:
        if inner in self._kept:
            self._stamps[inner] = self._write(inner, self._kept[inner])
            return
        target = self.copy / inner
        target.parent.mkdir(parents=True, exist_ok=True)
        target.unlink(missing_ok=True)
        try:
            shutil.copy2(self.root / inner, target, follow_symlinks=False)
        except FileNotFoundError:  # git lists what was deleted since
            self._stamps.pop(inner, None)
            return
        self._stamps[inner] = self._stamp(inner)

    def _write(self, inner: Path, data: bytes) -> Stamp:
        target = self.copy / inner
        target.parent.mkdir(parents=True, exist_ok=True)
        target.write_bytes(data)
        return self._stamp(inner)

    def _stamp(self, inner: Path) -> Stamp:
        try:
            found = (self.copy / inner).lstat()
        except OSError:
            return (-1, -1, -1)
        return (found.st_size, found.st_mtime_ns, found.st_ino)


def _files(root: Path) -> Iterator[Path]:
    files = git.listed(root)
    if files is None:
        yield from _walk(root, skip=True)
        return
    yield from (file for file in files if file.is_symlink() or file.is_file())


def _walk(root: Path, *, skip: bool = False) -> Iterator[Path]:
    for folder, folders, names in os.walk(root):
        here = Path(folder)
        if skip:
            folders[:] = [name for name in folders if not skipped(here / name)]
        yield from (here / name for name in names)
