"""``kill -9`` at any moment of ``--write`` leaves each file either old or new."""

from __future__ import annotations

import contextlib
import os
import random
import signal
import subprocess
import sys
import threading
import time
from pathlib import Path

import pytest

from instant_edit.apply.beside import PREFIX

ROOT = Path(__file__).resolve().parents[2]
FILES, KILLS = 30, 200
TAIL = "# " + "x" * 4000 + "\n"
TEXTS = {f"def f():\n    return {number}\n{TAIL}".encode() for number in (1, 22)}


def kill(process: int) -> None:
    with contextlib.suppress(ProcessLookupError):  # it has just ended by itself
        os.kill(process, signal.SIGKILL)


def unfinished(folder: Path) -> int:
    """How many files of killed runs lie in a folder."""
    return sum(entry.name.startswith(PREFIX) for entry in folder.iterdir())


@pytest.mark.slow
@pytest.mark.timeout(900)
def test_two_hundred_kills_damage_no_file(tmp_path: Path) -> None:
    files = [tmp_path / "files" / f"{number}.py" for number in range(FILES)]
    files[0].parent.mkdir()
    for file in files:
        file.write_bytes(min(TEXTS))
    driver = subprocess.Popen(
        [sys.executable, "-m", "tests.apply.crashing"],
        cwd=tmp_path,
        env={**os.environ, "PYTHONPATH": str(ROOT)},
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
    )
    assert driver.stdin is not None
    assert driver.stdout is not None

    def go() -> int:
        assert driver.stdin is not None
        assert driver.stdout is not None
        driver.stdin.write("go\n")
        driver.stdin.flush()
        return int(driver.stdout.readline())

    go()
    assert driver.stdout.readline() == "begun\n"
    began = time.monotonic()
    assert driver.stdout.readline() == "0\n"
    whole_run = time.monotonic() - began
    chance, killed, halfway, left = random.Random(7), 0, 0, 0
    for _ in range(KILLS):
        before = [file.read_bytes() for file in files]
        process = go()
        assert driver.stdout.readline() == "begun\n"
        killer = threading.Timer(chance.uniform(0, whole_run), kill, (process,))
        killer.start()
        killed += driver.stdout.readline() == "-9\n"
        killer.cancel()
        killer.join()
        after = [file.read_bytes() for file in files]
        assert set(after) <= TEXTS
        written = sum(old != new for old, new in zip(before, after, strict=True))
        halfway += 0 < written < FILES
        left += unfinished(files[0].parent)
    go()
    assert driver.stdout.read(len("begun\n0\n")) == "begun\n0\n"
    assert unfinished(files[0].parent) == 0, "the next run deletes what the killed ones left"
    driver.stdin.close()
    assert driver.wait() == 0
    assert left > 0, "no kill came between writing beside a file and taking its place"
    assert killed > KILLS / 2
    assert halfway > KILLS / 2, "most kills must come in the middle of the writing"
