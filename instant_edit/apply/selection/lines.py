"""From ``--lines A:B`` to spans."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from instant_edit.errors import SpanError
from instant_edit.spans import snap

if TYPE_CHECKING:
    from instant_edit.languages import Language
    from instant_edit.request import Span
    from instant_edit.text import SourceText

_LINES = re.compile(r"\s*(\d{1,9})\s*(?::\s*(\d{1,9})\s*)?", re.ASCII)


def parse_lines(argument: str, what: str = "--lines") -> tuple[int, int]:
    """Read ``A:B``, or ``A`` alone, as 1-based inclusive line numbers."""
    match = _LINES.fullmatch(argument)
    if match is None:
        raise SpanError(f"{what} {argument!r} is not A:B; give two line numbers, as in {what} 3:5")
    return int(match[1]), int(match[2] or match[1])


def by_lines(source: SourceText, argument: str, language: Language) -> Span:
    """Find the span of a line range, trimmed of blanks."""
    first, last = parse_lines(argument)
    return snap(source.text, source.lines_span(first, last), language)
