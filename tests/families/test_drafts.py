"""The families' ways to denoise a canvas, against models that are scripts."""

from __future__ import annotations

from collections.abc import Callable

import pytest
import torch
from hypothesis import given
from hypothesis import strategies as st

from instant_edit.drafting import Draft, Plan, Sampler
from instant_edit.models.families.elastic import ElasticDraft
from instant_edit.models.families.left_to_right import LeftToRightDraft
from instant_edit.models.families.probed import Lengths, ProbedDraft, usual_confidence
from instant_edit.models.families.vocabulary import EXPAND
from instant_edit.models.protocol import ContextIds, Prediction
from tests.scripted import tokenizer

WORDS = tokenizer()
MASK, END = WORDS.special.mask, WORDS.special.end
CONTEXT = ContextIds((0,), (WORDS.special.suffix,))

Tell = Callable[[list[int]], list[int]]


def row(token: int, sure: float = 0.9) -> torch.Tensor:
    out = torch.full((WORDS.vocabulary,), (1 - sure) / (WORDS.vocabulary - 1))
    out[token] = sure
    return out.log()


def run(draft: Draft, tell: Tell, most: int = 200) -> int:
    """Denoise to the end with a model that says ``tell(canvas)``; how many passes it took."""
    for count in range(most):
        if draft.done:
            return count
        canvas = draft.question()[1]
        rows = [row(token, 0.9 - 0.01 * i) for i, token in enumerate(tell(canvas))]
        draft.answer(Prediction(None, torch.stack(rows)))
    raise AssertionError("it does not come to an end")


def plan(forced: bytes = b"", limit: int = 32, **rest: object) -> Plan:
    return Plan(CONTEXT, forced, limit, **rest)  # type: ignore[arg-type]


def elastic(what: Plan) -> ElasticDraft:
    return ElasticDraft(what, Sampler(), WORDS, torch.Generator())


def length_teller(script: list[int]) -> Tell:
    """A model that knows how long the text is: splits or deletes until the canvas fits it."""

    def tell(canvas: list[int]) -> list[int]:
        if len(canvas) < len(script):
            return [EXPAND] * len(canvas)
        if len(canvas) > len(script):
            return [END] * len(canvas)
        return script

    return tell


@pytest.mark.parametrize(
    "text", ["x", "value = compute(value)", "a, b = b, a  # and a comment too"]
)
def test_slots_split_and_go_until_the_text_fits(text: str) -> None:
    script = WORDS.encode(text)
    draft = elastic(plan())
    run(draft, length_teller(script))
    outcome = draft.outcome()
    assert WORDS.decode(outcome.ids) == text
    assert outcome.ended
    assert all(0.7 < sure < 0.91 for sure in outcome.confidence)


def test_an_empty_span_is_written_empty() -> None:
    draft = elastic(plan())
    run(draft, lambda canvas: [END] * len(canvas))
    assert draft.outcome().ids == ()


def test_a_model_that_always_splits_comes_to_an_end() -> None:
    draft = elastic(plan(limit=12))
    passes = run(draft, lambda canvas: [EXPAND] * len(canvas))
    assert len(draft.outcome().ids) <= 12
    assert passes <= 12 + 8 + 12  # every split, and every slot that there ever was


def test_a_model_that_splits_and_deletes_by_turns_comes_to_an_end() -> None:
    turn = iter(range(1000))
    draft = elastic(plan(limit=12))
    run(draft, lambda canvas: [EXPAND if next(turn) % 2 else END] * len(canvas))
    assert draft.splits >= 0


def test_forced_bytes_are_spelled_first() -> None:
    script = WORDS.encode("return x")
    draft = elastic(plan(forced=b"ret"))
    run(draft, length_teller(script))
    assert WORDS.decode(draft.outcome().ids).startswith("ret")


def test_a_deadline_leaves_what_was_likeliest() -> None:
    script = WORDS.encode("a b c d e f g h")
    draft = elastic(plan())
    first = [row(token, 0.2) for token in script[: len(draft.slots)]]
    draft.answer(Prediction(None, torch.stack(first)))
    draft.finish()
    assert draft.done
    assert draft.outcome().ids == tuple(script[: len(first)])


def test_without_any_pass_a_deadline_leaves_nothing() -> None:
    draft = elastic(plan())
    draft.finish()
    assert draft.outcome().ids == ()


@given(st.integers(1, 30), st.integers(1, 40))
def test_the_peak_is_found_where_there_is_one(best: int, most: int) -> None:
    lengths = Lengths(8, most)
    while lengths.next is not None:
        length = lengths.next
        lengths.measured(usual_confidence(length) / (1 + abs(length - best)))
    assert lengths.best == min(best, most)
    assert len(lengths.scores) <= most


def test_a_length_is_probed_and_then_written() -> None:
    script = WORDS.encode("value = compute(value)")
    lengths_seen: list[int] = []

    draft = ProbedDraft(plan(), Sampler(), WORDS, torch.Generator())
    while not draft.done:
        canvas = draft.question()[1]
        sure = 0.9 if len(canvas) == len(script) else 0.2
        lengths_seen.append(len(canvas))
        tokens = (script + [script[-1]] * len(canvas))[: len(canvas)]
        draft.answer(Prediction(None, torch.stack([row(token, sure) for token in tokens])))
    assert draft.outcome().ids == tuple(script)
    assert len(set(lengths_seen)) > 3


def test_a_deadline_before_the_length_is_known_leaves_nothing() -> None:
    draft = ProbedDraft(plan(), Sampler(), WORDS, torch.Generator())
    draft.finish()
    assert draft.done
    assert draft.outcome().ids == ()
    assert draft.view()[0] == [MASK] * 8


def left_to_right(what: Plan, script: list[int]) -> LeftToRightDraft:
    draft = LeftToRightDraft(what, Sampler(), WORDS, torch.Generator())
    accepted = 0
    while not draft.done:
        pending, canvas, _ = draft.question()
        assert canvas == []
        rows = [
            row([*script, END][min(accepted + i, len(script))]) for i in range(len(pending) + 1)
        ]
        accepted += draft.answer(Prediction(torch.stack(rows), torch.empty(0, WORDS.vocabulary)))
    return draft


def test_a_middle_is_written_until_its_end() -> None:
    script = WORDS.encode("return a + b")
    outcome = left_to_right(plan(), script).outcome()
    assert outcome.ids == tuple(script)
    assert outcome.ended


def test_a_middle_stops_where_there_is_no_room() -> None:
    outcome = left_to_right(plan(limit=2), WORDS.encode("return a + b")).outcome()
    assert len(outcome.ids) == 2
    assert not outcome.ended
