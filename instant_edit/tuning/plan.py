"""What a run is to do, kept in its folder, so that the same command goes on with the same run."""

from __future__ import annotations

import json
from dataclasses import asdict, dataclass
from typing import TYPE_CHECKING, Any

from instant_edit.errors import InputError

if TYPE_CHECKING:
    from pathlib import Path

NAME = "plan.json"


@dataclass(frozen=True, slots=True)
class Asked:
    """What the user asked for; a run goes on only where it is the same.

    Args:
        repository: its folder.
        held_out: commits to hold out; None for a share of them.
        steps, minutes: how long to train; one of them.
        batch: windows a step.
        rate: peak learning rate.
        seed: where all chance comes from.
        model: digest of the weights that are trained further.
    """

    repository: str
    held_out: int | None
    steps: int | None
    minutes: float | None
    batch: int
    rate: float
    seed: int
    model: str


@dataclass(frozen=True, slots=True)
class Plan:
    """What that came to: the commits, and the number of steps."""

    asked: Asked
    head: str
    split: str
    held_out: int
    steps: int

    @classmethod
    def of(cls, folder: Path, asked: Asked) -> Plan | None:
        """The plan of a folder; None where none was made there.

        Raises:
            InputError: it is of another run, or cannot be read.
        """
        path = folder / NAME
        if not path.is_file():
            return None
        try:
            document: dict[str, Any] = json.loads(path.read_text("utf-8"))
            found = cls(**{**document, "asked": Asked(**document["asked"])})
        except (OSError, ValueError, TypeError, KeyError) as error:
            raise InputError(f"{path} cannot be read ({error}); name another --out") from None
        then, now = asdict(found.asked), asdict(asked)
        other = [f"{key} {then[key]}, not {now[key]}" for key in now if then[key] != now[key]]
        if other:
            raise InputError(
                f"{folder} holds a run with {'; '.join(other)}: name another --out, or give the "
                "same command again to go on with it"
            )
        return found

    def write(self, folder: Path) -> None:
        """Keep it in a folder."""
        (folder / NAME).write_text(json.dumps(asdict(self), indent=1) + "\n", encoding="utf-8")
