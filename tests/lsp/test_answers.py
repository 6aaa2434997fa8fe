"""From the engine's result to the client's answer, without a process."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pygls.exceptions import JsonRpcInternalError

from instant_edit.lsp.documents import Document
from instant_edit.lsp.edits import before, to_answer
from instant_edit.request import Edit, EditResult, Finding, Span, Verdict
from instant_edit.splice import splice
from instant_edit.text import PositionEncoding, SourceText

SOURCE = "alpha\r\nbeta 😀\r\ngamma\r\n"
DOCUMENT = Document("file:///a.py", "python", 3, SourceText(SOURCE))
EDITS = (Edit(Span(7, 11), "B", 1.0), Edit(Span(15, 20), "gamma, delta", 1.0))


def test_positions_outside_the_spans_are_found_again() -> None:
    after = splice(SOURCE, EDITS)
    for piece in ("alpha", "\r\n", " 😀"):
        assert before(after.index(piece), EDITS) == SOURCE.index(piece)
    assert before(len(after), EDITS) == len(SOURCE)


@given(st.integers(0, 40))
def test_every_position_lies_in_the_document(position: int) -> None:
    after = splice(SOURCE, EDITS)
    assert 0 <= before(min(position, len(after)), EDITS) <= len(SOURCE)


def test_positions_inside_a_span_stay_inside_it() -> None:
    after = splice(SOURCE, EDITS)
    start = after.index("gamma, delta")
    found = {before(start + offset, EDITS) for offset in range(len("gamma, delta") + 1)}
    assert found == set(range(15, 21))


def test_a_finding_without_edits_is_kept_inside_the_document() -> None:
    verdict = Verdict(False, (Finding("syntax", "far away", 10_000),))
    answer = to_answer(DOCUMENT, EditResult(SOURCE, (), verdict), PositionEncoding.UTF16)
    (finding,) = answer.verdict.findings
    assert (finding.position.line, finding.position.character) == (3, 0)


def test_edits_that_do_not_add_up_are_not_sent() -> None:
    result = EditResult(SOURCE + "more", EDITS, Verdict(True))
    with pytest.raises(JsonRpcInternalError, match="do not add up"):
        to_answer(DOCUMENT, result, PositionEncoding.UTF16)


def test_a_rejected_result_sends_nothing_even_with_edits() -> None:
    result = EditResult(SOURCE, EDITS, Verdict(False, (Finding("syntax", "bad", 0),)))
    assert to_answer(DOCUMENT, result, PositionEncoding.UTF16).edit is None
