"""Reading a source file, and replacing it in one step or not at all."""

from __future__ import annotations

import contextlib
import hashlib
import os
import stat
from dataclasses import dataclass
from pathlib import Path
from typing import IO, TYPE_CHECKING

from instant_edit.apply.beside import beside
from instant_edit.errors import InputError
from instant_edit.text import SourceText

if TYPE_CHECKING:
    from collections.abc import Callable


def digest(data: bytes) -> str:
    """Name the content of a file."""
    return f"sha256:{hashlib.sha256(data).hexdigest()}"


@dataclass(frozen=True, slots=True)
class SourceFile:
    """A file as it was read: ``name`` as the user gave it, ``path`` with symlinks followed."""

    name: str
    path: Path
    data: bytes
    source: SourceText

    @property
    def digest(self) -> str:
        """Name the content that was read."""
        return digest(self.data)


def read(given: Path) -> SourceFile:
    """Read a text file, or raise one ``InputError`` that says why it cannot be edited."""
    name = str(given)
    try:
        path = given.resolve(strict=True)
        if not stat.S_ISREG(path.stat().st_mode):
            what = "a directory" if path.is_dir() else "not a regular file"
            raise InputError(f"{name} is {what}; give one source file")
        data = path.read_bytes()
    except FileNotFoundError as error:
        raise InputError(f"{name} does not exist; check the path") from error
    except (OSError, RuntimeError) as error:  # RuntimeError: a loop of symlinks
        reason = getattr(error, "strerror", None) or error
        raise InputError(
            f"{name} cannot be read: {reason}; check it and its permissions"
        ) from error
    return SourceFile(name, path, data, SourceText.from_bytes(data, name))


def replace(file: SourceFile, new: SourceText, verify: Callable[[SourceText], None]) -> None:
    """Replace the file by ``new``: atomically, with its mode and owner, or not at all.

    The new content is written beside the file, read back and passed to ``verify``, which
    raises to stop; only then, and only if the file still is what was read, does it take the
    file's place. A hard link to the file keeps the old content.
    """
    data = new.to_bytes()
    if not os.access(file.path, os.W_OK):
        raise InputError(f"{file.name} is read-only; allow writing to it, or leave out --write")
    try:
        with beside(file.path.parent) as stream:
            _fill(stream, file, data)
            _judge(file, Path(stream.name).read_bytes(), data, verify)
            Path(stream.name).replace(file.path)
    except OSError as error:
        raise _cannot_write(file, error) from error
    if file.path.read_bytes() != data:
        raise InputError(f"{file.name} was changed by something else right after it was written")


def _fill(stream: IO[bytes], file: SourceFile, data: bytes) -> None:
    stream.write(data)
    stream.flush()
    _keep_metadata(file, stream.fileno())
    os.fsync(stream.fileno())


def _judge(
    file: SourceFile, written: bytes, data: bytes, verify: Callable[[SourceText], None]
) -> None:
    """Raise unless what lies on the disk may take the place of the file."""
    if written != data:
        raise InputError(f"{file.name}: the disk did not keep what was written; nothing changed")
    verify(SourceText.from_bytes(written, file.name))
    if digest(file.path.read_bytes()) != file.digest:
        raise InputError(
            f"{file.name} was changed by something else since it was read; "
            "nothing was written: run the command again"
        )


def _keep_metadata(file: SourceFile, descriptor: int) -> None:
    old, new = file.path.stat(), os.fstat(descriptor)
    if (old.st_uid, old.st_gid) != (new.st_uid, new.st_gid):
        try:
            os.fchown(descriptor, old.st_uid, old.st_gid)
        except PermissionError as error:
            raise InputError(
                f"{file.name} belongs to another user or group, which --write could not keep; "
                "leave out --write and apply the diff with `patch -p1`"
            ) from error
    os.fchmod(descriptor, stat.S_IMODE(old.st_mode))
    if hasattr(os, "listxattr"):
        with contextlib.suppress(OSError):  # a file system without them, or one we may not read
            for attribute in os.listxattr(file.path):
                os.setxattr(descriptor, attribute, os.getxattr(file.path, attribute))


def _cannot_write(file: SourceFile, error: OSError) -> InputError:
    return InputError(
        f"{file.name} cannot be written: {error.strerror or error}; nothing changed: "
        "check the disk and the permissions of its folder"
    )
