"""Executes a program with its test in a process of its own, with limits on what it may use."""

from __future__ import annotations

import contextlib
import os
import secrets
import signal
import subprocess
import sys
import tempfile
from dataclasses import dataclass
from pathlib import Path

_SANDBOX = Path(__file__).with_name("sandbox.py")


@dataclass(frozen=True, slots=True)
class Limits:
    """What one program may use.

    Processor time decides; the clock is there for programs that wait, and leaves room for a machine
    that has other things to do.
    """

    wall_seconds: float = 60.0
    cpu_seconds: int = 5
    memory_bytes: int = 1 << 30


@dataclass(frozen=True, slots=True)
class Outcome:
    """Whether the program ran to its end, and if not, what stopped it."""

    passed: bool
    reason: str = ""


def execute(program: str, limits: Limits | None = None) -> Outcome:
    """Run a program to its end; an exception, an early exit or a limit means it failed."""
    limits = limits or Limits()
    receipt = secrets.token_hex(16).encode()
    with tempfile.TemporaryDirectory(prefix="instant-edit-") as folder:
        process = subprocess.Popen(
            [
                sys.executable,
                "-I",
                str(_SANDBOX),
                str(limits.cpu_seconds),
                str(limits.memory_bytes),
            ],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
            cwd=folder,
            env={"PATH": os.defpath, "HOME": folder, "TMPDIR": folder},
            start_new_session=True,
        )
        try:
            said, _ = process.communicate(
                receipt + b"\n" + program.encode("utf-8", "surrogatepass"), limits.wall_seconds
            )
        except subprocess.TimeoutExpired:
            return Outcome(False, "wall time")
        finally:
            _end(process)
    if said == receipt and process.returncode == 0:
        return Outcome(True)
    return Outcome(False, _reason(said, process.returncode))


def _end(process: subprocess.Popen[bytes]) -> None:
    """Kill the whole group, children that the program left behind included."""
    with contextlib.suppress(ProcessLookupError, PermissionError):
        os.killpg(process.pid, signal.SIGKILL)
    process.wait()
    for pipe in (process.stdin, process.stdout):
        if pipe is not None:
            pipe.close()


def _reason(said: bytes, code: int) -> str:
    if code in (-signal.SIGXCPU, -signal.SIGKILL):
        return "CPU time"
    if code < 0:
        return signal.Signals(-code).name
    return said.decode("ascii", "replace") or f"exit {code}"
