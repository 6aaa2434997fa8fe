"""How an evaluation is shown: progress while it runs, a table at its end."""

from __future__ import annotations

from contextlib import contextmanager
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from typing import TextIO

_EVERY = 25  # rows a line, where there is no terminal to draw on


@contextmanager
def progress(total: int, stream: TextIO) -> Iterator[Callable[[bool | None], None]]:
    """Give a function that counts one finished row, passed or not."""
    done = passed = 0
    if not stream.isatty():

        def write(row_passed: bool | None) -> None:
            nonlocal done, passed
            done, passed = done + 1, passed + bool(row_passed)
            if done % _EVERY == 0 or done == total:
                stream.write(f"{done}/{total} rows · {passed} passed\n")
                stream.flush()

        yield write
        return
    from rich.console import Console
    from rich.progress import (
        BarColumn,
        MofNCompleteColumn,
        Progress,
        TextColumn,
        TimeElapsedColumn,
        TimeRemainingColumn,
    )

    columns = (
        BarColumn(),
        MofNCompleteColumn(),
        TextColumn("{task.description}"),
        TimeElapsedColumn(),
        TextColumn("elapsed ·"),
        TimeRemainingColumn(),
        TextColumn("left"),
    )
    with Progress(*columns, console=Console(file=stream)) as bar:
        task = bar.add_task("0 passed", total=total)

        def draw(row_passed: bool | None) -> None:
            nonlocal passed
            passed += bool(row_passed)
            bar.update(task, advance=1, description=f"{passed} passed")

        yield draw


def table(summary: dict[str, Any], document: dict[str, Any], stream: TextIO) -> None:
    """Print the figures, under a title that says how the length was found."""
    from rich.console import Console
    from rich.table import Table

    options, model = document["options"], document["model"]
    title = (
        f"{document['data']['file']} · {options['decoding']} · {options['length']} length · "
        f"{model['id']} · seed {options['seed']}"
    )
    view = Table(title=title, show_header=False, title_justify="left")
    for name, value in figures(summary):
        view.add_row(name, value)
    Console(file=stream).print(view)


def figures(summary: dict[str, Any]) -> Iterator[tuple[str, str]]:
    """Name and format every figure of a summary."""
    rates = {
        "pass_at_1": "pass@1",
        "exact_match": "exact match",
        "drafts_that_parse": "drafts that parse, before the gate",
        "edits_that_parse": "returned edits that parse",
        "no_edit": "no edit",
    }
    for key, name in rates.items():
        one = summary[key]
        interval = f"[{one['low']:.1%}, {one['high']:.1%}]"
        yield name, f"{one['rate']:.1%} {interval} ({one['count']} of {one['of']})"
    yield "forward passes an edit", f"{summary['forward_passes_per_edit']:.1f}"
    yield "tokens an edit", f"{summary['tokens_per_edit']:.1f}"
    yield "tokens a forward pass", f"{summary['tokens_per_forward']:.2f}"
    times = summary["milliseconds"]
    yield "milliseconds an edit", f"p50 {times['p50']:.0f} · p95 {times['p95']:.0f}"
    yield (
        "of which, on average",
        f"context {times['mean_context']:.0f} · denoise {times['mean_denoise']:.0f} · "
        f"gate {times['mean_gate']:.0f}",
    )
