"""A repair opens the tokens under a finding and two on either side, never what is forced."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from instant_edit.drafting import Outcome, Plan
from instant_edit.job import Job
from instant_edit.repair import REACH, repairs
from instant_edit.request import Edit, EditRequest, EditResult, Finding, Span, Verdict
from instant_edit.splice import conform, splice
from instant_edit.text import SourceText
from tests.scripted import tokenizer

WORDS = tokenizer()
MASK = WORDS.special.mask
SOURCE = "def area(width, height):\n    result = 0\n    return result\n"
TEXTS = ["result = width * height + 1", "if width:\n        result = height", "x = 'é😀' + y"]


def repaired(
    text: str, *positions: int, before: str = SOURCE, old: str = "result = 0"
) -> tuple[tuple[int, ...], Plan | None, int]:
    """Tokens of a rejected text, the plan to repair it, and how many tokens were forced.

    The positions are those of findings, in the new text of the span.
    """
    start = before.index(old)
    span = Span(start, start + len(old))
    job = Job.of(EditRequest(before, (span,), "python"), WORDS)
    here = job.windows[0]
    ids = tuple(WORDS.encode(here.forced.decode() + text))
    new = conform(text, SourceText(before), span)
    edit = Edit(span, new, 1.0)
    findings = tuple(Finding("syntax", "bad", start + p) for p in positions)
    result = EditResult(splice(before, [edit]), (edit,), Verdict(False, findings))
    outcome = Outcome(ids, (1.0,) * len(ids), (), True)
    plans = repairs([job.plan(0)], [outcome], result, job.windows, WORDS)
    spelled, forced = len(here.forced), 0
    while spelled > 0:
        spelled -= len(WORDS.token_bytes[ids[forced]])
        forced += 1
    return ids, plans[0] if plans else None, forced


def under(ids: tuple[int, ...], text: str, forced: int, position: int) -> int:
    """The slot of the token that a position of the text falls in."""
    lead = len(WORDS.decode_bytes(ids)) - len(text.encode())
    at = lead + len(text[:position].encode())
    ends = [len(WORDS.decode_bytes(ids[: slot + 1])) for slot in range(len(ids))]
    return next((slot for slot, end in enumerate(ends) if end > at), len(ids) - 1)


@settings(max_examples=60, deadline=None)
@given(st.sampled_from(TEXTS), st.data())
def test_tokens_within_reach_of_a_finding_are_opened_and_no_others(
    text: str, data: st.DataObject
) -> None:
    position = data.draw(st.integers(0, len(text) - 1))
    ids, plan, forced = repaired(text, position)
    hit = under(ids, text, forced, position)
    near = range(max(forced, hit - REACH), min(len(ids), hit + REACH + 1))
    assert plan is not None
    assert [i for i, token in enumerate(plan.start) if token == MASK] == list(near)
    assert all(plan.start[i] == ids[i] for i in set(range(len(ids))) - set(near))
    assert plan.banned == ({hit: ids[hit]} if hit >= forced else {})


def test_forced_tokens_are_never_opened() -> None:
    ids, plan, forced = repaired("result = (", 0)
    assert forced > 0
    assert plan is not None
    assert plan.start[:forced] == ids[:forced]
    assert plan.forced == b""


def test_a_finding_past_the_end_opens_the_last_tokens() -> None:
    text = "result = width * height"
    ids, plan, _ = repaired(text, len(text))
    assert plan is not None
    assert [i for i, t in enumerate(plan.start) if t == MASK][-1] == len(ids) - 1


def test_several_findings_open_several_places() -> None:
    text = "result = width * height + width * height + 1"
    ids, plan, forced = repaired(text, 9, len(text) - 1)
    assert plan is not None
    assert plan.start[len(ids) // 2] == ids[len(ids) // 2]
    assert set(plan.banned) == {under(ids, text, forced, 9), len(ids) - 1}


@pytest.mark.parametrize("positions", [(), (-8,), (400,)])
def test_a_finding_elsewhere_opens_nothing(positions: tuple[int, ...]) -> None:
    assert repaired("result = width", *positions)[1] is None


def test_crlf_does_not_move_the_place() -> None:
    text = "if width:\n        result = ("
    unix, dos = (
        repaired(text, position, before=source)[1]
        for source, position in (
            (SOURCE, len(text) - 1),
            (SOURCE.replace("\n", "\r\n"), len(text)),  # one more character: the CR
        )
    )
    assert unix is not None
    assert dos is not None
    assert unix.start == dos.start


def test_a_result_without_edits_is_not_repaired() -> None:
    job = Job.of(EditRequest(SOURCE, (Span(0, 3),), "python"), WORDS)
    result = EditResult(SOURCE, (), Verdict(False, (Finding("incomplete", "short", 0),)))
    outcome = Outcome((), (), (), False)
    assert repairs([job.plan(0)], [outcome], result, job.windows, WORDS) is None
