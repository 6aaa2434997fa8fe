"""New content beside the file that it will replace, and what killed runs have left of that.

A writer holds a lock on its file as long as it lives, and the kernel lets go of it when the
writer dies. So a file that can be locked is one that nobody will finish: no process number or
time has to be guessed from, and other containers on the same disk count too.
"""

from __future__ import annotations

import fcntl
import os
import re
import tempfile
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import IO, TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

PREFIX = ".instant-edit-"
_OWN = re.compile(re.escape(PREFIX) + r"\w{8}", re.ASCII)


@contextmanager
def beside(folder: Path) -> Iterator[IO[bytes]]:
    """A new file in a folder, deleted behind the block unless it was given another name.

    Raises:
        OSError: the folder cannot be written.
    """
    stream = _locked(folder)
    try:
        yield stream
    finally:
        Path(stream.name).unlink(missing_ok=True)
        stream.close()


def sweep(folders: Iterable[Path]) -> int:
    """Delete what runs that were killed have left in folders; return the number of files."""
    return sum(_deleted(left) for folder in folders for left in _left(folder))


def _locked(folder: Path) -> IO[bytes]:
    while True:
        stream = tempfile.NamedTemporaryFile(prefix=PREFIX, dir=folder, delete=False)  # noqa: SIM115
        with suppress(OSError):  # a file system without locks: nothing is swept there either
            fcntl.flock(stream, fcntl.LOCK_EX)
        if os.path.lexists(stream.name):
            return stream
        stream.close()  # swept by another run in the moment before the lock was there


def _left(folder: Path) -> list[Path]:
    """Files of this user that are called as ours are; some may still be written."""
    try:
        with os.scandir(folder) as entries:
            return [Path(entry.path) for entry in entries if _is_own(entry)]
    except OSError:
        return []


def _is_own(entry: os.DirEntry[str]) -> bool:
    return (
        _OWN.fullmatch(entry.name) is not None
        and entry.is_file(follow_symlinks=False)
        and entry.stat(follow_symlinks=False).st_uid == os.geteuid()
    )


def _deleted(left: Path) -> bool:
    """Whether the file had no living writer and is gone now."""
    try:
        descriptor = os.open(left, os.O_RDWR | os.O_NOFOLLOW)
    except OSError:
        return False
    try:
        fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
        left.unlink()
    except OSError:  # its writer lives, or has just finished
        return False
    finally:
        os.close(descriptor)
    return True
