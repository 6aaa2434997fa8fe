"""Repair by remasking: the tokens under the gate's findings are opened and denoised again."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from instant_edit.context import ContextWindow
from instant_edit.drafting import Outcome, Plan
from instant_edit.request import EditResult
from instant_edit.splice import Shift
from instant_edit.tokenizer import Tokenizer

REACH = 2  # tokens remasked on either side of a finding


def repairs(
    plans: Sequence[Plan],
    outcomes: Sequence[Outcome],
    result: EditResult,
    windows: Sequence[ContextWindow],
    tokenizer: Tokenizer,
) -> list[Plan] | None:
    """Plans that begin from the rejected canvases with the doubtful slots masked.

    The token right under a finding may not come back. None where no finding points into a
    canvas.
    """
    if not result.edits:
        return None
    regions = {region.old: region.new for region in Shift.of(result.edits).regions}
    out, opened = [], 0
    for plan, outcome, edit, here in zip(plans, outcomes, result.edits, windows, strict=True):
        new = regions[edit.span]
        found = [f.position - new.start for f in result.verdict.findings]
        inside = [p for p in found if 0 <= p <= len(edit.text)]
        hits = sorted({token_at(outcome.ids, p, edit.text, here, tokenizer) for p in inside})
        slots = {i for hit in hits for i in range(hit - REACH, hit + REACH + 1)}
        start = list(outcome.ids)
        banned = {hit: start[hit] for hit in hits if 0 <= hit < len(start)}
        safe = spelled(outcome.ids, here.forced, tokenizer)
        for slot in slots & set(range(safe, len(start))):
            start[slot] = tokenizer.special.mask
            opened += 1
        banned = {slot: token for slot, token in banned.items() if slot >= safe}
        opened_plan = replace(plan, forced=b"", start=tuple(start), banned=banned, verified=False)
        out.append(opened_plan)
    return out if opened else None


def token_at(
    ids: Sequence[int], position: int, text: str, here: ContextWindow, tokenizer: Tokenizer
) -> int:
    """The slot whose token holds code point ``position`` of the replacement ``text``."""
    plain = text[:position].replace("\r\n", "\n").encode()
    wanted, seen = len(here.forced) + len(plain), 0
    for index, token in enumerate(ids):
        seen += len(tokenizer.token_bytes[token])
        if seen > wanted:
            return index
    return len(ids) - 1


def spelled(ids: Sequence[int], forced: bytes, tokenizer: Tokenizer) -> int:
    """How many leading tokens spell the forced bytes; they are never remasked."""
    seen = 0
    for index, token in enumerate(ids):
        if seen >= len(forced):
            return index
        seen += len(tokenizer.token_bytes[token])
    return len(ids)
