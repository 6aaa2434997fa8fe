"""The curve of a run, drawn from its log: the same log, the same bytes."""

from __future__ import annotations

import json
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from matplotlib.axes import Axes

TRAINED, HELD_OUT = "#7f9fbf", "#c0392b"
STYLE: dict[Any, Any] = {
    "svg.hashsalt": "instant-edit",  # or ids are drawn by chance
    "svg.fonttype": "none",
    "font.family": "sans-serif",
    "font.size": 9,
    "axes.spines.top": False,
    "axes.spines.right": False,
}


@dataclass(frozen=True, slots=True)
class History:
    """What a log tells: points (step, loss, accuracy) of training and of held-out documents."""

    trained: tuple[tuple[int, float, float], ...]
    held_out: tuple[tuple[int, float, float], ...]
    hours: float

    @classmethod
    def read(cls, run: Path) -> History:
        """Read the log of a run; of a step that was taken again, the last time counts."""
        try:
            records = _records((run / "log.jsonl").read_text("utf-8"))
        except OSError as error:
            raise SystemExit(f"{run}/log.jsonl cannot be read: {error.strerror}") from error
        trained = {r["step"]: (r["loss"], r["accuracy"]) for r in records if "loss" in r}
        held_out = {
            r["step"]: (r["held_out_loss"], r["held_out_accuracy"])
            for r in records
            if "held_out_loss" in r
        }
        if not trained:
            raise SystemExit(f"{run}/log.jsonl tells of no step; train first")
        seconds = max(r.get("seconds", 0.0) for r in records)
        return cls(_points(trained), _points(held_out), seconds / 3600)


def _records(text: str) -> list[dict[str, Any]]:
    """The lines of a log; one that was cut off when a run was is passed over."""
    records = []
    for line in text.splitlines():
        try:
            record = json.loads(line)
        except ValueError:
            continue
        records += [record] if isinstance(record, dict) else []
    return records


def _points(values: dict[int, tuple[float, float]]) -> tuple[tuple[int, float, float], ...]:
    return tuple((step, *values[step]) for step in sorted(values))


def draw(history: History, out: Path) -> None:
    """Write the curve as SVG: loss above, accuracy below."""
    import matplotlib as mpl
    from matplotlib.figure import Figure

    with mpl.rc_context(STYLE):
        figure = Figure(figsize=(6.4, 4.8), layout="constrained")
        loss, accuracy = figure.subplots(2, 1, sharex=True)
        _panel(loss, history, 1, "loss on hidden tokens, nats")
        _panel(accuracy, history, 2, "accuracy on hidden tokens")
        accuracy.yaxis.set_major_formatter("{x:.0%}")
        accuracy.set_xlabel(f"step ({history.hours:.2f} hours of the processor)")
        loss.legend(frameon=False)
        figure.savefig(out, format="svg", metadata={"Date": None, "Creator": None})


def _panel(axes: Axes, history: History, column: int, label: str) -> None:
    for points, colour, marker, name in (
        (history.trained, TRAINED, "", "training batches"),
        (history.held_out, HELD_OUT, "o", "held-out documents, averaged weights"),
    ):
        steps, values = [p[0] for p in points], [p[column] for p in points]
        axes.plot(steps, values, color=colour, marker=marker, label=name)
    axes.set_ylabel(label)
    axes.grid(alpha=0.25)
