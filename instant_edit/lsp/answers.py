"""From what the engine computed to what the client reads."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from lsprotocol import types

from instant_edit.lsp.protocol import (
    EditAnswer,
    FindingAnswer,
    ModelAnswer,
    StatsAnswer,
    VerdictAnswer,
)
from instant_edit.request import Edit, Finding, Span, Stats
from instant_edit.splice import minimal, splice

if TYPE_CHECKING:
    from collections.abc import Sequence

    from instant_edit.lsp.documents import Document
    from instant_edit.text import PositionEncoding

LABEL = "Instant edit"
ANNOTATION = "instant-edit"
AnyEdit = types.TextEdit | types.AnnotatedTextEdit | types.SnippetTextEdit


@dataclass(frozen=True)
class Form:
    """How the client counts characters, and whether it knows change annotations."""

    encoding: PositionEncoding
    annotated: bool = False


@dataclass(frozen=True)
class DocumentEdits:
    """The edits of one version of a document; positions of findings are in its text too."""

    document: Document
    edits: tuple[Edit, ...]
    findings: tuple[Finding, ...] = ()

    @property
    def text(self) -> str:
        """The text with the edits applied."""
        return splice(self.document.source.text, self.edits)


@dataclass(frozen=True)
class Computed:
    """The outcome of one request: edits of each document, or the findings against them."""

    parts: tuple[DocumentEdits, ...]
    ok: bool
    stats: Stats
    model: ModelAnswer | None

    @property
    def changed(self) -> tuple[DocumentEdits, ...]:
        """The documents that become another text; none where nothing validated."""
        if not self.ok:
            return ()
        return tuple(part for part in self.parts if part.text != part.document.source.text)


def to_answer(computed: Computed, form: Form) -> EditAnswer:
    """The client's answer: an edit only where the verdict is good and something changes."""
    several = len(computed.parts) > 1
    findings = [
        FindingAnswer(
            finding.kind,
            finding.message,
            part.document.position(finding.position, form.encoding),
            part.document.uri if several else None,
        )
        for part in computed.parts
        for finding in part.findings
    ]
    return EditAnswer(
        edit=workspace_edit(computed, form),
        verdict=VerdictAnswer(computed.ok, findings),
        stats=StatsAnswer.of(computed.stats),
        model=computed.model,
    )


def workspace_edit(computed: Computed, form: Form) -> types.WorkspaceEdit | None:
    """Versioned, minimal text edits; None when they change nothing."""
    changed = computed.changed
    if not changed:
        return None
    edits = [_document_edit(part, form) for part in changed]
    annotations = {ANNOTATION: _annotation(changed)} if form.annotated else None
    return types.WorkspaceEdit(document_changes=edits, change_annotations=annotations)


def _annotation(changed: Sequence[DocumentEdits]) -> types.ChangeAnnotation:
    sure = min(edit.confidence for part in changed for edit in part.edits)
    return types.ChangeAnnotation(
        LABEL,
        needs_confirmation=len(changed) > 1,
        description=f"written by a model, confidence {sure:.0%}",
    )


def _document_edit(part: DocumentEdits, form: Form) -> types.TextDocumentEdit:
    document = part.document
    identifier = types.OptionalVersionedTextDocumentIdentifier(document.uri, document.version)
    changes: list[AnyEdit] = []
    for edit in sorted(part.edits, key=lambda edit: edit.span):
        old = document.source.text[edit.span.start : edit.span.end]
        if edit.text != old:
            start, end, text = minimal(old, edit.text)
            span = Span(edit.span.start + start, edit.span.start + end)
            changes.append(_text_edit(document.range(span, form.encoding), text, form))
    return types.TextDocumentEdit(identifier, changes)


def _text_edit(range_: types.Range, text: str, form: Form) -> AnyEdit:
    if form.annotated:
        return types.AnnotatedTextEdit(ANNOTATION, range_, text)
    return types.TextEdit(range_, text)
