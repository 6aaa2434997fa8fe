"""A verified draft writes what left-to-right decoding writes, in no more passes."""

from __future__ import annotations

from dataclasses import replace

import pytest
import torch
from hypothesis import given, settings

from instant_edit.drafting import AUTOREGRESSIVE, Plan, Sampler, Words
from instant_edit.models.protocol import ContextIds, Prediction
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
    return replace(sampler, agreement=1.0, canvas_share=0.0)


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


def nothing(count: int = 0) -> torch.Tensor:
    """Rows (count, V) that say nothing."""
    return torch.zeros(count, WORDS.vocabulary).log_softmax(-1)


def draft(sampler: Sampler | None = None, plan: Plan | None = None) -> VerifiedDraft:
    chosen = plan or Plan(CONTEXT, limit=8)
    return VerifiedDraft(chosen, sampler or Sampler(), WORDS, torch.Generator())


def test_the_span_ends_where_the_canvas_says_end() -> None:
    a, b, c = LIKELY[:3]
    one = draft()
    one.answer(Prediction(sure_of(a), sure_of(a, b, END)))
    question = one.question()
    assert question.draft == [a, b]
    assert [(stair.after, stair.clean) for stair in question.branches] == [(1, False)]
    kept = one.answer(Prediction(sure_of(a, b, c), sure_of(END, END), (sure_of(b, END, END),)))
    assert kept == 2
    assert one.done
    assert one.outcome().ended
    assert one.outcome().ids == (a, b)


def test_an_end_said_before_a_drafted_token_drops_it() -> None:
    a, b, c = LIKELY[:3]
    one = draft()
    one.answer(Prediction(sure_of(a), sure_of(a, b, c)))
    kept = one.answer(Prediction(sure_of(a, b, c, a), nothing(1), (sure_of(END), sure_of(c))))
    assert kept == 1
    assert one.outcome().ended
    assert one.outcome().ids == (a,)


def test_drafting_stops_where_the_canvas_is_in_doubt() -> None:
    a, b, c = LIKELY[:3]
    doubtful = sure_of(a, b, c)
    doubtful[1] = nothing(1)[0]
    one = draft()
    one.answer(Prediction(sure_of(a), doubtful))
    assert one.question().draft == [a]


def test_what_is_refused_is_dropped_with_all_after_it_and_drafting_goes_on_from_there() -> None:
    a, b, c, d = LIKELY[:4]
    one = draft(Sampler(canvas_share=0.5))
    one.answer(Prediction(sure_of(a), sure_of(a, b, c)))
    assert one.question().draft == [a, b, c]
    stairs = (sure_of(d, b, a), sure_of(c, c, c))
    kept = one.answer(Prediction(sure_of(a, d, a, a), sure_of(a, a), stairs))
    assert kept == 1
    assert one.question().draft == [d, b, a]


def test_without_stairs_the_causal_pass_alone_verifies() -> None:
    a, b, c = LIKELY[:3]
    one = draft(Sampler(stairs=0))
    one.answer(Prediction(sure_of(a), sure_of(a, b, c)))
    empty = nothing()
    kept = one.answer(Prediction(sure_of(a, c, a, a), sure_of(a, a), (empty, empty)))
    assert kept == 1
    assert one.question().draft == [c]


def test_what_the_context_repeats_is_drafted() -> None:
    a, b, c, d = LIKELY[:4]
    said = ContextIds((0, d, a, b, c, b, a, 20), (6, 21))
    one = draft(Sampler(lookup=3), Plan(said, limit=8))
    for token in (d, a):
        size = len(one.question().draft)
        assert one.answer(Prediction(sure_of(*[a] * size, token), nothing(1))) == size
    assert one.question().draft == [a]  # two tokens only are known to repeat
    one.answer(Prediction(sure_of(a, b), nothing(1)))
    assert one.question().draft == [b, c, b, a, 20]


def test_a_span_of_no_tokens_is_done_before_it_begins() -> None:
    assert draft(plan=Plan(CONTEXT, limit=0, exact=True)).outcome().ids == ()


A, B = WORDS.encode("x")[0], WORDS.encode("y")[0]
BREAK, SUFFIX = WORDS.encode("\n   ")[0], tuple(WORDS.encode("\n    return"))
FOLLOWS, FOLLOWS_NOT = sure_of(*SUFFIX), sure_of(*[B] * len(SUFFIX))


