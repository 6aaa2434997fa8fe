"""What git answers about a repository: read-only, and never by way of a network."""

from __future__ import annotations

import os
import subprocess
from pathlib import Path

from instant_edit.errors import InputError

_ELSEWHERE = ("GIT_DIR", "GIT_WORK_TREE", "GIT_INDEX_FILE", "GIT_OBJECT_DIRECTORY")
_ALONE = {
    "GIT_NO_LAZY_FETCH": "1",  # of a partial clone, what is missing stays missing
    "GIT_OPTIONAL_LOCKS": "0",
    "GIT_TERMINAL_PROMPT": "0",
}


def answer(repository: Path, *arguments: str, said: bytes | None = None) -> bytes:
    """What a git command prints in a repository.

    Args:
        repository: where it runs, whatever repository the environment names.
        arguments: the command and its arguments.
        said: given to its stdin.

    Raises:
        InputError: git is missing, or failed; its own words are in the text.
    """
    kept = {name: value for name, value in os.environ.items() if name not in _ELSEWHERE}
    command = ["git", "-C", str(repository), "-c", "core.quotePath=false", *arguments]
    try:
        done = subprocess.run(
            command, input=said, capture_output=True, check=False, env={**kept, **_ALONE}
        )
    except OSError as error:
        raise InputError(f"git cannot be run ({error.strerror}); install it") from error
    if done.returncode:
        words = done.stderr.decode(errors="replace").strip().split("\n")[0]
        raise InputError(f"{repository}: git {arguments[0]} failed: {words}")
    return done.stdout
