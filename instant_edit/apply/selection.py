"""From ``--lines A:B`` to spans."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from instant_edit.errors import SpanError
from instant_edit.spans import check, snap

if TYPE_CHECKING:
    from collections.abc import Sequence

    from instant_edit.languages import Language
    from instant_edit.request import Span
    from instant_edit.text import SourceText

_LINES = re.compile(r"\s*(\d{1,9})\s*(?::\s*(\d{1,9})\s*)?", re.ASCII)


def parse_lines(argument: str) -> tuple[int, int]:
    """Read ``A:B``, or ``A`` alone, as 1-based inclusive line numbers."""
    match = _LINES.fullmatch(argument)
    if match is None:
        raise SpanError(
            f"--lines {argument!r} is not A:B; give two line numbers, as in --lines 3:5"
        )
    first, last = int(match[1]), int(match[2] or match[1])
    return first, last


def select(source: SourceText, lines: Sequence[str], language: Language) -> tuple[Span, ...]:
    """Find the spans of the line ranges, trimmed of blanks, in the order of the file."""
    ranges = [parse_lines(argument) for argument in lines]
    whole = sorted(source.lines_span(first, last) for first, last in ranges)
    check(whole, source.text)
    return tuple(snap(source.text, span, language) for span in whole)