def at_a_line_end() -> VerifiedDraft:
    """A draft that wrote one token and would go on with a line break, as its suffix begins."""
    one = draft(plan=Plan(CONTEXT, limit=8, following=SUFFIX))
    for token in (A, BREAK):
        size = len(one.question().draft)
        assert one.answer(Prediction(sure_of(*[A] * size, token), sure_of(token))) == size
    (asked,) = one.question().branches
    assert (asked.after, asked.ids, asked.clean) == (0, SUFFIX, True)
    return one


def test_at_a_line_end_the_suffix_is_asked_for_and_ends_the_span() -> None:
    one = at_a_line_end()
    assert one.answer(Prediction(sure_of(A, B), sure_of(B), (FOLLOWS,))) == 0
    assert one.done
    assert one.outcome().ids == (A,)
    assert one.outcome().ended
    assert len(one.outcome().confidence) == 1


def test_where_the_suffix_does_not_follow_the_same_pass_goes_on() -> None:
    one = at_a_line_end()
    assert one.answer(Prediction(sure_of(A, B), sure_of(B), (FOLLOWS_NOT,))) == 1
    assert not one.done
    assert one.question().draft == [B]


def test_a_line_end_that_the_canvas_expects_is_asked_for_beforehand() -> None:
    one = draft(plan=Plan(CONTEXT, limit=8, following=SUFFIX))
    one.answer(Prediction(sure_of(A), sure_of(A, BREAK)))
    (asked,) = one.question().branches
    assert (asked.after, asked.ids, asked.clean) == (1, SUFFIX, True)
    one.answer(Prediction(sure_of(A, BREAK), sure_of(BREAK), (FOLLOWS,)))
    assert one.done
    assert one.outcome().ids == (A,)


def test_after_enough_line_ends_it_is_done_without_an_end() -> None:
    one = draft(plan=Plan(CONTEXT, limit=8, following=SUFFIX, probes=1))
    one.answer(Prediction(sure_of(A), sure_of(A, BREAK)))
    one.answer(Prediction(sure_of(A, BREAK), sure_of(BREAK), (FOLLOWS_NOT,)))
    assert one.done
    assert not one.outcome().ended


def test_a_deadline_at_a_line_end_leaves_the_line_whole() -> None:
    one = at_a_line_end()
    one.finish()
    assert one.outcome().ids == (A,)


def instructed(*old: int, sampler: Sampler | None = None) -> VerifiedDraft:
    """A draft of a rewrite of ``old``."""
    return draft(sampler, Plan(CONTEXT, limit=8, instructed=True, old=old, following=SUFFIX))


def test_in_a_rewrite_the_canvas_alone_decides() -> None:
    a, b, c = LIKELY[:3]
    one = instructed()
    one.answer(Prediction(sure_of(b), sure_of(a)))
    assert one.question().draft == [a]
    one.answer(Prediction(sure_of(b, b), sure_of(END)))
    assert one.outcome().ids == (a,)
    assert one.outcome().ended
    assert one.outcome().likelihoods == pytest.approx((0.0,), abs=1e-3)
    assert c not in one.outcome().ids


def test_a_rewrite_drafts_what_the_old_text_goes_on_with() -> None:
    a, b, c, d = LIKELY[4:8]
    one = instructed(a, b, c, d)
    one.answer(Prediction(nothing(1), sure_of(b)))
    question = one.question()
    assert question.draft == [b, c, d]
    assert [(stair.after, stair.clean) for stair in question.branches] == [(1, False), (2, False)]


def test_a_copied_token_that_the_canvas_would_not_write_is_dropped() -> None:
    a, b, c, d = LIKELY[4:8]
    one = instructed(a, b, c, d)
    one.answer(Prediction(nothing(1), sure_of(a)))
    nearly = sure_of(d, d)
    nearly[0, c] = nearly[0, d] - 0.1  # likely, but not what would be written
    kept = one.answer(Prediction(nothing(5), sure_of(END), (sure_of(b), nearly, sure_of(d))))
    assert kept == 2
    assert one.question().draft[0] == d


def test_a_rewrite_is_verified_by_slots_even_where_fills_are_not() -> None:
    a, b = LIKELY[4:6]
    one = instructed(a, b, sampler=Sampler(stairs=0))
    one.answer(Prediction(nothing(1), sure_of(a)))
    assert [len(stair.ids) for stair in one.question().branches] == [1]
