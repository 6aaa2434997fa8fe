from __future__ import annotations

import os
import signal
import time
from contextlib import suppress
from pathlib import Path

import pytest

from instant_edit.evaluation.execution import Limits, execute

QUICK = Limits(wall_seconds=20.0, cpu_seconds=1, memory_bytes=1 << 28)


def test_a_program_that_ends_has_passed() -> None:
    assert execute("assert 1 + 1 == 2").passed


@pytest.mark.parametrize(
    ("program", "reason"),
    [
        ("assert False", "AssertionError"),
        ("def f(:\n", "SyntaxError"),
        ("import sys; sys.exit(0)", "SystemExit"),
        ("import os; os._exit(0)", "exit 0"),
        ("print('00112233')\nraise KeyError", "KeyError"),
        ("a = ' ' * (1 << 30)", "MemoryError"),
        ("open('f', 'wb').write(b' ' * (1 << 22))", "OSError"),
        ("while True: pass", "CPU time"),
        ("import os; os.kill(os.getpid(), 11)", "SIGSEGV"),
        ("input()", "EOFError"),
    ],
)
def test_anything_else_has_not(program: str, reason: str) -> None:
    outcome = execute(program, QUICK)
    assert not outcome.passed
    assert outcome.reason == reason


def test_a_program_that_sleeps_is_ended() -> None:
    outcome = execute("import time; time.sleep(600)", Limits(wall_seconds=0.5))
    assert (outcome.passed, outcome.reason) == (False, "wall time")


def test_what_a_program_leaves_running_is_ended_too(tmp_path: Path) -> None:
    note = tmp_path / "pid"
    program = (
        "import subprocess, sys\n"
        "child = subprocess.Popen([sys.executable, '-c', 'import time; time.sleep(600)'])\n"
        f"open({str(note)!r}, 'w').write(str(child.pid))\n"
    )
    assert execute(program).passed
    assert ended(int(note.read_text()))


def ended(pid: int) -> bool:
    """Wait for a process of another parent to be gone, or to be a zombie."""
    for _ in range(200):
        try:
            state = Path(f"/proc/{pid}/stat").read_text().rsplit(")", 1)[1].split()[0]
        except FileNotFoundError:
            return True
        if state == "Z":
            return True
        time.sleep(0.05)
    with suppress(ProcessLookupError):
        os.kill(pid, signal.SIGKILL)
    return False


def test_a_program_sees_neither_this_project_nor_this_folder(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setenv("A_SECRET", "of the caller")
    program = (
        "import os, sys\n"
        "assert 'A_SECRET' not in os.environ\n"
        "assert os.listdir() == []\n"
        "assert not any(path.endswith('evaluation') for path in sys.path)\n"
    )
    assert execute(program).passed
