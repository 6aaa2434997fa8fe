"""The lines in which two texts differ: what a user would select."""

from __future__ import annotations

from instant_edit.request import Span


def changed_lines(old: str, new: str) -> tuple[Span, str]:
    """The shortest run of whole lines of ``old`` to replace, and what to put there for ``new``.

    The span is empty where lines are only to be put in; both are where nothing differs.
    """
    olds, news = old.splitlines(keepends=True), new.splitlines(keepends=True)
    least = min(len(olds), len(news))
    first = next((i for i in range(least) if olds[i] != news[i]), least)
    last = next((i for i in range(least - first) if olds[-1 - i] != news[-1 - i]), least - first)
    kept = slice(first, len(olds) - last), slice(first, len(news) - last)
    start = sum(map(len, olds[:first]))
    return Span(start, start + sum(map(len, olds[kept[0]]))), "".join(news[kept[1]])
