"""What Python's own compiler rejects; asked in a process of its own where a source is large.

``compile`` keeps the interpreter to itself until it is done: half a millisecond for each
kilobyte in which a server could not answer. Run as a script this file reads a source from stdin
and writes what is wrong with it to stdout, with nothing but the standard library.
"""

from __future__ import annotations

import contextlib
import json
import subprocess
import sys
import warnings
from typing import NamedTuple

LARGE = 32_000  # characters, from which on another process is worth its start (15 ms)


class Fault(NamedTuple):
    """What is wrong, and where: line and column count from 1 and may be missing or outside."""

    message: str
    line: int | None = None
    column: int | None = None


def fault(source: str, path: str) -> Fault | None:
    """What ``compile`` rejects in a source. It runs nothing of it."""
    if len(source) >= LARGE:
        # Without a second process (none may be started, or none is left) it is done here.
        with contextlib.suppress(OSError, ValueError, TypeError):
            return _elsewhere(source, path)
    return _here(source, path)


def _here(source: str, path: str) -> Fault | None:
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            compile(source, path, "exec", dont_inherit=True)
    except SyntaxError as error:
        return Fault(error.msg, error.lineno, error.offset)
    except (ValueError, RecursionError, MemoryError, OverflowError) as error:
        return Fault(str(error) or type(error).__name__)
    return None


def _elsewhere(source: str, path: str) -> Fault | None:
    """The same from a process of the same interpreter; ValueError where it gives no answer."""
    done = subprocess.run(
        [sys.executable, "-I", "-S", __file__, path],
        input=source.encode("utf-8", "surrogatepass"),
        capture_output=True,
        check=False,
    )
    answer = json.loads(done.stdout)
    return None if answer is None else Fault(*answer)


def main() -> None:
    """Read a source from stdin; write its fault, or null, as JSON."""
    source = sys.stdin.buffer.read().decode("utf-8", "surrogatepass")
    json.dump(_here(source, sys.argv[1]), sys.stdout)


if __name__ == "__main__":
    main()
