"""What the model reads of a span's surroundings, cut where the tokenizer would cut.

A prefix that ends in a bare newline or in half a word is a lie to a tokenizer that joins them
with what follows. So the last blanks of the prefix, or else its last token, are taken back and
become known characters that the canvas must begin with (``forced``); the suffix always begins
with its newline.
"""

from __future__ import annotations

import re
from dataclasses import dataclass

from instant_edit.models.protocol import ContextIds
from instant_edit.request import Mode, Span
from instant_edit.tokenizer import Tokenizer

CHARACTERS_PER_TOKEN = 6  # a window of characters is cut first, generously
CHARACTERS_MOVED = 1024  # at once, when that window moves with the span
MOVES = 6  # the prefix's start moves by this part of its budget: till then, typing leaves it alone
TRAILING_BLANKS = re.compile(r"\s*\Z")


@dataclass(frozen=True, slots=True)
class Budget:
    """Token budgets of the context."""

    prefix: int = 384
    suffix: int = 128
    instruction: int = 32
    old: int = 64
    related: int = 128  # of the prefix's


@dataclass(frozen=True, slots=True)
class ContextWindow:
    """The surroundings of one span, ready for the model.

    Args:
        ids: what the model reads.
        forced: bytes that the first tokens of the canvas must spell; they stand in the source
            already and are dropped from the replacement.
        closing: text that ends the replacement, shown to the model as the suffix's own start.
        following: ids of the text right after the span, for likelihoods.
    """

    ids: ContextIds
    forced: bytes
    closing: str
    following: tuple[int, ...]


def window(
    source: str,
    span: Span,
    tokenizer: Tokenizer,
    *,
    mode: Mode,
    instruction: str | None = None,
    hidden: tuple[Span, ...] = (),
    related: str = "",
    budget: Budget | None = None,
) -> ContextWindow:
    """The context of ``span``; the text of ``hidden`` spans is left out.

    Args:
        source: the whole text.
        span: what is to be written.
        tokenizer: the model's.
        mode: in ``"rewrite"`` the old text and the instruction are shown.
        instruction: what the user asked for.
        hidden: other spans whose text is being written at the same time.
        related: text from elsewhere, which the model reads before the prefix.
        budget: token budgets.
    """
    budget = budget or Budget()
    before = without(source, 0, span.start, hidden).replace("\r\n", "\n")
    after = without(source, span.end, len(source), hidden).replace("\r\n", "\n")
    old = source[span.start : span.end].replace("\r\n", "\n")
    closing = ""
    if _whole_lines(before, old, after):
        closing, after = "\n", "\n" + after
    excess = max(0, len(before) - budget.prefix * CHARACTERS_PER_TOKEN)
    before = before[excess // CHARACTERS_MOVED * CHARACTERS_MOVED :]
    after = after[: budget.suffix * CHARACTERS_PER_TOKEN]
    prefix, forced = split_prefix(before, tokenizer)
    elsewhere = tokenizer.encode(related)[: budget.related]
    room = budget.prefix - len(elsewhere)
    excess, move = max(0, len(prefix) - room), max(1, room // MOVES)
    prefix = prefix[-(-excess // move) * move :]
    ids = tokenizer.special
    following = tokenizer.encode(after)[: budget.suffix]
    tail = [ids.suffix, *following]
    if mode == "rewrite":
        tail += [ids.instruction, *tokenizer.encode(instruction or "rewrite")[: budget.instruction]]
        tail += [ids.old, *tokenizer.encode(old)[: budget.old]]
    return ContextWindow(
        ids=ContextIds((0, *elsewhere, *prefix), tuple(tail), forced),
        forced=forced,
        closing=closing,
        following=tuple(following),
    )


def split_prefix(before: str, tokenizer: Tokenizer) -> tuple[list[int], bytes]:
    """Token ids that are safe to read before the canvas, and the bytes taken back from them."""
    match = TRAILING_BLANKS.search(before)
    blanks = match.group() if match else ""
    if blanks.endswith("\n") or len(blanks) == 1:
        cut = len(before) - len(blanks)
    elif blanks:  # the tokenizer splits a run of blanks before its last one
        cut = len(before) - 1
    else:
        offsets = tokenizer.offsets(before)
        cut = offsets[-1][0] if offsets else 0
    return tokenizer.encode(before[:cut]), before[cut:].encode()


def _whole_lines(before: str, old: str, after: str) -> bool:
    """Whether the replacement is whole lines whose last newline lies inside the span."""
    if old:
        return old.endswith("\n")
    return (not before or before.endswith("\n")) and not after.startswith("\n")


def without(source: str, start: int, end: int, hidden: tuple[Span, ...]) -> str:
    """``source[start:end]`` less the parts of it that are hidden."""
    pieces, at = [], start
    for span in sorted(hidden):
        if start <= span.start and span.end <= end:
            pieces.append(source[at : span.start])
            at = span.end
    return "".join([*pieces, source[at:end]])
