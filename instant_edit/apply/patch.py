"""``--patch-out FILE``: the diffs of a run as one file that ``git apply`` takes."""

from __future__ import annotations

import os
from dataclasses import dataclass, field
from pathlib import Path, PurePath
from typing import TYPE_CHECKING

from instant_edit.errors import InputError

if TYPE_CHECKING:
    from collections.abc import Sequence


@dataclass
class Patch:
    """The patch being collected; with no file it collects nothing."""

    file: Path | None = None
    _diffs: list[str] = field(default_factory=list)

    @classmethod
    def of(cls, file: Path | None, names: Sequence[str]) -> Patch:
        """Begin a patch of files with these names, which must lie in the current folder.

        Raises:
            InputError: a name leads out of the folder, or the patch cannot be written.
        """
        if file is None:
            return cls()
        for name in names:
            if PurePath(name).is_absolute() or ".." in PurePath(name).parts:
                raise InputError(
                    f"--patch-out cannot hold {name}, which is not below the current folder; "
                    "run the command in a folder above it"
                )
        if not os.access(file.parent, os.W_OK) or file.is_dir():
            raise InputError(f"--patch-out {file} cannot be written; check its folder")
        return cls(file)

    def add(self, diff: str) -> None:
        """Take the diff of one file."""
        if self.file is not None:
            self._diffs.append(diff)

    def close(self) -> None:
        """Write what there is, an empty patch included.

        Raises:
            InputError: the disk would not take it.
        """
        if self.file is None:
            return
        try:
            self.file.write_bytes("".join(self._diffs).encode("utf-8", "surrogateescape"))
        except OSError as error:
            raise InputError(
                f"--patch-out {self.file} cannot be written: {error.strerror or error}"
            ) from error
