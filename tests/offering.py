"""An installed package that offers models: some good, others broken in every way."""

from __future__ import annotations

import sys
from pathlib import Path

import pytest

from instant_edit.models.offered import GROUP

PLUGIN = """
from tests.scripted import ScriptedDenoiser


def good():
    return ScriptedDenoiser("x = 1")


def bad():
    raise RuntimeError("no luck")


def other():
    return 7
"""


def install(
    folder: Path, monkeypatch: pytest.MonkeyPatch, points: dict[str, str], code: str = PLUGIN
) -> None:
    """Install the package ``offering`` 1.0 with these entry points."""
    (folder / "offering.py").write_text(code)
    info = folder / "offering-1.0.dist-info"
    info.mkdir()
    (info / "METADATA").write_text("Metadata-Version: 2.1\nName: offering\nVersion: 1.0\n")
    lines = "".join(f"{name} = {value}\n" for name, value in points.items())
    (info / "entry_points.txt").write_text(f"[{GROUP}]\n{lines}")
    monkeypatch.syspath_prepend(str(folder))
    monkeypatch.delitem(sys.modules, "offering", raising=False)
