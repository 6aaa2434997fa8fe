"""Two models on the same rows: what the training changed, and how sure that is."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Literal

from instant_edit.evaluation.metrics import rate
from instant_edit.evaluation.reporting.pairs import Pair, compare, interval

if TYPE_CHECKING:
    from instant_edit.evaluation.cases import Case
    from instant_edit.tuning.measuring import Score

Verdict = Literal["better", "lower loss only", "not shown to be better", "worse"]
FEWEST_COMMITS = 5  # of rows, for an interval that means anything


@dataclass(frozen=True, slots=True)
class Comparison:
    """Rows of one kind under both models.

    Args:
        rows: how many.
        commits: of how many commits they are; rows of one commit stand and fall together.
        exact: rates of exact matches before and after, and what lies between them.
        edited: rates of edits that passed the gate, before and after.
        loss: nats a hidden token before and after, and what lies between them.
    """

    rows: int
    commits: int
    exact: dict[str, Any]
    edited: dict[str, Any]
    loss: dict[str, float]


@dataclass(frozen=True, slots=True)
class Sheet:
    """Rows and their scores under both models."""

    rows: tuple[Case, ...] = ()
    before: tuple[Score, ...] = ()
    after: tuple[Score, ...] = ()

    def __add__(self, other: Sheet) -> Sheet:
        return Sheet(self.rows + other.rows, self.before + other.before, self.after + other.after)


def compared(sheet: Sheet) -> Comparison:
    """Compare the two on the rows of a sheet; it has at least one.

    The intervals of the differences are paired bootstraps over commits.
    """
    rows, before, after = sheet.rows, sheet.before, sheet.after
    both = list(zip(rows, before, after, strict=True))
    pairs = compare([Pair(row.group, new.exact, old.exact) for row, old, new in both])
    low, high = interval([(row.group, new.loss - old.loss, old.tokens) for row, old, new in both])
    losses = [sum(s.loss for s in of) / sum(s.tokens for s in of) for of in (before, after)]
    return Comparison(
        rows=len(rows),
        commits=len({row.group for row in rows}),
        exact={
            "before": rate([score.exact for score in before]),
            "after": rate([score.exact for score in after]),
            "change": {"rate": pairs.difference, "low": pairs.low, "high": pairs.high},
            "gained": pairs.only_first,
            "lost": pairs.only_second,
        },
        edited={
            "before": rate([score.edited for score in before]),
            "after": rate([score.edited for score in after]),
        },
        loss={
            "before": losses[0],
            "after": losses[1],
            "change": losses[1] - losses[0],
            "low": low,
            "high": high,
        },
    )


def verdict(everything: Comparison) -> Verdict:
    """Whether the training helped, on the rows of all kinds together.

    Anything is said only where the interval at 95 % does not hold nought: "better" of the exact
    matches, "lower loss only" of the loss alone, "worse" of either.
    """
    if everything.commits < FEWEST_COMMITS:
        return "not shown to be better"
    change, loss = everything.exact["change"], everything.loss
    if change["high"] < 0 or (change["low"] <= 0 and loss["low"] > 0):
        return "worse"
    if change["low"] > 0:
        return "better"
    return "lower loss only" if loss["high"] < 0 else "not shown to be better"
