"""Scores of rows, what lies between two models on them, and when one is called better."""

from __future__ import annotations

import pytest

from instant_edit.evaluation.cases import Case
from instant_edit.request import Span
from instant_edit.tuning.comparison import Sheet, compared, verdict
from instant_edit.tuning.measuring import Score, measure, surprise
from tests.scripted import ScriptedDenoiser

TEXT = "def area(width, height):\n    return width * height\n"
AT = TEXT.index("return")
FILL = Case("a:1", "a", TEXT, Span(AT, AT + 21), reference="return width * height")
OLD = TEXT.replace("*", "+")
REWRITE = Case(
    "b:1", "b", OLD, Span(AT, AT + 21), reference="return width * height", instruction="fix it"
)


@pytest.mark.parametrize(("row", "mode"), [(FILL, "fill"), (REWRITE, "rewrite")])
def test_an_edit_is_exact_if_it_is_what_people_wrote(row: Case, mode: str) -> None:
    for text, exact in ((TEXT, True), (OLD, False)):
        told: list[int] = []
        denoiser = ScriptedDenoiser(text, verifies=mode == "fill")
        (score,) = measure(denoiser, [row], mode, 0, told.append)  # type: ignore[arg-type]
        assert (score.exact, score.edited) == (exact, True)
        assert told == [1]


def test_who_knows_the_true_text_is_less_surprised_by_it() -> None:
    known, tokens = surprise(ScriptedDenoiser(TEXT, sure=0.9), FILL, "fill")
    unsure, _ = surprise(ScriptedDenoiser(TEXT, sure=0.5), FILL, "fill")
    wrong, _ = surprise(ScriptedDenoiser(OLD, sure=0.9), FILL, "fill")
    assert 0 < known < unsure < wrong
    assert tokens == 5, "its four tokens, and END"


def sheet(*changes: tuple[bool, bool, float], commits: int = 99) -> Sheet:
    """Rows of which each was exact before and after, and whose loss changed by so much."""
    rows = tuple(
        Case(str(n), str(n % commits), "", Span(0, 0), reference="") for n in range(len(changes))
    )
    before = tuple(Score(old, True, 20.0, 10) for old, _, _ in changes)
    after = tuple(Score(new, True, 20.0 + 10 * loss, 10) for _, new, loss in changes)
    return Sheet(rows, before, after)


def test_what_changed_is_counted_row_by_row() -> None:
    found = compared(sheet((True, False, 0.5), (False, True, -0.5), (True, True, -0.3)))
    assert (found.exact["before"]["count"], found.exact["after"]["count"]) == (2, 2)
    assert (found.exact["gained"], found.exact["lost"]) == (1, 1)
    assert found.loss["before"] == pytest.approx(2.0)
    assert found.loss["change"] == pytest.approx(-0.1)
    assert found.loss["low"] < -0.1 < found.loss["high"]


SAME = (False, False, 0.0)


@pytest.mark.parametrize(
    ("made", "said"),
    [
        (sheet(*[(False, True, 0.0)] * 8 + [SAME] * 8), "better"),
        (sheet(*[(True, False, -1.0)] * 8 + [SAME] * 8), "worse"),
        (sheet(*[(False, False, -0.4), (False, False, -0.6)] * 8), "lower loss only"),
        (sheet(*[(False, False, 0.4), (False, False, 0.6)] * 8), "worse"),
        (sheet(*[(False, False, -0.5), (False, False, 0.5)] * 8), "not shown to be better"),
        (sheet(*[(False, True, -1.0)] * 16, commits=2), "not shown to be better"),
    ],
    ids=["more", "fewer", "less loss", "more loss", "chance", "too few commits"],
)
def test_better_is_said_only_of_what_chance_does_not_explain(made: Sheet, said: str) -> None:
    assert verdict(compared(made)) == said
