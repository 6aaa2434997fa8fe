"""A verified draft writes what left-to-right decoding writes, in no more passes."""

from __future__ import annotations

from dataclasses import replace

import pytest
import torch
from hypothesis import given, settings

from instant_edit.drafting import AUTOREGRESSIVE, Plan, Sampler, Words
from instant_edit.models.protocol import Prediction
from instant_edit.verified import VerifiedDraft
from tests.core.chance import CONTEXT, LIKELY, WORDS, ChanceDenoiser, denoise, row
from tests.core.test_drafting import PLANS, SALTS, SAMPLERS

END = WORDS.special.end
many = settings(max_examples=20, deadline=None)


def left_to_right(denoiser: ChanceDenoiser, plan: Plan) -> tuple[int, ...]:
    """Greedy decoding, one token at a time, written out."""
    words, ids = Words(WORDS, plan.forced), list[int]()
    while len(ids) < plan.limit:
        token = int(words.allow(denoiser.causal(ids)).argmax())
        words.take(token)
        ids.append(token)
    return tuple(ids)


def strict(sampler: Sampler) -> Sampler:
    """Exact verification, and no say for the canvas but where the span ends."""
    return replace(sampler, agreement=1.0, canvas_share=0.0, earlier_share=0.0)


@many
@given(SALTS, PLANS, SAMPLERS)
def test_whatever_the_canvas_drafts_the_causal_pass_has_the_say(
    salt: int, plan: Plan, sampler: Sampler
) -> None:
    denoiser, plan = ChanceDenoiser(salt), replace(plan, greedy=True)
    done = denoise(denoiser, [plan], strict(sampler), verified=True)
    (outcome,) = done.outcomes()
    reference = left_to_right(denoiser, plan)
    assert outcome.ids == reference[: len(outcome.ids)]
    if plan.exact:
        assert outcome.ids == reference


@many
@given(SALTS, PLANS, SAMPLERS)
def test_there_are_never_more_passes_than_left_to_right(
    salt: int, plan: Plan, sampler: Sampler
) -> None:
    done = denoise(ChanceDenoiser(salt), [plan], sampler, verified=True)
    assert done.passes <= len(done.outcomes()[0].ids) + 1


@settings(max_examples=20, deadline=None)
@given(SALTS, PLANS)
def test_the_baseline_writes_one_token_a_pass(salt: int, plan: Plan) -> None:
    denoiser, plan = ChanceDenoiser(salt), replace(plan, greedy=True)
    done = denoise(denoiser, [plan], AUTOREGRESSIVE, verified=True)
    (outcome,) = done.outcomes()
    assert done.passes == len(outcome.ids) + 1
    assert outcome.ids == left_to_right(denoiser, plan)[: len(outcome.ids)]


@settings(max_examples=20, deadline=None)
@given(SALTS, PLANS)
def test_the_likelihood_is_that_of_the_tokens_written(salt: int, plan: Plan) -> None:
    denoiser = ChanceDenoiser(salt)
    (outcome,) = denoise(denoiser, [plan], Sampler(), verified=True).outcomes()
    rows = (denoiser.causal(outcome.ids[:i])[token] for i, token in enumerate(outcome.ids))
    assert sum(outcome.likelihoods) == pytest.approx(float(sum(rows)), rel=1e-4, abs=1e-4)


def sure_of(*tokens: int) -> torch.Tensor:
    """Rows (len(tokens), V) that are nearly sure of one token each."""
    rows = torch.stack([row("sure", token) for token in tokens])
    rows[range(len(tokens)), list(tokens)] = 20.0
    return rows.log_softmax(-1)


def draft() -> VerifiedDraft:
    return VerifiedDraft(Plan(CONTEXT, limit=8), Sampler(), WORDS, torch.Generator())


def test_the_span_ends_where_the_canvas_says_end() -> None:
    a, b, c = LIKELY[:3]
    one = draft()
    one.answer(Prediction(sure_of(a), sure_of(a, b, END)))
    assert one.question()[0] == [a, b]
    kept = one.answer(Prediction(sure_of(a, b, c), sure_of(END, END)))
    assert kept == 2
    assert one.done
    assert one.outcome().ended
    assert one.outcome().ids == (a, b)


def test_drafting_stops_where_the_canvas_is_in_doubt() -> None:
    a, b, c = LIKELY[:3]
    doubtful = sure_of(a, b, c)
    doubtful[1] = torch.zeros(WORDS.vocabulary).log_softmax(-1)
    one = draft()
    one.answer(Prediction(sure_of(a), doubtful))
    assert one.question()[0] == [a]


def test_what_the_causal_pass_denies_is_dropped_with_all_after_it() -> None:
    a, b, c = LIKELY[:3]
    one = draft()
    one.answer(Prediction(sure_of(a), sure_of(a, b, c)))
    assert one.question()[0] == [a, b, c]
    kept = one.answer(Prediction(sure_of(a, c, a, a), sure_of(a, a)))
    assert kept == 1
    assert one.question()[0] == [c]


def test_a_span_of_no_tokens_is_done_before_it_begins() -> None:
    plan = Plan(CONTEXT, limit=0, exact=True)
    assert VerifiedDraft(plan, Sampler(), WORDS, torch.Generator()).outcome().ids == ()


A, B = WORDS.encode("x")[0], WORDS.encode("y")[0]
BREAK, SUFFIX = WORDS.encode("\n   ")[0], tuple(WORDS.encode("\n    return"))


def at_a_line_end() -> VerifiedDraft:
    """A draft that wrote one token and would go on with a line break, as its suffix begins."""
    plan = Plan(CONTEXT, limit=8, following=SUFFIX)
    one = VerifiedDraft(plan, Sampler(), WORDS, torch.Generator())
    for token in (A, BREAK):
        size = len(one.question()[0])
        rows = sure_of(*[A] * size, token)
        assert one.answer(Prediction(rows, sure_of(token))) == size
    return one


def test_at_a_line_end_the_suffix_is_asked_for_and_ends_the_span() -> None:
    one = at_a_line_end()
    assert one.question() == (list(SUFFIX), [])
    one.answer(Prediction(sure_of(*SUFFIX, A), torch.empty(0, WORDS.vocabulary)))
    assert one.done
    assert one.outcome().ids == (A,)
    assert one.outcome().ended
    assert len(one.outcome().confidence) == 1


def test_where_the_suffix_does_not_follow_the_span_goes_on() -> None:
    one = at_a_line_end()
    one.answer(Prediction(sure_of(*[B] * len(SUFFIX), A), torch.empty(0, WORDS.vocabulary)))
    assert not one.done
    assert one.question()[0] == [BREAK]


def test_a_deadline_at_a_line_end_leaves_the_line_whole() -> None:
    one = at_a_line_end()
    one.finish()
    assert one.outcome().ids == (A,)
