"""From the engine's result to the client's answer, without a process."""

from __future__ import annotations

import pytest
from pygls.exceptions import JsonRpcInternalError

from instant_edit.lsp.documents import Document
from instant_edit.lsp.edits import to_answer
from instant_edit.request import Edit, EditResult, Finding, Span, Verdict
from instant_edit.text import PositionEncoding, SourceText

SOURCE = "alpha\r\nbeta 😀\r\ngamma\r\n"
DOCUMENT = Document("file:///a.py", "python", 3, SourceText(SOURCE))
EDITS = (Edit(Span(7, 11), "B", 1.0), Edit(Span(15, 20), "gamma, delta", 1.0))


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
