"""What an edit must stand up to after the gate has passed it."""

from __future__ import annotations

import difflib
from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING

from instant_edit import edit_kinds
from instant_edit.request import Finding

if TYPE_CHECKING:
    from instant_edit.apply.draft import Change, Draft
    from instant_edit.apply.options import ApplyOptions

Judge = Callable[["Draft", "Change"], Finding | None]
CONFIDENCE, LINES, KIND, VERIFY = "confidence", "changed-lines", "not-settled", "verify"


def judges(options: ApplyOptions, *more: Judge) -> Sequence[Judge]:
    """The judges of a run, the cheap ones first; each sees the draft with the change in it."""
    found: list[Judge] = [settles_its_kind]
    if options.min_confidence > 0:
        found.append(sure_enough(options.min_confidence))
    if options.max_changed_lines is not None:
        found.append(small_enough(options.max_changed_lines))
    return (*found, *more)


def objection(judges: Sequence[Judge], draft: Draft, change: Change) -> Finding | None:
    """The first thing that any of the judges has against a change."""
    for judge in judges:
        finding = judge(draft, change)
        if finding is not None:
            return finding
    return None


def settles_its_kind(draft: Draft, change: Change) -> Finding | None:
    """An edit of a kind must leave fewer places of that kind."""
    task = change.task
    if task.kind is None:
        return None
    before = draft.without(change).text
    if edit_kinds.settled(edit_kinds.get(task.kind), before, draft.text, draft.language):
        return None
    message = f"the edit is well-formed, but its place still lacks what --kind {task.kind} asks"
    return Finding(KIND, message, task.spans[0].start)


def sure_enough(least: float) -> Judge:
    """Abstain below a confidence, in [0, 1]."""

    def judge(draft: Draft, change: Change) -> Finding | None:
        del draft
        unsure = min(change.edits, key=lambda edit: edit.confidence)
        if unsure.confidence >= least:
            return None
        message = f"confidence {unsure.confidence:.2f} is below {least:.2f}"
        return Finding(CONFIDENCE, message, unsure.span.start)

    return judge


def small_enough(most: int) -> Judge:
    """Reject an edit that takes out and puts in more lines than that."""

    def judge(draft: Draft, change: Change) -> Finding | None:
        count = changed_lines(draft.source, draft.only(change).text)
        if count <= most:
            return None
        message = f"{count} lines would change, and at most {most} may"
        return Finding(LINES, message, change.task.spans[0].start)

    return judge


def changed_lines(old: str, new: str) -> int:
    """The lines that a diff takes out of a text and puts in, together."""
    before, after = old.split("\n"), new.split("\n")
    shorter = min(len(before), len(after))
    head = next((i for i in range(shorter) if before[i] != after[i]), shorter)
    tail = next(
        (i for i in range(shorter - head) if before[-1 - i] != after[-1 - i]), shorter - head
    )
    matcher = difflib.SequenceMatcher(
        None, before[head : len(before) - tail], after[head : len(after) - tail]
    )
    codes = matcher.get_opcodes()
    return sum((j - i) + (m - k) for tag, i, j, k, m in codes if tag != "equal")
