"""From the engine's result to the client's answer, without a process."""

from __future__ import annotations

from instant_edit.lsp.answers import Computed, DocumentEdits, Form, to_answer
from instant_edit.lsp.documents import Document
from instant_edit.request import Edit, Finding, Span, Stats
from instant_edit.text import PositionEncoding, SourceText

SOURCE = "alpha\r\nbeta 😀\r\ngamma\r\n"
DOCUMENT = Document("file:///a.py", "python", 3, SourceText(SOURCE))
FORM = Form(PositionEncoding.UTF16)
EDITS = (Edit(Span(7, 11), "B", 1.0), Edit(Span(15, 20), "gamma, delta", 1.0))


def computed(ok: bool, *findings: Finding) -> Computed:
    return Computed((DocumentEdits(DOCUMENT, EDITS, findings),), ok, Stats(), None)


def test_a_finding_without_edits_is_kept_inside_the_document() -> None:
    rejected = computed(False, Finding("syntax", "far away", 10_000))
    (finding,) = to_answer(rejected, FORM).verdict.findings
    assert (finding.position.line, finding.position.character) == (3, 0)


def test_a_rejected_result_sends_nothing_even_with_edits() -> None:
    rejected = computed(False, Finding("syntax", "bad", 0))
    assert to_answer(rejected, FORM).edit is None
    assert to_answer(computed(True), FORM).edit is not None
