"""Canvases side by side are what each would be alone, and accepted tokens become context."""

from __future__ import annotations

import torch
from hypothesis import given, settings
from hypothesis import strategies as st
from torch import Tensor

from instant_edit.models.protocol import Branch, ContextIds, Prediction
from tests import tiny

DENOISER = tiny.denoiser()
IDS = st.integers(17, tiny.SMALL_VOCABULARY - 1)
TEXTS = st.lists(IDS, max_size=5)
CONTEXTS = st.builds(
    lambda prefix, tail: ContextIds((0, *prefix), (6, *tail) if tail else ()), TEXTS, TEXTS
)
SLOTS = st.lists(IDS | st.just(4), max_size=5)
CASES = st.lists(st.tuples(CONTEXTS, TEXTS, SLOTS), min_size=1, max_size=4)


def close(one: Tensor | None, other: Tensor | None) -> bool:
    assert one is not None
    assert other is not None
    return one.shape == other.shape and torch.allclose(one, other, atol=1e-4)


def alone(context: ContextIds, draft: list[int], canvas: list[int]) -> Prediction:
    return DENOISER.encode([context]).forward([draft], [canvas])[0]


@settings(max_examples=25, deadline=None)
@given(CASES)
def test_canvases_side_by_side_are_as_each_alone(
    cases: list[tuple[ContextIds, list[int], list[int]]],
) -> None:
    contexts, drafts, canvases = (list(part) for part in zip(*cases, strict=True))
    together = DENOISER.encode(contexts).forward(drafts, canvases)
    for prediction, case in zip(together, cases, strict=True):
        single = alone(*case)
        assert close(prediction.causal, single.causal)
        assert close(prediction.canvas, single.canvas)
        assert len(prediction.canvas) == len(case[2])
        assert prediction.canvas.shape[-1] == tiny.SMALL_VOCABULARY


@settings(max_examples=25, deadline=None)
@given(CASES, st.data())
def test_accepted_tokens_are_as_if_they_had_stood_in_the_prefix(
    cases: list[tuple[ContextIds, list[int], list[int]]], data: st.DataObject
) -> None:
    contexts = [case[0] for case in cases]
    drafts = [case[1] for case in cases]
    session = DENOISER.encode(contexts)
    session.forward(drafts, [[] for _ in cases])
    counts = [data.draw(st.integers(0, len(draft))) for draft in drafts]
    session.accept(counts)
    after = session.forward([[30, 31] for _ in cases], [case[2] for case in cases])
    for case, count, prediction in zip(cases, counts, after, strict=True):
        context, draft, canvas = case
        longer = ContextIds((*context.prefix, *draft[:count]), context.tail)
        again = alone(longer, [30, 31], canvas)
        assert close(prediction.causal, again.causal)
        if not context.tail:  # a tail keeps the place it had when it was encoded
            assert close(prediction.canvas, again.canvas)


BRANCHES = st.lists(
    st.tuples(st.integers(0, 5), st.lists(IDS, min_size=1, max_size=4), st.booleans()), max_size=3
)


@settings(max_examples=25, deadline=None)
@given(CASES, st.data())
def test_a_branch_is_as_what_it_asks_alone(
    cases: list[tuple[ContextIds, list[int], list[int]]], data: st.DataObject
) -> None:
    contexts, drafts, canvases = (list(part) for part in zip(*cases, strict=True))
    branches = [
        [Branch(min(k, len(draft)), tuple(ids), clean) for k, ids, clean in data.draw(BRANCHES)]
        for draft in drafts
    ]
    together = DENOISER.encode(contexts).forward(drafts, canvases, branches)
    plain = DENOISER.encode(contexts).forward(drafts, canvases)
    for case, asked, one, without in zip(cases, branches, together, plain, strict=True):
        assert close(one.causal, without.causal)
        assert close(one.canvas, without.canvas)
        for branch, rows in zip(asked, one.branches, strict=True):
            before, ids = case[1][: branch.after], list(branch.ids)
            if branch.clean:
                causal = alone(case[0], [*before, *ids], []).causal
                assert causal is not None
                assert close(rows, causal[len(before) : -1])
            else:
                assert close(rows, alone(case[0], before, ids).canvas)


def test_accepting_step_by_step_is_as_accepting_at_once() -> None:
    context = ContextIds((0, 20, 21), (6, 22, 23))
    slowly, quickly = DENOISER.encode([context]), DENOISER.encode([context])
    for token in (30, 31, 32):
        slowly.forward([[token]], [[4]])
        slowly.accept([1])
    quickly.forward([[30, 31, 32]], [[4, 4]])
    quickly.accept([3])
    one, two = (s.forward([[33]], [[4, 4]])[0] for s in (slowly, quickly))
    assert close(one.causal, two.causal)
    assert close(one.canvas, two.canvas)


def test_causal_rows_see_neither_suffix_nor_canvas() -> None:
    one = alone(ContextIds((0, 20), (6, 30, 31)), [22], [4, 4])
    two = alone(ContextIds((0, 20), (6, 40)), [22], [41])
    assert close(one.causal, two.causal)


def test_canvas_rows_see_the_suffix_and_the_slots_after_them() -> None:
    context = ContextIds((0, 20), (6, 30))
    plain = alone(context, [], [4, 4, 4]).canvas
    assert not close(plain, alone(ContextIds((0, 20), (6, 31)), [], [4, 4, 4]).canvas)
    assert not close(plain[0], alone(context, [], [4, 33, 4]).canvas[0])


def test_the_causal_rows_are_the_base_read_left_to_right() -> None:
    base = DENOISER.network
    hidden, _ = base(torch.tensor([[0, 20, 21, 22]]), torch.arange(4)[None])
    scores = base.logits(hidden[0, 1:]).log_softmax(-1)
    assert close(alone(ContextIds((0, 20), (6, 30)), [21, 22], [4]).causal, scores)
