"""``--verify CMD``: a command has the last word on an edit; it runs on a copy of the project."""

from __future__ import annotations

import contextlib
import os
import shlex
import signal
import subprocess
import time
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING

from instant_edit.apply.trust import VERIFY
from instant_edit.apply.workspace import Workspace
from instant_edit.errors import EditCancelled, InputError
from instant_edit.request import Finding

if TYPE_CHECKING:
    from collections.abc import Callable
    from subprocess import Popen

    from instant_edit.apply.draft import Change, Draft
    from instant_edit.apply.files import SourceFile

FILE = "{file}"
POLL = 0.05  # seconds between two looks at whether the user wants to stop
_TAIL = 160  # characters of the command's last words that a finding shows


@dataclass
class Verifier:
    """Runs the command for one edit after the other, each on the copy as it would be with it.

    Edits that were accepted stay in the copy, so that the last one is judged with them all.
    """

    command: str
    timeout: float
    root: Path
    stopped: Callable[[], bool] = lambda: False
    _workspace: Workspace | None = None
    _file: SourceFile | None = field(default=None)

    def begin(self, file: SourceFile) -> None:
        """Say which file the next drafts are of.

        Raises:
            InputError: the file is not in the project that is copied.
        """
        if not file.path.is_relative_to(self.root.resolve()):
            raise InputError(f"{file.name} lies outside {self.root}, so --verify cannot judge it")
        self._file = file

    def finish(self, draft: Draft) -> None:
        """Keep a file's accepted edits in the copy."""
        if self._workspace is not None and self._file is not None and draft.changes:
            data = self._file.source.with_text(draft.text).to_bytes()
            self._workspace.keep(self._file.path, data)

    def close(self) -> None:
        """Delete the copy."""
        if self._workspace is not None:
            self._workspace.close()

    def judge(self, draft: Draft, change: Change) -> Finding | None:
        """Run the command on a draft; a finding if it fails, hangs or changes files.

        Raises:
            EditCancelled: the run was stopped meanwhile.
        """
        if self._file is None:
            raise InputError("--verify was asked before a file was begun")
        workspace = self._workspace = self._workspace or Workspace(self.root)
        workspace.restore()
        data = self._file.source.with_text(draft.text).to_bytes()
        workspace.put(self._file.path, data)
        message = self._run(workspace, self._file)
        if message is None and (changed := workspace.changed()):
            message = f"`{self.command}` changed {changed[0]}; it may only look"
        if message is None:
            return None
        return Finding(VERIFY, message, change.task.spans[0].start)

    def _run(self, workspace: Workspace, file: SourceFile) -> str | None:
        """What is wrong with how the command went, or None."""
        here = Path.cwd()
        inside = here.resolve().is_relative_to(workspace.root)
        folder = workspace.of(here) if inside else workspace.copy
        name = os.path.relpath(workspace.of(file.path), folder)
        command = self.command.replace(FILE, shlex.quote(name))
        with subprocess.Popen(
            command,
            shell=True,
            cwd=folder,
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            start_new_session=True,
        ) as process:
            try:
                said = self._waited(process)
            finally:
                _kill(process)
        if said is None:
            return f"`{command}` did not end within {self.timeout:g} s"
        if process.returncode == 0:
            return None
        return f"`{command}` exited with {process.returncode}{_last_words(said)}"

    def _waited(self, process: Popen[bytes]) -> bytes | None:
        """What the command has said when it ends; None if it had to be given up."""
        end = time.monotonic() + self.timeout
        while True:
            try:
                return process.communicate(timeout=POLL)[0]
            except subprocess.TimeoutExpired:
                if self.stopped():
                    raise EditCancelled("stopped while --verify ran") from None
                if time.monotonic() > end:
                    return None


def _kill(process: Popen[bytes]) -> None:
    """End a command and every process it has left behind."""
    with contextlib.suppress(ProcessLookupError, PermissionError):
        os.killpg(process.pid, signal.SIGKILL)


def _last_words(said: bytes) -> str:
    lines = [line.strip() for line in said.decode("utf-8", "replace").splitlines() if line.strip()]
    return f": {lines[-1][:_TAIL]}" if lines else ""
