"""Runs one program under limits. A script of its own, started by ``execution.py`` with ``-I``.

Arguments: CPU seconds, bytes of memory. Standard input: one line with a receipt, then the
program. The receipt is echoed only when the program ran to its end; otherwise the name of what
it raised is. These are limits, not a jail: the program could still reach the network.
"""

from __future__ import annotations

import os
import resource
import sys

_FILE_BYTES = 1 << 20
_OPEN_FILES = 32


def main() -> None:
    """Read the program, limit this process, run it, and report."""
    receipt, _, program = sys.stdin.buffer.read().partition(b"\n")
    report = os.dup(1)
    nowhere = os.open(os.devnull, os.O_RDWR)
    for descriptor in (0, 1, 2):
        os.dup2(nowhere, descriptor)
    _limit(int(sys.argv[1]), int(sys.argv[2]))
    try:
        exec(compile(program, "<program>", "exec"), {"__name__": "__main__"})
    except BaseException as error:  # SystemExit too: a program that leaves early has not passed
        os.write(report, type(error).__name__.encode())
        os._exit(1)
    os.write(report, receipt)
    os._exit(0)


def _limit(cpu_seconds: int, memory_bytes: int) -> None:
    for what, value in (
        (resource.RLIMIT_CPU, cpu_seconds),
        (resource.RLIMIT_AS, memory_bytes),
        (resource.RLIMIT_FSIZE, _FILE_BYTES),
        (resource.RLIMIT_NOFILE, _OPEN_FILES),
        (resource.RLIMIT_CORE, 0),
    ):
        _, most = resource.getrlimit(what)
        value = value if most == resource.RLIM_INFINITY else min(value, most)
        resource.setrlimit(what, (value, value))


if __name__ == "__main__":
    main()
