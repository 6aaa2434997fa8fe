"""A run's checkpoints: written whole or not at all, the newest and the one before it kept."""

from __future__ import annotations

import io
import os
import pickle
import sys
import zipfile
from pathlib import Path
from typing import Any

import torch


class Stopped(SystemExit):
    """A run cannot go on; says why, at which step, and what is kept. Ends the command."""


class Checkpoints:
    """The checkpoints in the folder of a run."""

    def __init__(self, run: Path) -> None:
        self.newest = run / "checkpoint.pt"
        self.previous = run / "checkpoint-previous.pt"
        self.partial = run / "checkpoint.partial"

    def save(self, state: dict[str, Any]) -> None:
        """Make ``state`` the newest checkpoint, and the newest the one before.

        Raises:
            Stopped: it cannot be written; the newest is what it was.
        """
        data = io.BytesIO()
        torch.save(state, data)  # to memory first: of a full disk torch says only that it failed
        keep = _read(self.newest, torch.device("meta")) is not None
        try:
            self._write(data.getbuffer())
        except OSError as error:
            self.partial.unlink(missing_ok=True)
            raise Stopped(
                f"training: step {state['step']}: the checkpoint cannot be written to "
                f"{self.partial.parent} ({error.strerror or error}); {self._left()}. "
                "Make room, then give the same command to go on from there"
            ) from error
        if keep:  # a damaged one must not take the place of one that is whole
            self.newest.replace(self.previous)
        self.partial.replace(self.newest)

    def load(self, device: torch.device) -> dict[str, Any] | None:
        """The newest checkpoint that is whole; none where there is no checkpoint at all.

        Raises:
            Stopped: there are checkpoints, and all of them are damaged.
        """
        damaged: list[str] = []
        for path in (self.newest, self.previous):
            state = _read(path, device)
            if state is not None:
                if damaged:
                    text = f"going on with {path.name}, of step {state['step']}"
                    print(f"training: {damaged[0]} is damaged; {text}", file=sys.stderr)
                return state
            damaged += [path.name] if path.exists() else []
        if not damaged:
            return None
        raise Stopped(
            f"training: {' and '.join(damaged)} in {self.newest.parent} cannot be read whole; "
            "restore one from a copy, or name another --run to begin anew"
        )

    def _write(self, data: memoryview) -> None:
        with self.partial.open("wb") as stream:
            stream.write(data)
            stream.flush()
            os.fsync(stream.fileno())  # or a power cut may leave the new name with nothing in it

    def _left(self) -> str:
        for path in (self.newest, self.previous):
            state = _read(path, torch.device("meta"))
            if state is not None:
                return f"{path.name}, of step {state['step']}, is as it was"
        return "no step has been kept"


def _read(path: Path, device: torch.device) -> dict[str, Any] | None:
    """A checkpoint, if it is there and every byte of it is."""
    try:
        with zipfile.ZipFile(path) as archive:
            if archive.testzip() is not None:
                return None
        state: dict[str, Any] = torch.load(path, map_location=device, weights_only=True)
    except (OSError, zipfile.BadZipFile, RuntimeError, EOFError, pickle.UnpicklingError):
        return None
    return state
