"""The releases that the corpus is made of: fetched as pinned, read as archives."""

from __future__ import annotations

import hashlib
import json
import re
import subprocess
import sys
import tarfile
import tomllib
import zipfile
import zlib
from collections.abc import Iterator
from pathlib import Path

from instant_edit.training.filtering import MOST_BYTES

SUFFIXES = (".py", ".js", ".mjs", ".ts", ".tsx")
DAMAGED = (OSError, EOFError, tarfile.TarError, zipfile.BadZipFile, zlib.error)


def fetch(downloads: Path) -> list[dict[str, str]]:
    """Download every pinned release that is not there yet; the list of what there is."""
    sources = tomllib.loads((Path(__file__).parent / "sources.toml").read_text())
    found = []
    for registry in ("pypi", "npm"):
        folder = downloads / registry
        folder.mkdir(parents=True, exist_ok=True)
        for pin in sources[registry]:
            name, version = re.split(r"==|(?<=.)@", pin)
            path = _local(folder, name, version) or _download(registry, pin, folder)
            if path is None:
                print(f"corpus: {pin} could not be fetched; left out", file=sys.stderr)
                continue
            digest = hashlib.sha256(path.read_bytes()).hexdigest()
            found.append({"registry": registry, "pin": pin, "path": str(path), "sha256": digest})
    return found


def _local(folder: Path, name: str, version: str) -> Path | None:
    wanted = f"{name}-{version}".lower().replace("_", "-")
    for path in sorted(folder.iterdir()):
        if path.name.lower().replace("_", "-").startswith(wanted):
            return path
    return None


def _download(registry: str, pin: str, folder: Path) -> Path | None:
    pip = (sys.executable, "-m", "pip", "download", "-q", "--no-deps", "--only-binary=:all:")
    command = {
        "pypi": (*pip, "-d", str(folder), pin),
        "npm": ("npm", "pack", "--silent", "--pack-destination", str(folder), pin),
    }[registry]
    before = set(folder.iterdir())
    subprocess.run(command, check=False, stdout=sys.stderr)
    new = sorted(set(folder.iterdir()) - before)
    return new[0] if new else None


def members(path: Path) -> Iterator[tuple[str, bytes | None]]:
    """Source files of a wheel or an npm tarball, as (name, bytes); None for what is damaged.

    Of a file that is too large only so much is read as shows it.
    """
    try:
        yield from _packed(path) if path.suffix == ".tgz" else _zipped(path)
    except DAMAGED:
        yield path.name, None


def _packed(path: Path) -> Iterator[tuple[str, bytes | None]]:
    with tarfile.open(path) as archive:
        for entry in archive:
            if entry.isfile() and entry.name.endswith(SUFFIXES):
                handle = archive.extractfile(entry)
                yield entry.name, handle.read(MOST_BYTES + 1) if handle else None


def _zipped(path: Path) -> Iterator[tuple[str, bytes | None]]:
    with zipfile.ZipFile(path) as archive:
        for name in archive.namelist():
            if name.endswith(SUFFIXES):
                yield name, _member(archive, name)


def _member(archive: zipfile.ZipFile, name: str) -> bytes | None:
    try:
        with archive.open(name) as handle:
            return handle.read(MOST_BYTES + 1)
    except DAMAGED:
        return None


def licence(path: Path) -> str:
    """What the package's own metadata says of its licence; "?" where it says nothing."""
    try:
        return (_of_package if path.suffix == ".tgz" else _of_wheel)(path) or "?"
    except (*DAMAGED, ValueError):
        return "?"


def _of_package(path: Path) -> str:
    with tarfile.open(path) as archive:
        for entry in archive:
            if entry.name.count("/") == 1 and entry.name.endswith("/package.json"):
                handle = archive.extractfile(entry)
                return str(json.loads(handle.read()).get("license")) if handle else ""
    return ""


def _of_wheel(path: Path) -> str:
    with zipfile.ZipFile(path) as archive:
        names = [n for n in archive.namelist() if n.endswith(".dist-info/METADATA")]
        text = archive.read(names[0]).decode(errors="replace") if names else ""
    lines = re.findall(
        r"^(?:License-Expression|License|Classifier: License ::.*): ?([^\n]{1,80})", text, re.M
    ) + re.findall(r"^Classifier: License :: (.*)$", text, re.M)
    return "; ".join(dict.fromkeys(lines))
