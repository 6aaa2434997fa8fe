"""A rewrite that would change nothing is tried once more, with the likeliest other token."""

from __future__ import annotations

from collections.abc import Sequence

import pytest
import torch

from instant_edit import Editor, EditRequest, Span
from instant_edit.drafting import Plan, Sampler
from instant_edit.models.protocol import ContextIds, Prediction
from instant_edit.verified import VerifiedDraft
from tests.core.chance import CONTEXT, LIKELY, WORDS
from tests.core.test_verified import nothing, sure_of
from tests.scripted import ScriptedDenoiser, ScriptedSession

END = WORDS.special.end
SOURCE = "def total(a, b):\n    return a - b\n"
OLD = "return a - b"
A, B, C = LIKELY[4:7]


class Doubtful(ScriptedDenoiser):
    """Says what is scripted, and of one token that it may as well be another."""

    def __init__(self, *finals: str, of: str, other: str, likely: float) -> None:
        super().__init__(*finals)
        self.of, self.other = (self.tokenizer.encode(text)[0] for text in (of, other))
        self.likely = likely

    def encode(self, contexts: Sequence[ContextIds]) -> ScriptedSession:
        """See ``Denoiser.encode``."""
        return DoubtfulSession(self, contexts, [self.script(context) for context in contexts])


class DoubtfulSession(ScriptedSession):
    """See ``Session``."""

    denoiser: Doubtful

    def _row(self, script: list[int], index: int, slot: int | None = None) -> torch.Tensor:
        row = super()._row(script, index, slot)
        if int(row.argmax()) == self.denoiser.of:
            row[self.denoiser.of] = row[self.denoiser.of].exp().sub(self.denoiser.likely).log()
            row[self.denoiser.other] = torch.tensor(self.denoiser.likely).log()
        return row


def edited(denoiser: ScriptedDenoiser, sampler: Sampler | None = None, *more: Span) -> str:
    at = SOURCE.index(OLD)
    spans = (*more, Span(at, at + len(OLD)))
    request = EditRequest(SOURCE, spans, "python", "add them", mode="rewrite")
    return Editor(denoiser, sampler).edit(request).source


def test_what_would_stay_as_it_is_takes_the_likeliest_other_token() -> None:
    doubtful = Doubtful(SOURCE, of=" -", other=" +", likely=0.3)
    assert edited(doubtful) == SOURCE.replace("a - b", "a + b")


@pytest.mark.parametrize(("likely", "second"), [(0.02, 0.05), (0.3, 2.0)])
def test_what_nothing_else_is_likely_of_stays(likely: float, second: float) -> None:
    doubtful = Doubtful(SOURCE, of=" -", other=" +", likely=likely)
    assert edited(doubtful, Sampler(second=second)) == SOURCE


def test_of_spans_rewritten_together_some_may_stay() -> None:
    doubtful = Doubtful(SOURCE, of=" -", other=" +", likely=0.3)
    at = SOURCE.index("a, b")
    assert edited(doubtful, None, Span(at, at + 4)) == SOURCE


def draft(*begin: int) -> VerifiedDraft:
    plan = Plan(CONTEXT, limit=8, instructed=True, old=(A, B), begin=begin)
    return VerifiedDraft(plan, Sampler(), WORDS, torch.Generator())


def test_a_rewrite_that_changes_something_has_no_other() -> None:
    one = draft()
    one.answer(Prediction(nothing(1), sure_of(C)))
    one.answer(Prediction(nothing(2), sure_of(END)))
    assert one.outcome().ids == (C,)
    assert one.outcome().other == ()


def test_a_draft_goes_on_behind_what_it_begins_with() -> None:
    one = draft(A, C)
    assert one.question().draft == [A, C]
    assert one.question().branches == ()
    assert one.answer(Prediction(nothing(3), sure_of(B))) == 2
    assert one.question().draft == [B]
    one.answer(Prediction(nothing(2), sure_of(END)))
    assert one.outcome().ids == (A, C, B)
