"""A session with the language server over stdio, as a bare client holds it."""

from __future__ import annotations

import asyncio
import itertools
import json
import sys
import time
from dataclasses import dataclass, field
from typing import Any

import psutil


@dataclass
class Asked:
    """An edit that was asked for: when, its answer to come, and when its drafts came."""

    number: int
    began: float
    answer: asyncio.Future[Any]
    drafts: list[float] = field(default_factory=list)
    drafted: asyncio.Event = field(default_factory=asyncio.Event)

    @property
    def first_draft(self) -> float | None:
        """Milliseconds from the request to the first draft; None where none came."""
        return 1000 * (self.drafts[0] - self.began) if self.drafts else None


class Server:
    """A server process; answers and notifications go to whoever waits for them."""

    def __init__(self, process: asyncio.subprocess.Process) -> None:
        self.process = process
        self.numbers = itertools.count(1)
        self.waiting: dict[object, asyncio.Future[Any]] = {}
        self.edits: dict[object, Asked] = {}
        self.reader = asyncio.create_task(self._read())

    @classmethod
    async def start(cls, model: str) -> Server:
        """Start a server and shake hands; the model is not loaded yet."""
        pipe, null = asyncio.subprocess.PIPE, asyncio.subprocess.DEVNULL
        command = [sys.executable, "-m", "instant_edit", "lsp"]
        server = cls(
            await asyncio.create_subprocess_exec(*command, stdin=pipe, stdout=pipe, stderr=null)
        )
        options = {"model": model, "preload": False}
        await server.request("initialize", {"capabilities": {}, "initializationOptions": options})
        server.send("initialized", {})
        return server

    def send(self, method: str, params: object, number: int | None = None) -> None:
        """Write a request, or a notification where it has no number."""
        assert self.process.stdin is not None
        message = {"jsonrpc": "2.0", "method": method, "params": params}
        body = json.dumps(message if number is None else {**message, "id": number}).encode()
        self.process.stdin.write(b"Content-Length: %d\r\n\r\n%s" % (len(body), body))

    def request(self, method: str, params: object = None) -> asyncio.Future[Any]:
        """Send a request; the future has its whole answer."""
        return self._request(next(self.numbers), method, params)

    def edit(self, params: dict[str, Any]) -> Asked:
        """Ask for an edit, with drafts."""
        number = next(self.numbers)
        began = time.perf_counter()
        answer = self._request(number, "instantEdit/edit", {**params, "draftToken": number})
        asked = self.edits[number] = Asked(number, began, answer)
        answer.add_done_callback(lambda _: self.edits.pop(number))
        return asked

    def cancel(self, asked: Asked) -> None:
        """Cancel an edit."""
        self.send("$/cancelRequest", {"id": asked.number})

    def megabytes(self) -> float:
        """The resident memory of the process."""
        return float(psutil.Process(self.process.pid).memory_info().rss) / 2**20

    async def stop(self) -> None:
        """Shut the server down as the protocol has it."""
        await self.request("shutdown")
        self.send("exit", None)
        self.reader.cancel()
        await self.process.wait()

    def _request(self, number: int, method: str, params: object) -> asyncio.Future[Any]:
        self.waiting[number] = asyncio.get_running_loop().create_future()
        self.send(method, params, number)
        return self.waiting[number]

    async def _read(self) -> None:
        try:
            while True:
                self._take(await self._message())
        except (asyncio.IncompleteReadError, KeyError) as error:  # nobody is to wait for ever
            for answer in self.waiting.values():
                answer.set_exception(ConnectionError(f"the server's answers ended: {error!r}"))

    async def _message(self) -> dict[str, Any]:
        assert self.process.stdout is not None
        head = await self.process.stdout.readuntil(b"\r\n\r\n")
        size = int(head.lower().split(b"content-length:")[1].split()[0])
        message = json.loads(await self.process.stdout.readexactly(size))
        assert isinstance(message, dict)
        return message

    def _take(self, message: dict[str, Any]) -> None:
        if "method" not in message:
            self.waiting.pop(message["id"]).set_result(message)
        elif message["method"] == "instantEdit/draft":
            self._draft(message["params"]["draftToken"])

    def _draft(self, number: object) -> None:
        if number in self.edits:
            self.edits[number].drafts.append(time.perf_counter())
            self.edits[number].drafted.set()


class Typist:
    """Asks for edits of one line of a text after another, each in a new version of it."""

    def __init__(self, server: Server, uri: str, text: str, **more: Any) -> None:
        self.server, self.uri, self.lines, self.more = server, uri, text.splitlines(), more
        self.version = 1
        indented = [n for n, line in enumerate(self.lines) if line.startswith(" ")]
        self.places = itertools.cycle(indented)
        item = {"uri": uri, "languageId": "python", "version": 1, "text": self.text}
        server.send("textDocument/didOpen", {"textDocument": item})

    @property
    def text(self) -> str:
        """The document: its lines, below one that says which version it is."""
        return "\n".join([f"# version {self.version}", *self.lines, ""])

    def close(self) -> None:
        """Close the document."""
        self.server.send("textDocument/didClose", {"textDocument": {"uri": self.uri}})

    def ask(self) -> Asked:
        """Ask for the fill of the next line."""
        number = next(self.places)
        line = self.lines[number]
        ends = [len(line) - len(line.lstrip()), len(line)]
        start, end = ({"line": number + 1, "character": end} for end in ends)
        document = {"uri": self.uri, "version": self.version}
        return self.server.edit(
            {"textDocument": document, "range": {"start": start, "end": end}, **self.more}
        )

    def type(self) -> None:
        """Send the next version, which differs in its first line."""
        self.version += 1
        document = {"uri": self.uri, "version": self.version}
        changes = [{"text": self.text}]
        params = {"textDocument": document, "contentChanges": changes}
        self.server.send("textDocument/didChange", params)
