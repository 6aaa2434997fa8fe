"""Frames as one animated SVG, without a script in it: a film strip moved by CSS."""

from __future__ import annotations

from typing import TYPE_CHECKING
from xml.sax.saxutils import escape

if TYPE_CHECKING:
    from collections.abc import Sequence

    from tests.neovim.recording.grid import Frame, Look, Row

CELL, LINE, BASELINE = 8.4, 18, 13.5  # pixels, at a font size of 14
MARGIN = 12
FONT = "ui-monospace, 'DejaVu Sans Mono', Menlo, Consolas, monospace"


def film(frames: Sequence[tuple[float, Frame]], columns: int, end: float, background: int) -> str:
    """An SVG that plays the frames, each from its time in seconds on, and begins again.

    Args:
        frames: times, growing from 0, and pictures.
        columns: width of the pictures in cells.
        end: length of the film in seconds.
        background: colour of the paper.
    """
    width = columns * CELL + 2 * MARGIN
    height = len(frames[0][1]) * LINE + 2 * MARGIN
    rows: dict[Row, str] = {}
    strip = "".join(
        f'<g transform="translate({index * width:g} 0)">{_picture(frame, rows)}</g>'
        for index, (_, frame) in enumerate(frames)
    )
    symbols = "".join(f'<g id="{name}">{_drawn(row, background)}</g>' for row, name in rows.items())
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {width:g} {height:g}" '
        f'width="{width:g}" height="{height:g}" font-family="{FONT}" font-size="14">'
        f"<style>{_animation([time for time, _ in frames], width, end)}</style>"
        f'<rect width="100%" height="100%" rx="8" fill="{_colour(background)}"/>'
        f"<defs>{symbols}</defs>"
        f'<svg x="{MARGIN}" y="{MARGIN}" width="{columns * CELL:g}"><g class="strip">{strip}</g>'
        "</svg></svg>\n"
    )


def _animation(times: Sequence[float], width: float, end: float) -> str:
    stops = "".join(
        f"{100 * time / end:.3f}%{{transform:translateX({-index * width:g}px)}}"
        for index, time in enumerate(times)
    )
    return (
        f"@keyframes play{{{stops}}}"
        f".strip{{animation:play {end:.2f}s step-end infinite}}"
        "text{white-space:pre}"
    )


def _picture(frame: Frame, rows: dict[Row, str]) -> str:
    uses = []
    for index, row in enumerate(frame):
        name = rows.setdefault(row, f"r{len(rows)}")
        uses.append(f'<use href="#{name}" y="{index * LINE}"/>')
    return "".join(uses)


def _drawn(row: Row, background: int) -> str:
    parts = []
    for run in row:
        x, width = run.column * CELL, run.width * CELL
        if run.look.background != background:
            fill = _colour(run.look.background)
            parts.append(f'<rect x="{x:g}" width="{width:g}" height="{LINE}" fill="{fill}"/>')
        if run.text.strip():
            # The length keeps the columns in line, whatever font there is.
            parts.append(
                f'<text x="{x:g}" y="{BASELINE}" textLength="{width:g}"{_style(run.look)} '
                f'xml:space="preserve">{escape(run.text)}</text>'
            )
    return "".join(parts)


def _style(look: Look) -> str:
    style = f' fill="{_colour(look.foreground)}"'
    style += ' font-weight="bold"' if look.bold else ""
    return style + (' font-style="italic"' if look.italic else "")


def _colour(number: int) -> str:
    return f"#{number:06x}"
