"""Forks runs of ``apply --write`` that a test may kill; stdin says "go", stdout the process id."""

from __future__ import annotations

import os
import sys
from pathlib import Path

from instant_edit.apply.command import run
from instant_edit.apply.options import ApplyOptions
from tests.apply.scripting import AnsweringEditor, opener


def child() -> None:
    """Edit every file; each edit makes the other of two texts."""
    os.close(0)
    devnull = os.open(os.devnull, os.O_WRONLY)
    os.dup2(devnull, 1)
    os.dup2(devnull, 2)
    options = ApplyOptions(
        paths=(Path("files"),), query="(return_statement (integer) @n)", write=True
    )
    editor = AnsweringEditor(
        lambda request: ["22" if "return 1" in request.source else "1" for _ in request.spans]
    )
    os._exit(run(options, opener(editor)))


def main() -> None:
    for _ in sys.stdin:
        process = os.fork()
        if process == 0:
            child()
        sys.stdout.write(f"{process}\n")
        sys.stdout.flush()
        _, status = os.waitpid(process, 0)
        sys.stdout.write(f"{os.waitstatus_to_exitcode(status)}\n")
        sys.stdout.flush()


if __name__ == "__main__":
    main()
