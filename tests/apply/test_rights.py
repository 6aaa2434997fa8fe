"""Files and folders that may not be read or written, also where the tests are run by root."""

from __future__ import annotations

import ctypes
import json
import os
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
DROP = 24  # prctl's PR_CAPBSET_DROP
RIGHTS_OF_ROOT = (1, 2)  # CAP_DAC_OVERRIDE, CAP_DAC_READ_SEARCH
FILES = ("ok.py", "fixed.py", "hidden.py", "sub/c.py", "dark/d.py", "dim/e.py", "dim/script")
LOCKED = {"fixed.py": 0o444, "hidden.py": 0, "sub": 0o555, "dark": 0, "dim": 0o444}
CODE = "def f():\n    return 1\n"


def obey_permissions() -> None:
    """Take from the program that is started next what lets root pass over permissions."""
    libc = ctypes.CDLL(None, use_errno=True)
    for right in RIGHTS_OF_ROOT if os.geteuid() == 0 else ():
        if libc.prctl(DROP, right, 0, 0, 0) != 0:
            raise OSError(ctypes.get_errno(), "this process cannot give up root's rights")


def test_what_may_not_be_touched_is_told_and_the_rest_is_written(tmp_path: Path) -> None:
    files = [tmp_path / name for name in FILES]
    for file in files:
        file.parent.mkdir(exist_ok=True)
        file.write_text(CODE)
    for name, mode in LOCKED.items():
        (tmp_path / name).chmod(mode)
    command = ["apply", ".", "--query", "(return_statement)@r", "--write", "--json"]
    done = subprocess.run(
        [sys.executable, "-m", "tests.apply.scripted_cli", *command],
        cwd=tmp_path,
        env={**os.environ, "PYTHONPATH": str(ROOT)},
        preexec_fn=obey_permissions,
        capture_output=True,
        text=True,
        check=False,
    )
    for name in LOCKED:
        (tmp_path / name).chmod(0o755)
    assert done.returncode == 2, done.stderr
    told = {file["path"]: file["error"] for file in json.loads(done.stdout)["files"]}
    assert told["ok.py"] is None
    assert "fixed.py is read-only" in told["fixed.py"]
    assert "sub/c.py cannot be written: Permission denied; nothing changed" in told["sub/c.py"]
    assert "note: hidden.py cannot be read: Permission denied" in done.stderr
    assert "note: 1 passed over: a file that cannot be read" in done.stderr
    assert "note: 1 passed over: a folder that cannot be read" in done.stderr
    assert [file.name for file in files if "return 2" in file.read_text()] == ["ok.py"]
