"""A free draft commits in any order, grows, is cut at END, and revises each slot once."""

from __future__ import annotations

from dataclasses import replace

import pytest
import torch
from hypothesis import given, settings
from hypothesis import strategies as st

from instant_edit.drafting import Plan, Sampler
from instant_edit.free import FreeDraft
from instant_edit.models.protocol import Prediction
from tests.core.chance import CONTEXT, LIKELY, WORDS, ChanceDenoiser, StopAfter, denoise, row
from tests.core.test_drafting import PLANS, SALTS, SAMPLERS
from tests.core.test_verified import sure_of

MASK, END = WORDS.special.mask, WORDS.special.end
A, B, C = LIKELY[:3]
many = settings(max_examples=20, deadline=None)


def draft(plan: Plan, sampler: Sampler | None = None) -> FreeDraft:
    return FreeDraft(plan, sampler or Sampler(), WORDS, torch.Generator().manual_seed(0))


def answer(one: FreeDraft, *tokens: int) -> None:
    one.answer(Prediction(None, sure_of(*tokens) if tokens else sure_of(A)[:0]))


def test_end_cuts_the_canvas() -> None:
    one = draft(Plan(CONTEXT, limit=16), Sampler(slots=4))
    answer(one, A, B, END, C)
    answer(one, A, B)
    assert one.done
    assert one.outcome().ids == (A, B)
    assert one.outcome().ended


def test_end_at_once_leaves_an_empty_text() -> None:
    one = draft(Plan(CONTEXT, limit=16), Sampler(slots=4))
    answer(one, END, A, A, A)
    assert one.done
    assert one.outcome().ids == ()


def test_a_full_canvas_without_an_end_grows_up_to_the_limit() -> None:
    one = draft(Plan(CONTEXT, limit=13), Sampler(slots=4))
    sizes = []
    while not one.done:
        size = len(one.question()[1])
        sizes.append(size)
        answer(one, *[A] * size)
    assert sizes == [4, 12, 13, 13]  # the last pass finds nothing to revise
    assert one.outcome().ids == (A,) * 13


def test_only_sure_slots_are_committed_together() -> None:
    one = draft(Plan(CONTEXT, limit=4, exact=True))
    doubtful = sure_of(A, B, C, A)
    doubtful[1:3] = torch.zeros(WORDS.vocabulary).log_softmax(-1)
    one.answer(Prediction(None, doubtful))
    assert (one.canvas.ids[0], one.canvas.ids[3]) == (A, A)
    assert one.canvas.ids[1:3].count(MASK) == 1  # the bound leaves room for one doubt


def test_a_token_that_the_full_canvas_denies_is_revised() -> None:
    one = draft(Plan(CONTEXT, limit=2, exact=True))
    answer(one, A, B)
    answer(one, C, B)
    assert one.outcome().ids == (C, B)


FREE_PLANS = PLANS.map(lambda plan: replace(plan, forced=b""))


@many
@given(SALTS, FREE_PLANS, SAMPLERS)
def test_each_slot_is_revised_at_most_once(salt: int, plan: Plan, sampler: Sampler) -> None:
    one, changes, before = draft(plan, sampler), dict[int, int](), tuple[int, ...]()
    number = 0
    while not one.done:
        number += 1
        assert number < 300
        slots = one.question()[1]
        rows = [row(salt, number, slot) for slot in range(len(slots))]
        one.answer(Prediction(None, torch.stack(rows)))
        before = before[: len(one.canvas)]
        for slot, (old, new) in enumerate(zip(before, one.canvas.ids, strict=False)):
            if old not in (new, MASK):
                changes[slot] = changes.get(slot, 0) + 1
        before = one.canvas.ids
    assert set(changes.values()) <= {1}


@many
@given(
    SALTS,
    st.lists(st.sampled_from([A, B, C, MASK, MASK]), min_size=1, max_size=8),
    SAMPLERS,
    st.booleans(),
)
def test_a_repair_writes_open_slots_only_and_never_what_is_banned(
    salt: int, start: list[int], sampler: Sampler, greedy: bool
) -> None:
    banned = {i: LIKELY[(salt + i) % 8] for i, token in enumerate(start) if token == MASK}
    plan = Plan(CONTEXT, limit=20, start=tuple(start), banned=banned, greedy=greedy)
    (outcome,) = denoise(ChanceDenoiser(salt), [plan], sampler, verified=False).outcomes()
    assert len(outcome.ids) == len(start)
    for slot, (old, new) in enumerate(zip(start, outcome.ids, strict=True)):
        assert new == old or (old == MASK and new != banned[slot])


@pytest.mark.parametrize("steps", [0, 1])
def test_a_deadline_in_a_repair_keeps_what_was_frozen(steps: int) -> None:
    plan = Plan(CONTEXT, limit=6, start=(A, MASK, MASK, B, C))
    limits, denoiser = StopAfter(steps), ChanceDenoiser(0)
    done = denoise(denoiser, [plan], Sampler(), verified=False, limits=limits)
    ids = done.outcomes()[0].ids
    assert MASK not in ids
    assert END not in ids
    assert (ids[0], *ids[-2:]) == (A, B, C)


def test_forced_bytes_of_several_tokens_are_spelled_in_order() -> None:
    plan = Plan(CONTEXT, "xé(".encode(), limit=6, exact=True)
    one = draft(plan)
    while not one.done:
        answer(one, *[B] * 6)
    assert WORDS.decode_bytes(one.outcome().ids).startswith("xé(".encode())
    assert one.outcome().ids[-1] == B


def test_a_canvas_with_nothing_open_is_done_before_it_begins() -> None:
    plan = replace(Plan(CONTEXT, limit=2), start=(A, B))
    assert draft(plan).done
    assert draft(plan).outcome().ids == (A, B)
