"""A table of figures: the one form in which results are kept, printed and plotted."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

Row = dict[str, Any]


@dataclass(frozen=True, slots=True)
class Curve:
    """What to plot of a table: a column over another, one line for each value of ``by``."""

    x: str
    y: str
    by: str = ""
    logarithmic: bool = False


@dataclass(frozen=True, slots=True)
class Table:
    """Rows with the same columns; times in milliseconds, memory in megabytes.

    Args:
        name: of its files and of its flag.
        title: a heading.
        note: what was done, so that the figures can be read right.
        rows: of numbers and words, by column.
        curves: what of it is plotted.
    """

    name: str
    title: str
    note: str
    rows: tuple[Row, ...]
    curves: tuple[Curve, ...] = ()
