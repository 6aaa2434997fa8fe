"""Plots of tables as SVG; the same table gives the same bytes."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING

from instant_edit.benchmarking.report import plot_name
from instant_edit.benchmarking.table import Curve, Row, Table
from instant_edit.errors import InputError

if TYPE_CHECKING:
    from matplotlib.axes import Axes

SIZE = (5.2, 3.2)  # inches


def plots(tables: Sequence[Table], folder: Path) -> list[Path]:
    """Write every curve of the tables; returns their files.

    Raises:
        InputError: matplotlib, which comes with the development dependencies, is not here.
    """
    try:
        from matplotlib import rc_context
        from matplotlib.figure import Figure
    except ImportError as error:
        raise InputError(f"{error}; plots need it: pip install matplotlib") from error
    written = []
    with rc_context({"svg.hashsalt": "instant-edit", "svg.fonttype": "none", "font.size": 9}):
        for table in tables:
            for curve in table.curves:
                figure = Figure(figsize=SIZE, layout="constrained")
                draw(figure.add_subplot(), curve, table.rows)
                written.append(folder / plot_name(table, curve))
                figure.savefig(written[-1], metadata={"Date": None})
    return written


def draw(axes: Axes, curve: Curve, rows: Sequence[Row]) -> None:
    """One curve into axes of matplotlib, from zero."""
    for name, points in series(curve, rows).items():
        axes.plot(*zip(*points, strict=True), marker="o", label=name or None)
    axes.set_xlabel(curve.x)
    axes.set_ylabel(curve.y)
    axes.set_ylim(bottom=0)
    if curve.logarithmic:
        axes.set_xscale("log", base=2)
    if curve.by:
        axes.legend(frameon=False)
    axes.spines[["top", "right"]].set_visible(False)


def series(curve: Curve, rows: Sequence[Row]) -> dict[str, list[tuple[float, float]]]:
    """The points of each line, by its name."""
    out: dict[str, list[tuple[float, float]]] = {}
    for row in rows:
        name = str(row[curve.by]) if curve.by else ""
        out.setdefault(name, []).append((row[curve.x], row[curve.y]))
    return out
