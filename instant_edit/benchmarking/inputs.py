"""Code to fill: lines of Python's own standard library, in as much context as is asked for."""

from __future__ import annotations

import argparse
import heapq
import json.decoder
import statistics
import textwrap
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from functools import cache
from itertools import chain, zip_longest
from pathlib import Path

from instant_edit.request import EditRequest, Span

MODULES = (textwrap, heapq, argparse, statistics, json.decoder)
PREFIX_SHARE = 2 / 3  # of the context's tokens
MARGIN = 60  # lines of a module that no fill is taken from, at either end
SHORTEST, LONGEST = 8, 90  # characters of a line of code

CountTokens = Callable[[str], int]


@dataclass(frozen=True, slots=True)
class Fill:
    """A hole in real code, with the text that was there."""

    request: EditRequest
    truth: str


def fills(
    count_tokens: CountTokens, number: int, *, context: int = 512, lines: int = 1
) -> list[Fill]:
    """That many holes of whole lines of code, spread over the modules.

    Args:
        count_tokens: of the model.
        number: how many.
        context: tokens of source around each, about.
        lines: that each hides.
    """
    places = [_places(code, lines) for code in _sources()]
    mixed = chain.from_iterable(zip_longest(*places))
    chosen = [place for place in mixed if place is not None][:number]
    return [_fill(count_tokens, code, at, context, lines) for code, at in chosen]


@cache
def _sources() -> tuple[tuple[str, ...], ...]:
    texts = (Path(str(module.__file__)).read_text("utf-8") for module in MODULES)
    return tuple(tuple(text.splitlines(keepends=True)) for text in texts)


def _places(code: Sequence[str], lines: int) -> Iterator[tuple[Sequence[str], int]]:
    """Where that many lines of code stand together, no two places near each other."""
    for start in range(MARGIN, len(code) - MARGIN, 23):
        for at in range(start, start + 23 - lines):
            if all(_is_code(line) for line in code[at : at + lines]):
                yield code, at
                break


def _is_code(line: str) -> bool:
    words = line.strip()
    plain = not words.startswith(("#", '"', "'", ")", "]", "}", "@"))
    return line.startswith("        ") and plain and SHORTEST <= len(words) <= LONGEST


def _fill(
    count_tokens: CountTokens, code: Sequence[str], at: int, context: int, lines: int
) -> Fill:
    """Cut about ``context`` tokens around the hole."""
    first, last = at, at + lines - 1
    before = after = 0
    while first > 0 and before < context * PREFIX_SHARE:
        first -= 1
        before += count_tokens(code[first])
    while last < len(code) - 1 and before + after < context:
        last += 1
        after += count_tokens(code[last])
    hidden = "".join(code[at : at + lines])
    start = sum(map(len, code[first:at])) + len(hidden) - len(hidden.lstrip())
    span = Span(start, start + len(hidden.strip()))
    source = "".join(code[first : last + 1])
    return Fill(EditRequest(source, (span,), "python", mode="fill"), hidden.strip())
