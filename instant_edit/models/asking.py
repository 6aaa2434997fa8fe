"""How the embedded model is asked for a rewrite: in plain words, where it reads left to right.

The engine's contexts hold instruction and old text behind control tokens in the tail. The frozen
weights know no such tokens, and have never copied text that stands behind; what they do know is to
go on from an example. So both are spelled out between the prefix and the canvas, and the start of
the span's line is repeated, for the canvas to go on with.
"""

from __future__ import annotations

from collections.abc import Sequence
from itertools import takewhile

from instant_edit.models.protocol import ContextIds
from instant_edit.tokenizer import Tokenizer

LEAD = 24  # tokens of the span's line that are repeated at most


def in_words(context: ContextIds, tokenizer: Tokenizer) -> ContextIds:
    """A context whose instruction and old text stand in words behind its prefix.

    A context of a fill is returned as it is.
    """
    ids = tokenizer.special
    if ids.instruction not in context.tail:
        return context
    at, old_at = context.tail.index(ids.instruction), context.tail.index(ids.old)
    said, old = context.tail[at + 1 : old_at], context.tail[old_at + 1 :]
    wish = request(context.prefix, said, old, context.forced, tokenizer)
    return ContextIds((*context.prefix, *wish), context.tail[:at], context.forced)


def request(
    prefix: Sequence[int],
    instruction: Sequence[int],
    old: Sequence[int],
    forced: bytes,
    tokenizer: Tokenizer,
) -> list[int]:
    """The ids of the words between a prefix and the canvas, which begins with ``forced``."""
    line = line_start(prefix, tokenizer)
    lead = tokenizer.decode(line).rpartition("\n")[2] + forced.decode("utf-8", "replace")
    wish, before = tokenizer.decode(instruction), tokenizer.decode(old)
    words = f"\n### Instruction: {wish}\n### Before:\n{lead}{before}\n### After:"
    return [*tokenizer.encode(words), *line]


def line_start(prefix: Sequence[int], tokenizer: Tokenizer) -> list[int]:
    """The ids of the line that a prefix ends in, from its line break on; of a long one, the last.

    Where the line break is not among them, one is put before them.
    """
    pieces, first = tokenizer.token_bytes, tokenizer.special.first_text_id

    def within(token: int) -> bool:
        return token >= first and b"\n" not in pieces[token]

    own = list(takewhile(within, reversed(prefix[-LEAD:])))[::-1]
    before = prefix[-len(own) - 1] if len(own) < len(prefix) else 0
    return [before, *own] if b"\n" in pieces[before] else [*tokenizer.encode("\n"), *own]
