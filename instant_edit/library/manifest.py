"""What was fetched: the note that stands in a model's folder."""

from __future__ import annotations

import json
from dataclasses import asdict, dataclass
from pathlib import Path

NAME = "instant-edit.json"


@dataclass(frozen=True, slots=True)
class Manifest:
    """Where a folder's files came from.

    Args:
        repository: of the hub.
        revision: the commit, in full.
        files: their sizes in bytes, by name.
    """

    repository: str
    revision: str
    files: dict[str, int]

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
