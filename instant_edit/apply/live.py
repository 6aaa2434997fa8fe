"""The canvas as it denoises, on stderr: drawn in place on a terminal, a line a step elsewhere."""

from __future__ import annotations

import os
import re
from contextlib import contextmanager
from typing import TYPE_CHECKING

from instant_edit.request import Span

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence
    from typing import TextIO

    from rich.panel import Panel

    from instant_edit.interface import StepLike
    from instant_edit.text import SourceText

MASK = "▒"
CONTEXT_LINES = 4
_MASKS = re.compile(f"({MASK}+)")


@contextmanager
def show_steps(
    source: SourceText, spans: Sequence[Span], name: str, stream: TextIO
) -> Iterator[Callable[[StepLike], None]]:
    """Give a function that shows each denoising step."""
    if not stream.isatty() or os.environ.get("TERM") == "dumb":
        yield lambda step: _write_line(step, stream)
        return
    from rich.console import Console
    from rich.live import Live

    with Live(console=Console(file=stream), auto_refresh=False) as live:
        yield lambda step: live.update(_panel(step, source, spans, name), refresh=True)


def step_line(step: StepLike) -> str:
    """Put one step on one line."""
    drafts = " ¦ ".join(printable(text).replace("\n", "⏎") for text in texts(step))
    return f"step {step.number:>3} · {step.masked:>3} masked · {drafts}"


def texts(step: StepLike) -> list[str]:
    """Put the pieces of each draft together."""
    return ["".join(piece.text for piece in draft) for draft in step.pieces]


def printable(text: str) -> str:
    r"""Take the characters that could move a cursor or ring a bell out of a draft."""
    text = text.replace("\r\n", "\n").replace("\r", "\n").expandtabs(4)
    return "".join(c if c == "\n" or c.isprintable() else "\N{REPLACEMENT CHARACTER}" for c in text)


def _write_line(step: StepLike, stream: TextIO) -> None:
    stream.write(step_line(step) + "\n")
    stream.flush()


def _panel(step: StepLike, source: SourceText, spans: Sequence[Span], name: str) -> Panel:
    from rich.panel import Panel
    from rich.text import Text

    body = Text(no_wrap=True, overflow="ellipsis")
    for number, (span, draft) in enumerate(zip(spans, texts(step), strict=True)):
        before, after = surroundings(source, span)
        body.append("\n⋮\n" if number else "", style="dim")
        body.append(printable(before), style="dim")
        for piece in _MASKS.split(printable(draft)):
            body.append(piece, style="cyan" if piece.startswith(MASK) else "bold green")
        body.append(printable(after), style="dim")
    left = f"{step.masked} masked" if step.masked else "complete"
    title = f"{printable(name)} · line {source.line_of(spans[0].start) + 1}"
    return Panel(body, title=title, subtitle=f"step {step.number} · {left}", title_align="left")


def surroundings(source: SourceText, span: Span) -> tuple[str, str]:
    """Give a few lines of text on either side of a span, up to the span itself."""
    first = max(source.line_of(span.start) - CONTEXT_LINES, 0)
    last = min(source.line_of(span.end) + CONTEXT_LINES, source.line_count - 1)
    before = Span(source.line_span(first).start, span.start)
    after = Span(span.end, source.line_span(last).end)
    return source.text[before.start : before.end], source.text[after.start : after.end]
