"""``instantEdit/edit``: from the client's params to a computed edit."""

from __future__ import annotations

import asyncio
import contextlib
from functools import partial
from typing import TYPE_CHECKING

from lsprotocol import types
from pygls.exceptions import JsonRpcException, JsonRpcInternalError, JsonRpcInvalidParams
from pygls.uris import to_fs_path

from instant_edit import languages, spans
from instant_edit.errors import EditCancelled, InputError, ModelError, SpanError
from instant_edit.lsp.drafts import Drafts
from instant_edit.lsp.jobs import Job
from instant_edit.lsp.progress import Progress
from instant_edit.lsp.settling import settled
from instant_edit.lsp.surroundings import Surroundings
from instant_edit.lsp.talk import trace
from instant_edit.lsp.tracking import Place
from instant_edit.request import EditRequest, Span

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence

    from instant_edit.interface import StepLike
    from instant_edit.lsp.answers import Computed
    from instant_edit.lsp.documents import Document
    from instant_edit.lsp.protocol import EditParams
    from instant_edit.lsp.server import InstantEditServer
    from instant_edit.lsp.settings import Settings
    from instant_edit.request import EditResult
    from instant_edit.text import PositionEncoding


async def compute(
    ls: InstantEditServer, params: EditParams, *, create_progress: bool = False
) -> Computed:
    """Compute the edit asked for, as an edit of the documents' versions of then or later."""
    documents = [ls.documents.at(target.uri, target.version) for target in params.targets]
    requests = [
        to_request(document, target.ranges, params, ls.encoding, ls.settings)
        for document, target in zip(documents, params.targets, strict=True)
    ]
    beside = Surroundings(ls, params.related)
    asked = zip(documents, requests, strict=True)
    job = Job(tuple(Place(document, request.spans) for document, request in asked))
    progress = Progress(ls, job.cancel)
    try:
        if params.work_done_token is not None:
            progress.begin(params.work_done_token)
        elif create_progress:
            progress.create()
        drafts = Drafts(ls, params.draft_token, job)
        with _errors_of_lsp(ls, job):
            results = await _denoised(ls, requests, beside, job, progress, drafts)
            computed = await settled(ls, job, results)
        _trace(ls, computed)
        return computed
    finally:
        job.stop.set()  # the client's cancel ends this coroutine, and so the denoising
        ls.jobs.done(job)
        progress.end()


@contextlib.contextmanager
def _errors_of_lsp(ls: InstantEditServer, job: Job) -> Iterator[None]:
    """Turn every way in which an edit ends badly into its LSP error."""
    try:
        yield
    except EditCancelled:
        job.check()
        raise JsonRpcInternalError("the engine stopped though nobody told it to") from None
    except InputError as error:
        raise JsonRpcInvalidParams(str(error)) from error
    except ModelError as error:
        ls.report_model_error(error)
        raise JsonRpcException(str(error), code=types.LSPErrorCodes.RequestFailed) from error


async def _denoised(
    ls: InstantEditServer,
    requests: Sequence[EditRequest],
    beside: Surroundings,
    job: Job,
    progress: Progress,
    drafts: Drafts,
) -> tuple[EditResult, ...]:
    """Wait for the turn and the model, then let the engine work."""
    await ls.jobs.turn(job)
    if ls.denoising.status.state != "ready":
        progress.loading()
        await ls.denoising.load()
    on_step = on_loop((progress.step, drafts.step))
    told = await ls.denoising.call(partial(beside.tell, requests))
    results = await ls.denoising.edit(told, job.stop.is_set, on_step)
    job.check()
    return results


def _trace(ls: InstantEditServer, computed: Computed) -> None:
    names = ", ".join(f"{p.document.uri} version {p.document.version}" for p in computed.parts)
    outcome = "valid" if computed.ok else "rejected"
    kinds = [finding.kind for part in computed.parts for finding in part.findings]
    trace(ls, f"edit of {names}: {outcome}", f"{computed.stats}, findings: {kinds}")


def on_loop(reports: Sequence[Callable[[StepLike], None]]) -> Callable[[StepLike], None]:
    """The same, for use on another thread; what the loop is too busy for is left out."""
    loop = asyncio.get_running_loop()
    newest: list[StepLike | None] = [None]

    def send(step: StepLike) -> None:
        if step is newest[0]:
            for report in reports:
                report(step)

    def on_step(step: StepLike) -> None:
        newest[0] = step
        with contextlib.suppress(RuntimeError):  # the loop has ended: nobody listens
            loop.call_soon_threadsafe(send, step)

    return on_step


def to_request(
    document: Document,
    ranges: Sequence[types.Range],
    params: EditParams,
    encoding: PositionEncoding,
    settings: Settings,
) -> EditRequest:
    """The engine's request; raises InvalidParams for what cannot be edited."""
    source = document.source.text
    try:
        source.encode("utf-8")
        language = languages.get(document.language)
        asked = tuple(_span(document, range_, encoding) for range_ in ranges)
        spans.check(asked, source)
    except UnicodeEncodeError as error:
        line = document.source.line_of(error.start) + 1
        raise JsonRpcInvalidParams(
            f"{document.uri}: half a surrogate pair in line {line}; it has no UTF-8 form"
        ) from error
    except InputError as error:
        raise JsonRpcInvalidParams(f"{document.uri}: {error}") from error
    return EditRequest(
        source=source,
        spans=tuple(spans.snap(source, span, language) for span in asked),
        language=language.id,
        instruction=params.instruction,
        mode=params.mode,
        seed=params.seed,
        candidates=params.candidates or settings.candidates,
        deadline_ms=params.deadline_ms or settings.deadline_ms,
        path=to_fs_path(document.uri),
    )


def _span(document: Document, range_: types.Range, encoding: PositionEncoding) -> Span:
    try:
        start = document.source.offset(range_.start.line, range_.start.character, encoding)
        end = document.source.offset(range_.end.line, range_.end.character, encoding)
    except SpanError as error:
        raise SpanError(f"range {_text(range_)}: {error}") from error
    return Span(start, max(start, end))


def _text(range_: types.Range) -> str:
    start, end = range_.start, range_.end
    return f"{start.line}:{start.character}-{end.line}:{end.character}"
