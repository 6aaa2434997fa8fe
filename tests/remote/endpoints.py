"""An HTTP server for tests that answers byte by byte what it is told, and sees who goes away."""

from __future__ import annotations

import asyncio
import json
import ssl
import threading
from collections.abc import Awaitable, Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from instant_edit.remote.background import Background
from instant_edit.remote.editor import RemoteEditor
from instant_edit.remote.endpoint import Endpoint
from instant_edit.remote.http import Http
from instant_edit.remote.limits import Limits
from instant_edit.request import EditRequest, Span

FREE = Limits()
SOURCE = "def area(width, height):\n    # in metres\n    return 0\n\n\nprint(area(2, 3))\n"
SETTINGS = {"endpoint": None, "protocol": "infill", "allow-plain-http": False}


@dataclass(frozen=True)
class Seen:
    """A request as it came."""

    path: str
    headers: Mapping[str, str]
    body: Any


@dataclass
class Exchange:
    """One request and the connection that wants its answer."""

    seen: Seen
    reader: asyncio.StreamReader
    writer: asyncio.StreamWriter

    async def send(self, data: bytes) -> None:
        self.writer.write(data)
        await self.writer.drain()


Answer = Callable[[Exchange], Awaitable[None]]


@dataclass
class Server:
    """Answers with what is queued, one after the other; the last answer stays."""

    answers: list[Answer] = field(default_factory=list)
    seen: list[Seen] = field(default_factory=list)
    arrived: threading.Event = field(default_factory=threading.Event)
    gone: threading.Event = field(default_factory=threading.Event)
    port: int = 0

    def __post_init__(self) -> None:
        self._background = Background("test-endpoint")
        self._server: asyncio.Server | None = None

    def start(self, tls: ssl.SSLContext | None = None) -> None:
        async def listen() -> asyncio.Server:
            return await asyncio.start_server(self._connected, "127.0.0.1", 0, ssl=tls)

        self._server = self._background.submit(listen()).result()
        self.port = self._server.sockets[0].getsockname()[1]

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.port}/v1"

    def reset(self, *answers: Answer) -> None:
        self.answers, self.seen = list(answers), []
        self.arrived.clear()
        self.gone.clear()

    def close(self) -> None:
        async def stop() -> None:
            assert self._server is not None
            self._server.close()
            for task in asyncio.all_tasks() - {asyncio.current_task()}:
                task.cancel()

        self._background.submit(stop()).result()
        self._background.close()

    async def _connected(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        try:
            while not writer.is_closing():
                seen = await _request(reader)
                self.seen.append(seen)
                self.arrived.set()
                answer = self.answers.pop(0) if len(self.answers) > 1 else self.answers[0]
                await answer(Exchange(seen, reader, writer))
        except (asyncio.IncompleteReadError, ConnectionError, asyncio.CancelledError):
            pass
        finally:
            self.gone.set()
            writer.close()


async def _request(reader: asyncio.StreamReader) -> Seen:
    head = (await reader.readuntil(b"\r\n\r\n")).decode().split("\r\n")
    headers = dict(line.lower().split(": ", 1) for line in head[1:] if line)
    body = await reader.readexactly(int(headers.get("content-length", 0)))
    raw = dict(line.split(": ", 1) for line in head[1:] if line)
    kept = {name.lower(): value for name, value in raw.items()}
    return Seen(head[0].split(" ")[1], kept, json.loads(body) if body else None)


def raw(data: bytes) -> Answer:
    """These bytes, and then the connection ends."""

    async def answer(exchange: Exchange) -> None:
        await exchange.send(data)
        exchange.writer.close()

    return answer


def says(document: object, status: int = 200, **headers: str) -> Answer:
    """A JSON document."""
    body = document if isinstance(document, bytes) else json.dumps(document).encode()
    lines = {"content-type": "application/json", "content-length": str(len(body)), **headers}
    head = "".join(f"{name.replace('_', '-')}: {value}\r\n" for name, value in lines.items())

    async def answer(exchange: Exchange) -> None:
        await exchange.send(f"HTTP/1.1 {status} Said\r\n{head}\r\n".encode() + body)

    return answer


def events(*documents: object, ends: bool = True) -> Answer:
    """Server-sent events; without an end the connection stays open until the client goes."""
    texts = [one if isinstance(one, str) else json.dumps(one) for one in documents]

    async def answer(exchange: Exchange) -> None:
        await exchange.send(b"HTTP/1.1 200 OK\r\ncontent-type: text/event-stream\r\n\r\n")
        for text in texts:
            await exchange.send(f"data: {text}\n\n".encode())
        if not ends:
            await exchange.reader.read()  # b"" when the client has gone
        exchange.writer.close()

    return answer


async def silence(exchange: Exchange) -> None:
    """Nothing, until the client goes."""
    await exchange.reader.read()
    exchange.writer.close()


def endpoint(server: Server, protocol: str = "infill", model: str = "") -> Endpoint:
    tail = f"#{model}" if model else ""
    return Endpoint.named(f"remote:{protocol}+{server.url}{tail}", SETTINGS)


def editor(server: Server, protocol: str = "infill", model: str = "") -> RemoteEditor:
    """An editor that does not wait before it asks again."""
    here = endpoint(server, protocol, model)
    return RemoteEditor(here, Http(here, None, pauses=(0.0, 0.0)))


def asks(source: str = SOURCE, hole: str = "return 0", **rest: Any) -> EditRequest:
    start = source.index(hole)
    return EditRequest(source, (Span(start, start + len(hole)),), "python", **rest)


def infilled(*texts: str, findings: Sequence[object] = ()) -> dict[str, object]:
    """An answer of the protocol infill: each text is a candidate for the only span."""
    candidates = [[{"text": text, "confidence": 0.75}] for text in texts]
    model = {"id": "team", "digest": "sha256:7"}
    return {"type": "result", "candidates": candidates, "findings": list(findings), "model": model}


def chosen(
    text: str | None, reason: str | None = "stop", key: str = "message"
) -> dict[str, object]:
    """An answer of OpenAI's manner."""
    choice: dict[str, object] = {"index": 0, "finish_reason": reason}
    choice |= {"text": text} if key == "text" else {key: {"content": text}}
    return {"choices": [choice], "usage": {"completion_tokens": 5}}
