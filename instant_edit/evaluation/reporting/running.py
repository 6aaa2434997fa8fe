"""Edits every row of every set that is not done yet, all variants of a row side by side."""

from __future__ import annotations

from dataclasses import asdict
from typing import TYPE_CHECKING

from instant_edit.evaluation.attempt import attempt, warm_up
from instant_edit.evaluation.reporting.journal import REFERENCE

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping, Sequence

    from instant_edit.engine import Editor
    from instant_edit.evaluation.attempt import Decoding, Variant
    from instant_edit.evaluation.cases import Case
    from instant_edit.evaluation.reporting.journal import Journal
    from instant_edit.evaluation.reporting.suite import Drawn


def size(drawn: Sequence[Drawn]) -> int:
    """How many edits a report takes."""
    return sum(len(one.cases) * len(one.set.variants) for one in drawn)


def edit_all(
    editors: Mapping[Decoding, Editor],
    drawn: Sequence[Drawn],
    journal: Journal,
    seed: int,
    advance: Callable[[bool | None], None],
) -> None:
    """Edit and record what is not recorded; ``advance`` is told of each edit, old ones too."""
    for editor in editors.values():
        warm_up(editor)
    for one in drawn:
        for number, case in enumerate(one.cases):
            sound = reference_passes(one.set.name, case, journal)
            for variant in in_turn(one.set.variants, number):
                if not sound:
                    advance(None)
                    continue
                key = (one.set.name, case.id, variant.name)
                result = journal.result(key)
                if result is None:
                    result = attempt(editors[variant.decoding], case, variant, seed=seed)
                    journal.add(key, asdict(result))
                advance(result.passed)


def in_turn(variants: Sequence[Variant], number: int) -> Iterator[Variant]:
    """The variants of a row: those decodings begin by turns, and own lengths go first.

    So no way of decoding always meets the warmer machine, and none of an own length finds its
    context read already.
    """
    decodings = ("diffusion", "ar") if number % 2 == 0 else ("ar", "diffusion")
    order = {decoding: place for place, decoding in enumerate(decodings)}
    yield from sorted(variants, key=lambda one: (one.length == "oracle", order[one.decoding]))


def reference_passes(name: str, case: Case, journal: Journal) -> bool:
    """Whether a row's own solution passes here, where it has one; else it measures nothing."""
    if case.judge is None or case.solved is None:
        return True
    key = (name, case.id, REFERENCE)
    if key not in journal.done:
        journal.add(key, asdict(case.judge(case.solved)))
    return bool(journal.done[key]["passed"])
