"""Forks runs of ``apply --write`` that a test may kill.

For each line on stdin it prints the process id, "begun" when its first file has been written, and
how the process ended.
"""

from __future__ import annotations

import os
import sys
from pathlib import Path
from typing import TYPE_CHECKING

from instant_edit.apply.command import run
from instant_edit.apply.options import ApplyOptions
from instant_edit.languages import get
from tests.apply.scripting import AnsweringEditor, opener
from tests.scripted import tokenizer

if TYPE_CHECKING:
    from instant_edit.request import EditRequest


def child() -> None:
    """Edit every file; each edit makes the other of two texts."""
    out, asked = os.dup(1), [0]
    os.close(0)
    devnull = os.open(os.devnull, os.O_WRONLY)
    os.dup2(devnull, 1)
    os.dup2(devnull, 2)
    options = ApplyOptions(
        paths=(Path("files"),), query="(return_statement (integer) @n)", write=True
    )

    def answer(request: EditRequest) -> list[str]:
        asked[0] += 1
        if asked[0] == 2:
            os.write(out, b"begun\n")
        return ["22" if "return 1" in request.source else "1"]

    os._exit(run(options, opener(AnsweringEditor(answer))))


def main() -> None:
    """Load once what every child needs, and compute nothing: a fork must find no threads."""
    get("python").grammar()
    tokenizer()
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
