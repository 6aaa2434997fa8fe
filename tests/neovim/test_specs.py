"""The plugin's pure Lua, each spec in a Neovim of its own: ``nvim -l specs/run.lua SPEC``."""

from __future__ import annotations

import subprocess
from pathlib import Path

import pytest

from tests.neovim.conftest import PLUGIN

SPECS = Path(__file__).with_name("specs")


@pytest.mark.parametrize("spec", sorted(SPECS.glob("*_spec.lua")), ids=lambda path: path.stem)
def test_spec(spec: Path, nvim_binary: str) -> None:
    command = [nvim_binary, "--clean", "-l", str(SPECS / "run.lua"), str(PLUGIN), str(spec)]
    done = subprocess.run(command, capture_output=True, text=True, check=False, timeout=30)
    assert done.returncode == 0, done.stderr
    assert "passed" in done.stderr


def test_a_spec_that_fails_is_noticed(nvim_binary: str, tmp_path: Path) -> None:
    spec = tmp_path / "failing_spec.lua"
    spec.write_text('return { ["one is two"] = function(expect) expect(1, 2) end }')
    command = [nvim_binary, "--clean", "-l", str(SPECS / "run.lua"), str(PLUGIN), str(spec)]
    done = subprocess.run(command, capture_output=True, text=True, check=False, timeout=30)
    assert done.returncode == 1
    assert "one is two" in done.stderr
