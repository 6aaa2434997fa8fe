"""The ASGI application: ``POST /v1/infill`` and ``GET /v1/models``."""

from __future__ import annotations

import asyncio
import hmac
import json
from collections.abc import AsyncGenerator, AsyncIterator
from contextlib import aclosing, asynccontextmanager
from dataclasses import asdict
from typing import TYPE_CHECKING

from starlette.applications import Starlette
from starlette.exceptions import HTTPException
from starlette.middleware import Middleware
from starlette.middleware.trustedhost import TrustedHostMiddleware
from starlette.responses import JSONResponse, Response, StreamingResponse
from starlette.routing import Route

from instant_edit.errors import InputError, InstantEditError
from instant_edit.reading import FieldError
from instant_edit.remote.schema import PATH, VERSION, InfillAnswer, InfillDraft, InfillRequest

if TYPE_CHECKING:
    from collections.abc import Sequence

    from starlette.requests import Request

    from instant_edit.serve.worker import Worker

MOST_BYTES = 1024 * 1024  # of one request
BASE = "/v1"


def application(worker: Worker, key: str | None = None, hosts: Sequence[str] = ("*",)) -> Starlette:
    """The application over a worker, which it closes in the end.

    Args:
        worker: has the engine.
        key: what ``Authorization: Bearer`` must carry; None for nothing.
        hosts: by which names it may be called; a page in a browser must not reach it by others.
    """
    served = Served(worker, key)

    @asynccontextmanager
    async def lifespan(app: Starlette) -> AsyncIterator[None]:
        del app
        yield
        await asyncio.to_thread(worker.close)

    return Starlette(
        routes=[
            Route(BASE + PATH, served.infill, methods=["POST"]),
            Route(f"{BASE}/models", served.models, methods=["GET"]),
        ],
        middleware=[Middleware(TrustedHostMiddleware, allowed_hosts=list(hosts))],
        exception_handlers={HTTPException: _refused},
        lifespan=lifespan,
    )


class Served:
    """The handlers."""

    def __init__(self, worker: Worker, key: str | None) -> None:
        self._worker, self._key = worker, key

    async def models(self, request: Request) -> Response:
        """The one model, in the manner of OpenAI's list."""
        self._admit(request)
        model = {**asdict(self._worker.model), "object": "model", "infill": VERSION}
        return JSONResponse({"object": "list", "data": [model]})

    async def infill(self, request: Request) -> Response:
        """Denoise; a client that goes away stops it at the next step."""
        self._admit(request)
        asked = self._read(await _body(request))
        messages = self._worker.messages(asked.request, drafts=asked.stream)
        if asked.stream:
            return StreamingResponse(_events(messages), media_type="text/event-stream")
        answer = asyncio.create_task(_last(messages))
        gone = asyncio.create_task(_disconnected(request))
        await asyncio.wait((answer, gone), return_when=asyncio.FIRST_COMPLETED)
        gone.cancel()
        if not answer.done():
            answer.cancel()
            raise HTTPException(499, "the client went away")
        try:
            return JSONResponse(answer.result().to_json())
        except InstantEditError as error:
            raise HTTPException(*_status(error)) from error

    def _read(self, body: bytes) -> InfillRequest:
        try:
            asked = InfillRequest.parse(json.loads(body))
        except (FieldError, ValueError, RecursionError) as error:
            raise HTTPException(400, str(error)) from None
        if asked.model not in (None, self._worker.model.id):
            raise HTTPException(404, f"this server has the model {self._worker.model.id!r} only")
        return asked

    def _admit(self, request: Request) -> None:
        if self._key is None:
            return
        said = request.headers.get("authorization", "")
        if not hmac.compare_digest(said.encode(), f"Bearer {self._key}".encode()):
            raise HTTPException(401, "the key is missing or wrong")


async def _body(request: Request) -> bytes:
    """The body, if it is JSON (which no form of a web page can send) and not too long."""
    if request.headers.get("content-type", "").partition(";")[0].strip() != "application/json":
        raise HTTPException(415, "send application/json")
    body = bytearray()
    async for part in request.stream():
        body += part
        if len(body) > MOST_BYTES:
            raise HTTPException(413, f"a request has at most {MOST_BYTES} bytes")
    return bytes(body)


async def _last(messages: AsyncGenerator[InfillDraft | InfillAnswer]) -> InfillAnswer:
    async with aclosing(messages):
        async for message in messages:
            if isinstance(message, InfillAnswer):
                return message
    raise AssertionError("a worker ends with an answer")


async def _events(messages: AsyncGenerator[InfillDraft | InfillAnswer]) -> AsyncIterator[str]:
    """Server-sent events; what goes wrong after the first of them is one as well."""
    async with aclosing(messages):
        try:
            async for message in messages:
                yield f"data: {json.dumps(message.to_json())}\n\n"
        except InstantEditError as error:
            yield f"data: {json.dumps({'type': 'error', 'message': str(error)})}\n\n"


async def _disconnected(request: Request) -> None:
    while (await request.receive())["type"] != "http.disconnect":
        pass


def _status(error: InstantEditError) -> tuple[int, str]:
    return (422 if isinstance(error, InputError) else 500), str(error)


async def _refused(request: Request, error: Exception) -> Response:
    del request
    assert isinstance(error, HTTPException)
    return JSONResponse({"error": {"message": error.detail}}, error.status_code)
