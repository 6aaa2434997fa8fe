"""``instantEdit/edit``: from the client's params to an ``EditRequest`` and back."""

from __future__ import annotations

from typing import TYPE_CHECKING

from lsprotocol import types
from pygls.exceptions import (
    JsonRpcException,
    JsonRpcInternalError,
    JsonRpcInvalidParams,
    JsonRpcRequestCancelled,
)
from pygls.uris import to_fs_path

from instant_edit import languages, spans
from instant_edit.errors import EditCancelled, InputError, ModelError, SpanError
from instant_edit.lsp.denoising import Job
from instant_edit.lsp.progress import Progress
from instant_edit.lsp.protocol import (
    EditAnswer,
    EditParams,
    FindingAnswer,
    StatsAnswer,
    VerdictAnswer,
)
from instant_edit.request import Edit, EditRequest, EditResult, Span
from instant_edit.splice import minimal, splice

if TYPE_CHECKING:
    from collections.abc import Sequence

    from instant_edit.lsp.documents import Document
    from instant_edit.lsp.server import InstantEditServer
    from instant_edit.text import PositionEncoding


async def compute(
    ls: InstantEditServer, params: EditParams, *, create_progress: bool = False
) -> EditAnswer:
    """Compute the edit asked for, against exactly the version asked for."""
    document = ls.documents.at(params.uri, params.version)
    request = to_request(document, params, ls.encoding)
    job = Job(document.uri)
    progress = Progress(ls, job.stop)
    try:
        if params.work_done_token is not None:
            progress.begin(params.work_done_token)
        elif create_progress:
            progress.create()
        result = await _run(ls, document, request, job, progress)
    finally:
        progress.end()
    return to_answer(document, result, ls.encoding)


async def _run(
    ls: InstantEditServer, document: Document, request: EditRequest, job: Job, progress: Progress
) -> EditResult:
    """Run the job and turn every way in which it can end badly into its LSP error."""
    try:
        result = await ls.denoising.run(request, job, progress)
    except EditCancelled:
        result = None
    except InputError as error:
        raise JsonRpcInvalidParams(str(error)) from error
    except ModelError as error:
        ls.report_model_error(error)
        raise JsonRpcException(str(error), code=types.LSPErrorCodes.RequestFailed) from error
    ls.documents.require_current(document)
    if result is None or job.stop.is_set():
        raise JsonRpcRequestCancelled("cancelled by the client")
    return result


def to_request(document: Document, params: EditParams, encoding: PositionEncoding) -> EditRequest:
    """The engine's request; raises InvalidParams for what cannot be edited."""
    try:
        document.source.text.encode("utf-8")
        language = languages.get(document.language)
        wanted = tuple(_span(document, range_, encoding) for range_ in params.ranges)
        spans.check(wanted, document.source.text)
    except UnicodeEncodeError as error:
        line = document.source.line_of(error.start) + 1
        raise JsonRpcInvalidParams(
            f"{document.uri}: half a surrogate pair in line {line}; it has no UTF-8 form"
        ) from error
    except InputError as error:
        raise JsonRpcInvalidParams(f"{document.uri}: {error}") from error
    return EditRequest(
        source=document.source.text,
        spans=wanted,
        language=language.id,
        instruction=params.instruction,
        mode=params.mode,
        seed=params.seed,
        candidates=params.candidates,
        deadline_ms=params.deadline_ms,
        path=to_fs_path(document.uri),
    )


def to_answer(document: Document, result: EditResult, encoding: PositionEncoding) -> EditAnswer:
    """The client's answer: an edit only where the verdict is good and something changes."""
    edits = result.edits if result.verdict.ok else ()
    if result.verdict.ok and splice(document.source.text, edits) != result.source:
        raise JsonRpcInternalError("the engine's edits do not add up to its text; nothing is sent")
    findings = [
        FindingAnswer(
            finding.kind,
            finding.message,
            _position(document, finding.position, encoding),
        )
        for finding in result.verdict.findings
    ]
    stats = result.stats
    return EditAnswer(
        edit=workspace_edit(document, edits, encoding),
        verdict=VerdictAnswer(result.verdict.ok, findings),
        stats=StatsAnswer(
            stats.steps,
            stats.forward_passes,
            stats.tokens,
            stats.milliseconds,
            stats.tokens_per_forward,
        ),
    )


def workspace_edit(
    document: Document, edits: Sequence[Edit], encoding: PositionEncoding
) -> types.WorkspaceEdit | None:
    """Versioned, minimal text edits; None when they change nothing."""
    changes: list[types.TextEdit | types.AnnotatedTextEdit | types.SnippetTextEdit] = []
    for edit in sorted(edits, key=lambda edit: edit.span):
        old = document.source.text[edit.span.start : edit.span.end]
        if edit.text == old:
            continue
        start, end, text = minimal(old, edit.text)
        first = _position(document, edit.span.start + start, encoding)
        last = _position(document, edit.span.start + end, encoding)
        changes.append(types.TextEdit(types.Range(first, last), text))
    if not changes:
        return None
    identifier = types.OptionalVersionedTextDocumentIdentifier(document.uri, document.version)
    return types.WorkspaceEdit(document_changes=[types.TextDocumentEdit(identifier, changes)])


def _span(document: Document, range_: types.Range, encoding: PositionEncoding) -> Span:
    try:
        start = document.source.offset(range_.start.line, range_.start.character, encoding)
        end = document.source.offset(range_.end.line, range_.end.character, encoding)
    except SpanError as error:
        raise SpanError(f"range {_text(range_)}: {error}") from error
    return Span(start, max(start, end))


def _position(document: Document, offset: int, encoding: PositionEncoding) -> types.Position:
    inside = min(max(offset, 0), len(document.source.text))
    line, character = document.source.position(inside, encoding)
    return types.Position(line, character)


def _text(range_: types.Range) -> str:
    start, end = range_.start, range_.end
    return f"{start.line}:{start.character}-{end.line}:{end.character}"
