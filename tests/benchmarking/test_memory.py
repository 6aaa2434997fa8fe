"""The peak of a process's memory is its own, not that of the process which started it."""

from __future__ import annotations

import subprocess
import sys

from instant_edit.benchmarking.memory import peak_megabytes

SAY = "from instant_edit.benchmarking.memory import peak_megabytes; print(peak_megabytes())"


def test_a_process_does_not_inherit_the_peak_of_its_parent() -> None:
    ballast = bytearray(200 << 20)
    ballast[::4096] = b"x" * len(ballast[::4096])
    before = peak_megabytes()
    done = subprocess.run([sys.executable, "-c", SAY], check=True, capture_output=True, text=True)
    assert before > 200
    assert 1 < float(done.stdout) < 100
