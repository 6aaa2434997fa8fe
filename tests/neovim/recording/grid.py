"""The screen of a Neovim, as a terminal with true colours would show it."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Sequence


@dataclass(frozen=True)
class Look:
    """How a cell is drawn; colours are 24-bit numbers."""

    foreground: int = 0xE0E2EA
    background: int = 0x14161B
    bold: bool = False
    italic: bool = False


@dataclass(frozen=True)
class Run:
    """Cells side by side that look the same."""

    column: int
    width: int
    text: str
    look: Look


Row = tuple[Run, ...]
Frame = tuple[Row, ...]


class Grid:
    """Follows the ``redraw`` events of ``ext_linegrid``."""

    def __init__(self, columns: int, rows: int) -> None:
        self.columns, self.rows = columns, rows
        self._raw: dict[int, dict[str, Any]] = {}
        self._default = Look()  # until Neovim says its own
        self._cells: list[list[tuple[str, int]]] = []
        self._cursor = (0, 0)
        self._clear()

    def redraw(self, batches: Sequence[Sequence[Any]]) -> bool:
        """Take in one notification; whether it completes a picture."""
        complete = False
        for name, *calls in batches:
            handler = getattr(self, f"_on_{name}", None)
            if handler is not None:
                for arguments in calls:
                    handler(*arguments)
            complete = complete or name == "flush"
        return complete

    @property
    def background(self) -> int:
        """The colour of an empty screen."""
        return self._default.background

    def frame(self) -> Frame:
        """The picture as it is now, the cursor drawn into it."""
        return tuple(self._row(index) for index in range(self.rows))

    def _row(self, index: int) -> Row:
        runs: list[Run] = []
        for column, (text, look_id) in enumerate(self._cells[index]):
            look = self._look(look_id)
            if (index, column) == self._cursor:
                look = replace(look, foreground=look.background, background=look.foreground)
            if runs and runs[-1].look == look:
                last = runs[-1]
                runs[-1] = replace(last, width=last.width + 1, text=last.text + text)
            else:
                runs.append(Run(column, 1, text, look))
        return tuple(runs)

    def _look(self, look_id: int) -> Look:
        raw, default = self._raw.get(look_id, {}), self._default
        foreground = raw.get("foreground", default.foreground)
        background = raw.get("background", default.background)
        if raw.get("reverse"):
            foreground, background = background, foreground
        return Look(foreground, background, bool(raw.get("bold")), bool(raw.get("italic")))

    def _clear(self) -> None:
        self._cells = [[(" ", 0)] * self.columns for _ in range(self.rows)]

    def _on_grid_clear(self, _grid: int) -> None:
        self._clear()

    def _on_default_colors_set(self, foreground: int, background: int, *_: int) -> None:
        self._default = Look(foreground, background)

    def _on_hl_attr_define(self, look_id: int, rgb: dict[str, Any], *_: object) -> None:
        self._raw[look_id] = rgb

    def _on_grid_cursor_goto(self, _grid: int, row: int, column: int) -> None:
        self._cursor = (row, column)

    def _on_grid_line(
        self, _grid: int, row: int, column: int, cells: list[list[Any]], *_: object
    ) -> None:
        look_id = 0
        for cell in cells:
            look_id = cell[1] if len(cell) > 1 else look_id
            for _repeat in range(cell[2] if len(cell) > 2 else 1):
                self._cells[row][column] = (cell[0], look_id)
                column += 1

    def _on_grid_scroll(
        self, _grid: int, top: int, bottom: int, left: int, right: int, rows: int, _columns: int
    ) -> None:
        old = [list(line) for line in self._cells]
        for row in range(top, bottom):
            if top <= row + rows < bottom:
                self._cells[row][left:right] = old[row + rows][left:right]
