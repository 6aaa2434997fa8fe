"""The gate: whether an edit may be offered at all.

tree-sitter alone is no oracle of validity: it accepts ``def f():`` without a body, and
one error spills over its neighbours. So the texts before and after are compared, in five
parts: what is outside the spans is the same (1), no syntax error is new (2), the code
around is read as it was (3), a real parser that took the original takes the result (4),
and nothing of the model's own alphabet is left (5).
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from itertools import pairwise

from instant_edit.inventory import Inventory
from instant_edit.languages import Language
from instant_edit.mending import line_at, mends
from instant_edit.request import Edit, Finding, Span, Verdict
from instant_edit.spine import Spine, culprit
from instant_edit.splice import Shift, splice
from instant_edit.syntax import parse


def validate(
    before: str,
    after: str,
    edits: Sequence[Edit],
    language: Language,
    path: str = "<text>",
    special: Sequence[str] = (),
) -> Verdict:
    """Judge the text ``after``, which should be ``before`` with ``edits`` applied.

    ``special`` are the texts of mask and control tokens, of which none may be written.
    It never raises on bad code.
    """
    outside = _outside(before, after, edits)
    if outside is not None:
        return Verdict(False, (outside,))
    shift = Shift.of(edits)
    if before == after:
        found = list(_special(after, shift, special))
        return Verdict(not found, tuple(found))
    old, new = parse(before, language), parse(after, language)
    fault = language.strict(before, path) if language.strict else None
    inventory = Inventory(old, new, shift)
    found = list(inventory.findings())
    if not found and not mends(old, new, shift, fault, path):
        broken = [*inventory.vanished, *line_at(before, fault)]
        found += Spine(old, new, shift, broken).findings()
    if language.strict and fault is None and (veto := language.strict(after, path)):
        found.append(Finding(veto.kind, veto.message, culprit(new, shift, veto.position)))
    found += _special(after, shift, special)
    return Verdict(not found, tuple(found))


def damaged(verdict: Verdict) -> tuple[Span, ...]:
    """The code points of the new text that the findings point at, in order, each once."""
    return tuple(Span(at, at + 1) for at in sorted({f.position for f in verdict.findings}))


def _outside(before: str, after: str, edits: Sequence[Edit]) -> Finding | None:
    """The first place outside the spans where the two texts differ, if there is one."""
    spans = sorted(edit.span for edit in edits)
    inside = all(0 <= span.start <= span.end <= len(before) for span in spans)
    if not inside or any(left.end > right.start for left, right in pairwise(spans)):
        return Finding("outside-span", "the edits lie outside the text or overlap", 0)
    expected = splice(before, edits)
    if expected == after:
        return None
    pairs = enumerate(zip(expected, after, strict=False))
    where = next((i for i, (a, b) in pairs if a != b), min(len(expected), len(after)))
    message = "the text differs from the original with the edits applied"
    return Finding("outside-span", f"{message}, at offset {where}", where)


def _special(after: str, shift: Shift, special: Sequence[str]) -> Iterator[Finding]:
    for region in shift.regions:
        written = after[region.new.start : region.new.end]
        for token in special:
            at = written.find(token) if token else -1
            if at >= 0:
                message = f"the model's own token {token!r} is left in the text"
                yield Finding("special-token", message, region.new.start + at)
