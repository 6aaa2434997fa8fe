"""A rewrite that changes nothing, or mends nothing, is tried again with other tokens."""

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


def edited(
    denoiser: ScriptedDenoiser,
    sampler: Sampler | None = None,
    *more: Span,
    source: str = SOURCE,
    old: str = OLD,
) -> str:
    at = source.index(old)
    spans = (*more, Span(at, at + len(old)))
    request = EditRequest(source, spans, "python", "add them", mode="rewrite")
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


BROKEN, WRONG = SOURCE.replace("-", "="), "return a = b"


def test_a_syntax_error_that_is_left_is_mended_with_another_token() -> None:
    doubtful = Doubtful(BROKEN, of=" =", other=" +", likely=0.02)
    mended = edited(doubtful, source=BROKEN, old=WRONG)
    assert mended == BROKEN.replace("a = b", "a + b")


@pytest.mark.parametrize(("other", "mending"), [(" +", 0), (" :", 6)])
def test_what_no_other_token_mends_stays(other: str, mending: int) -> None:
    doubtful = Doubtful(BROKEN, of=" =", other=other, likely=0.02)
    assert edited(doubtful, Sampler(mending=mending), source=BROKEN, old=WRONG) == BROKEN


def test_where_nothing_was_broken_nothing_is_mended() -> None:
    passes = set()
    for mending in (0, 6):
        doubtful = Doubtful(SOURCE, of=" -", other=" +", likely=0.02)
        assert edited(doubtful, Sampler(mending=mending)) == SOURCE
        passes.add(doubtful.passes)
    assert len(passes) == 1


def draft(*begin: int, old: tuple[int, ...] = (A, B)) -> VerifiedDraft:
    plan = Plan(CONTEXT, limit=8, instructed=True, old=old, begin=begin)
    return VerifiedDraft(plan, Sampler(), WORDS, torch.Generator())


@pytest.mark.parametrize(("written", "unchanged"), [((C,), False), ((A, B), True)])
def test_a_rewrite_says_whether_it_changed_anything(
    written: tuple[int, ...], unchanged: bool
) -> None:
    one = draft()
    one.answer(Prediction(nothing(1), sure_of(*written, END)))
    while not one.done:
        size = len(one.pending)
        rest = (*written, END)[len(one.canvas.ids) + size :]
        stairs = tuple(sure_of(*written[len(one.canvas.ids) + 1 :], END) for _ in range(size - 1))
        one.answer(Prediction(nothing(size + 1), sure_of(*rest), stairs))
    assert one.outcome().ids == written
    assert one.outcome().unchanged == unchanged


def test_doubts_are_told_with_what_stood_before_them_the_likeliest_first() -> None:
    def unsure(of: int, other: int, likely: float) -> torch.Tensor:
        row = torch.full((1, WORDS.vocabulary), 1e-9)
        row[0, of], row[0, other] = 1 - likely, likely
        return row.log()

    one = draft(old=())
    one.answer(Prediction(nothing(1), unsure(A, C, 0.1)))
    one.answer(Prediction(nothing(2), unsure(B, C, 0.3)))
    one.answer(Prediction(nothing(2), unsure(END, C, 0.2)))
    doubts = one.outcome().doubts
    assert [doubt.begin for doubt in doubts] == [(A, C), (A, B, C), (C,)]
    assert [round(doubt.likely, 3) for doubt in doubts] == [0.3, 0.2, 0.1]


def test_a_draft_goes_on_behind_what_it_begins_with() -> None:
    one = draft(A, C)
    assert one.question().draft == [A, C]
    assert one.question().branches == ()
    assert one.answer(Prediction(nothing(3), sure_of(B))) == 2
    assert one.question().draft == [B]
    one.answer(Prediction(nothing(2), sure_of(END)))
    assert one.outcome().ids == (A, C, B)
