"""What every draft keeps to, whatever the model says."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from instant_edit.drafting import Outcome, Plan, Sampler, Words
from tests.core.chance import CONTEXT, WORDS, ChanceDenoiser, StopAfter, denoise

FORCED = st.sampled_from(["", " ", "\n", "\n\n\n    ", " re", "\t", "é", " zqx", "\r", "x = fo"])
UNIT = st.floats(0.05, 1.0)
SAMPLERS = st.builds(
    Sampler,
    entropy_bound=st.floats(0, 3),
    confidence=UNIT,
    drafting=UNIT,
    revising=UNIT,
    agreement=UNIT,
    canvas_share=st.floats(0, 1),
    stairs=st.integers(0, 4),
    lookup=st.integers(0, 3),
    reach=st.integers(0, 9),
    expect=UNIT,
    end=UNIT,
    slots=st.integers(1, 12),
)
PLANS = st.builds(
    lambda forced, more, exact, greedy: Plan(
        CONTEXT, forced.encode(), len(forced.encode()) + more, exact, greedy=greedy
    ),
    FORCED,
    st.integers(1, 12),
    st.booleans(),
    st.booleans(),
)
SALTS = st.integers(0, 1000)
many = settings(max_examples=20, deadline=None)
either_kind = pytest.mark.parametrize("verified", [True, False])


def written(plan: Plan, outcome: Outcome) -> bytes:
    """The bytes of an outcome, after what holds for each has been asserted."""
    assert all(WORDS.special.first_text_id <= token < WORDS.vocabulary for token in outcome.ids)
    assert len(outcome.ids) <= plan.limit
    assert len(outcome.confidence) == len(outcome.ids)
    assert all(0 <= sure <= 1 + 1e-6 for sure in outcome.confidence)
    return WORDS.decode_bytes(outcome.ids)


@either_kind
@many
@given(SALTS, st.lists(PLANS, min_size=1, max_size=3), SAMPLERS)
def test_drafts_spell_what_is_forced_keep_their_length_and_hold_text_alone(
    verified: bool, salt: int, plans: list[Plan], sampler: Sampler
) -> None:
    done = denoise(ChanceDenoiser(salt), plans, sampler, verified=verified, seed=salt)
    for plan, outcome in zip(plans, done.outcomes(), strict=True):
        assert written(plan, outcome).startswith(plan.forced)
        if plan.exact:
            assert len(outcome.ids) == plan.limit


@either_kind
@many
@given(SALTS, PLANS, SAMPLERS, st.integers(0, 4))
def test_a_deadline_closes_a_draft_with_text_alone(
    verified: bool, salt: int, plan: Plan, sampler: Sampler, steps: int
) -> None:
    limits = StopAfter(steps)
    done = denoise(ChanceDenoiser(salt), [plan], sampler, verified=verified, limits=limits)
    written(plan, done.outcomes()[0])
    assert all(draft.done for draft in done.drafts)


@either_kind
@settings(max_examples=15, deadline=None)
@given(SALTS, st.lists(PLANS, min_size=1, max_size=2), SAMPLERS)
def test_the_same_seed_writes_the_same(
    verified: bool, salt: int, plans: list[Plan], sampler: Sampler
) -> None:
    one, two = (
        denoise(ChanceDenoiser(salt), plans, sampler, verified=verified, seed=5).outcomes()
        for _ in range(2)
    )
    assert one == two


def test_without_a_causal_pass_drafts_are_free() -> None:
    plan = Plan(CONTEXT, b" ", 6, exact=True)
    done = denoise(ChanceDenoiser(3, verifies=False), [plan], Sampler(), verified=True)
    assert len(done.outcomes()[0].ids) == 6


@given(FORCED.filter(bool), SALTS)
def test_words_allow_what_spells_the_rest_and_nothing_else(forced: str, salt: int) -> None:
    words, rest = Words(WORDS, forced.encode()), forced.encode()
    scores = ChanceDenoiser(salt).causal([])
    while words.forced:
        allowed = words.allow(scores)
        token = int(allowed.argmax())
        piece = WORDS.token_bytes[token]
        assert piece
        assert rest.startswith(piece) or piece.startswith(rest)
        assert not allowed[: WORDS.special.first_text_id].isfinite().any()
        words.take(token)
        rest = rest[len(piece) :]
    assert words.allow(scores).isfinite().sum() == WORDS.vocabulary - WORDS.special.first_text_id
