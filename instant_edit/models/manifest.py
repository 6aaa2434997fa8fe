"""What was fetched: the note in a model's folder, and whether its files still are that."""

from __future__ import annotations

import hashlib
import json
from dataclasses import asdict, dataclass, field
from typing import TYPE_CHECKING

from instant_edit.errors import ModelError

if TYPE_CHECKING:
    from pathlib import Path

NAME = "instant-edit.json"
WHOLE = 32 << 20  # bytes up to which a file is read whole for its fingerprint
SAMPLE = 1 << 20  # bytes read of a larger one, at either end


@dataclass(frozen=True, slots=True)
class Manifest:
    """Where a folder's files came from.

    Args:
        repository: of the hub.
        revision: the commit, in full.
        files: their sizes in bytes, by name.
        fingerprints: of their content, by name.
    """

    repository: str
    revision: str
    files: dict[str, int]
    fingerprints: dict[str, str] = field(default_factory=dict)

    @classmethod
    def of(cls, folder: Path) -> Manifest | None:
        """The note in a folder; None where there is none that can be read."""
        try:
            return cls(**json.loads((folder / NAME).read_text("utf-8")))
        except (OSError, ValueError, TypeError):
            return None

    def write(self, folder: Path) -> None:
        """Put the note into a folder."""
        (folder / NAME).write_text(json.dumps(asdict(self), indent=1) + "\n", encoding="utf-8")

    def same_commit(self, other: Manifest) -> bool:
        """Whether both are of one commit of one repository."""
        return (self.repository, self.revision) == (other.repository, other.revision)

    def resized(self, folder: Path) -> str | None:
        """The first file that is missing or has another size; the others are not looked at."""
        for name, size in self.files.items():
            path = folder / name
            if not path.is_file() or path.stat().st_size != size:
                return name
        return None

    def changed(self, folder: Path) -> str | None:
        """The first file that is not what was fetched, by its size or its fingerprint."""
        for name, expected in self.fingerprints.items():
            path = folder / name
            if path.is_file() and fingerprint(path) != expected:
                return name
        return self.resized(folder)


def require_unchanged(folder: Path) -> None:
    """See that what was fetched into a folder is still what lies there; a folder without a note may
    hold anything.

    Raises:
        ModelError: a file is missing or another; it is named, with the commit it was of.
    """
    manifest = Manifest.of(folder)
    name = manifest.changed(folder) if manifest else None
    if manifest and name:
        raise ModelError(
            f"{folder / name} is not what was fetched from {manifest.repository} at "
            f"{manifest.revision[:12]}; fetch it again with 'instant-edit models pull "
            f"{manifest.repository}', or delete {folder / NAME} if you changed it yourself"
        )


def fingerprint(path: Path) -> str:
    """A hash of a file's content; of a large one, of its size and its two ends.

    To read all of a large one would take minutes each time that it is loaded; its head has the
    name and place of every tensor.
    """
    size = path.stat().st_size
    with path.open("rb") as handle:
        if size <= WHOLE:
            return f"sha256:{hashlib.file_digest(handle, 'sha256').hexdigest()}"
        sha = hashlib.sha256(f"{size}:".encode() + handle.read(SAMPLE))
        handle.seek(size - SAMPLE)
        sha.update(handle.read(SAMPLE))
    return f"sampled-sha256:{sha.hexdigest()}"
