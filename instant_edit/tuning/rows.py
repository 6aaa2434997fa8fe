"""What both models are measured on: spans that the held-out commits changed."""

from __future__ import annotations

import re
from dataclasses import dataclass
from random import Random
from typing import TYPE_CHECKING, Literal

from instant_edit import languages
from instant_edit.errors import InputError
from instant_edit.evaluation.cases import Case
from instant_edit.request import Span
from instant_edit.training import histories
from instant_edit.training.histories import Part
from instant_edit.tuning.repository import is_source, patterns

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from instant_edit.training.histories import FileChange, HistoryEdit, Hunk
    from instant_edit.tuning.repository import Repository

MOST_LINES = 4  # of a span to be filled
MOST_CHARACTERS = 240  # of a span
MOST_ROWS = 60  # of each kind, unless the user says how many
_WORD = re.compile(r"\w\w")


@dataclass(frozen=True, slots=True)
class Rows:
    """Rows of either kind; the number of all there are, before some were drawn.

    Args:
        fills: a changed place, its old text hidden: the new one is to be found.
        rewrites: the text before the change, and the commit's subject as the instruction.
        all_fills, all_rewrites: how many there are.
    """

    fills: tuple[Case, ...]
    rewrites: tuple[Case, ...]
    all_fills: int
    all_rewrites: int

    def of(self, mode: Literal["fill", "rewrite"]) -> tuple[Case, ...]:
        """The rows of one kind."""
        return self.fills if mode == "fill" else self.rewrites


def held_out(
    repository: Repository, learned: Sequence[str], seed: int, most: int = MOST_ROWS
) -> Rows:
    """The rows of the held-out commits.

    Args:
        repository: where.
        learned: the texts that are learned from; a span that stands in one of them is no row.
        seed: which rows are drawn where there are more than ``most``.
        most: rows of each kind.

    Raises:
        InputError: the commits change no span that could be measured.
    """
    fills = _unseen(list(_fills(repository)), learned)
    part = Part(repository.after, before_2025=False)
    edits = histories.edits(repository.path, None, part)
    rewrites = _unseen([_rewrite(number, edit) for number, edit in enumerate(edits)], learned)
    if not fills and not rewrites:
        raise InputError(
            f"the newest {repository.held_out} commits of {repository.path} change no line of "
            "source code that could be measured; hold out more with --held-out"
        )
    drawn = [_drawn(rows, seed, most) for rows in (fills, rewrites)]
    return Rows(drawn[0], drawn[1], len(fills), len(rewrites))


def _fills(repository: Repository) -> Iterator[Case]:
    part = Part(repository.after, patterns(), before_2025=False)
    seen: set[tuple[str, str]] = set()
    for change in histories.changes(repository.path, part):
        text = _text(repository, change)
        if text is None:
            continue
        lines = text.splitlines(keepends=True)
        for hunk in change.hunks:
            span = _span(lines, hunk)
            key = (change.path, text[span.start : span.end] if span else "")
            if span is None or key in seen:
                continue
            seen.add(key)
            yield Case(
                id=f"{change.commit[:12]}:{change.path}:{hunk.new_start}",
                group=change.commit,
                source=text,
                span=span,
                language=languages.for_path(change.path).id,
                reference=key[1],
            )


def _text(repository: Repository, change: FileChange) -> str | None:
    """The file after a change; None where it is no text that an example could be made of."""
    if not is_source(change.path):
        return None
    try:
        text = histories.text_at(repository.path, change.commit, change.path)
    except (InputError, UnicodeDecodeError):
        return None
    plain = len(text) <= histories.MOST_CHARACTERS and set("\r\f\v\x85\u2028\u2029").isdisjoint(
        text
    )
    return text if plain else None


def _span(lines: Sequence[str], hunk: Hunk) -> Span | None:
    """What a hunk put in, less the blanks around it; None where that is nothing, or much."""
    if not 0 < hunk.new_lines <= MOST_LINES:
        return None
    first = sum(map(len, lines[: hunk.new_start - 1]))
    new = "".join(lines[hunk.new_start - 1 : hunk.new_start - 1 + hunk.new_lines])
    start = first + len(new) - len(new.lstrip())
    text = new.strip()
    whole = len(text) <= MOST_CHARACTERS and _WORD.search(text) is not None
    return Span(start, start + len(text)) if whole else None


def _rewrite(number: int, edit: HistoryEdit) -> Case:
    start = len(edit.prefix)
    return Case(
        id=f"{edit.commit[:12]}:{edit.path}:{number}",
        group=edit.commit,
        source=edit.prefix + edit.old + edit.suffix,
        span=Span(start, start + len(edit.old)),
        language=edit.language,
        instruction=edit.instruction,
        reference=edit.new,
    )


def _unseen(rows: list[Case], learned: Sequence[str]) -> list[Case]:
    """Those whose answer stands in no text that is learned from."""
    everything = "\0".join(learned)
    return [row for row in rows if (row.reference or "").strip() not in everything]


def _drawn(rows: Sequence[Case], seed: int, most: int) -> tuple[Case, ...]:
    if len(rows) <= most:
        return tuple(rows)
    kept = sorted(Random(seed).sample(range(len(rows)), most))
    return tuple(rows[index] for index in kept)
