"""What a client does for itself: place positions, ask, apply the answer. No server code here."""

from __future__ import annotations

import asyncio
import itertools
import json
import re
import signal
import sys
from contextlib import asynccontextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest
from lsprotocol import types
from pygls.exceptions import JsonRpcException
from pygls.protocol import JsonRPCNotification, JsonRPCResponseMessage, default_converter
from pytest_lsp import LanguageClient
from pytest_lsp.client import register_lsp_features

if TYPE_CHECKING:
    from collections.abc import AsyncIterator

    from cattrs import Converter

EDIT = "instantEdit/edit"
DRAFT = "instantEdit/draft"
COMMAND = [sys.executable, str(Path(__file__).with_name("scripted_server.py"))]
PLAIN = [*COMMAND, "plain"]
IMPATIENT = [*PLAIN, "impatient"]
INVALID_PARAMS, CANCELLED, MODIFIED, FAILED = -32602, -32800, -32801, -32803
UNITS = {"utf-8": ("utf-8", 1), "utf-16": ("utf-16-le", 2), "utf-32": ("utf-32-le", 4)}

_numbers = itertools.count(1)


class Client(LanguageClient):
    """pytest-lsp's client, which keeps results of unknown methods as plain JSON."""

    encoding: str
    initialized_with: types.InitializeResult
    drafts: list[Any]
    texts: dict[str, str]

    def open(self, text: str, language: str = "python") -> str:
        """Open a new document at version 1; its uri."""
        uri = f"file:///work%20space/document{next(_numbers)}.py"
        self.texts[uri] = text
        item = types.TextDocumentItem(uri=uri, language_id=language, version=1, text=text)
        self.text_document_did_open(types.DidOpenTextDocumentParams(item))
        return uri

    def change(self, uri: str, version: int, text: str) -> None:
        """Send the whole text of the next version."""
        self.text_document_did_change(
            types.DidChangeTextDocumentParams(
                types.VersionedTextDocumentIdentifier(version=version, uri=uri),
                [types.TextDocumentContentChangeWholeDocument(text)],
            )
        )

    def ask(self, params: object, msg_id: str | None = None) -> asyncio.Future[Any]:
        """Send ``instantEdit/edit``; its progress token, if any, becomes known."""
        if isinstance(params, dict) and "workDoneToken" in params:
            self.progress_reports.setdefault(params["workDoneToken"], [])
        # Not send_request_async: what is asked before a cancel must be sent before it.
        return asyncio.wrap_future(self.protocol.send_request(EDIT, params, msg_id=msg_id))

    def params(self, uri: str, text: str, *wanted: str, version: int = 1, **more: Any) -> Any:
        """Params that ask for the given pieces of the text."""
        return params(uri, text, *wanted, encoding=self.encoding, version=version, **more)

    async def steps(self, token: types.ProgressToken) -> None:
        """Wait until the edit behind this token has reported a denoising step."""
        while not any(step.startswith("step") for step in self.messages_of(token)):
            await self.wait_for_notification(types.PROGRESS)

    def reports_of(self, token: types.ProgressToken) -> list[Any]:
        """The progress under a token: its values, whatever pytest-lsp's annotation says."""
        return list(self.progress_reports.get(token, []))

    def messages_of(self, token: types.ProgressToken) -> list[str]:
        """What has been reported under a token."""
        reports = self.reports_of(token)
        return [r.message or "" for r in reports if isinstance(r, types.WorkDoneProgressReport)]


def params(
    uri: str, text: str, *wanted: str, encoding: str = "utf-16", version: int = 1, **more: Any
) -> dict[str, Any]:
    """Params that ask for the given pieces of a text."""
    ranges = [span(text, piece, encoding) for piece in wanted]
    spans = {"range": ranges[0]} if len(ranges) == 1 else {"ranges": ranges}
    return {"textDocument": {"uri": uri, "version": version}, **spans, **more}


def make_client() -> Client:
    """A client that knows nothing of ``instantEdit/*`` types."""

    def raw_results() -> Converter:
        made = converter()
        for plain in (JsonRPCResponseMessage, JsonRPCNotification):
            made.register_structure_hook(plain, lambda raw, kind: kind(**raw))
        return made

    client = Client(converter_factory=raw_results)
    register_lsp_features(client)
    client.drafts, client.texts = [], {}

    @client.feature(DRAFT)  # type: ignore[untyped-decorator]
    def draft(_: Client, params: object) -> None:
        client.drafts.append(params)

    @client.feature(types.WORKSPACE_APPLY_EDIT)  # type: ignore[untyped-decorator]
    def apply_edit(
        _: Client, params: types.ApplyWorkspaceEditParams
    ) -> types.ApplyWorkspaceEditResult:
        edit = converter().unstructure(params.edit)
        for uri, text in apply_all(client.texts, edit, client.encoding).items():
            if text != client.texts[uri]:
                client.texts[uri] = text
                client.change(uri, 2, text)
        return types.ApplyWorkspaceEditResult(applied=True)

    return client


def converter() -> Converter:
    """Pygls' converter between JSON and lsprotocol's types."""
    made: Converter = default_converter()  # type: ignore[no-untyped-call]
    return made


def do(**script: Any) -> str:
    """An instruction for the scripted editor."""
    return json.dumps(script)


def span(text: str, piece: str, encoding: str) -> dict[str, dict[str, int]]:
    """The range of the only occurrence of ``piece``, in the client's units."""
    assert text.count(piece) == 1, piece
    start = text.index(piece)
    ends = [position(text, offset, encoding) for offset in (start, start + len(piece))]
    return dict(zip(("start", "end"), ends, strict=True))


def position(text: str, offset: int, encoding: str) -> dict[str, int]:
    """The LSP position of a code point."""
    codec, width = UNITS[encoding]
    starts = [0, *(found.end() for found in re.finditer(r"\r\n|\r|\n", text))]
    line = max(number for number, start in enumerate(starts) if start <= offset)
    return {"line": line, "character": len(text[starts[line] : offset].encode(codec)) // width}


def offset(text: str, place: types.Position, encoding: str) -> int:
    """The code point at an LSP position."""
    codec, width = UNITS[encoding]
    starts = [0, *(found.end() for found in re.finditer(r"\r\n|\r|\n", text))]
    tail = text[starts[place.line] :].encode(codec)
    return starts[place.line] + len(tail[: place.character * width].decode(codec))


def apply(text: str, edit: Any, uri: str, version: int, encoding: str) -> str:
    """The text after a ``WorkspaceEdit`` of one version of one document."""
    (change,) = edit["documentChanges"]
    assert change["textDocument"] == {"uri": uri, "version": version}
    return apply_all({uri: text}, edit, encoding)[uri]


def apply_all(texts: dict[str, str], edit: Any, encoding: str) -> dict[str, str]:
    """The texts after a ``WorkspaceEdit`` in JSON, applied as the specification says."""
    assert set(edit) <= {"documentChanges", "changeAnnotations"}, "only versioned changes"
    checked = converter().structure(edit, types.WorkspaceEdit)
    after = dict(texts)
    for change in checked.document_changes or ():
        assert isinstance(change, types.TextDocumentEdit)
        uri = change.text_document.uri
        after[uri] = _applied(after[uri], change, encoding)
    return after


def _applied(text: str, change: types.TextDocumentEdit, encoding: str) -> str:
    places = [
        (offset(text, e.range.start, encoding), offset(text, e.range.end, encoding), e.new_text)
        for e in change.edits
        if isinstance(e, types.TextEdit | types.AnnotatedTextEdit)
    ]
    assert len(places) == len(change.edits)
    for start, end, new in sorted(places, reverse=True):
        text = text[:start] + new + text[end:]
    return text


async def refused(answer: asyncio.Future[Any], code: int) -> str:
    """Wait for an error with this code; its message."""
    with pytest.raises(JsonRpcException) as caught:
        await answer
    assert caught.value.code == code, caught.value.message
    return caught.value.message


def _interruptible() -> None:
    """In the new process: SIGINT as in a terminal, even where CI runs in the background."""
    signal.signal(signal.SIGINT, signal.SIG_DFL)


class RawClient:
    """Bytes in, bytes out: for what no well-behaved client library would send."""

    def __init__(self, process: asyncio.subprocess.Process) -> None:
        self.process = process
        self.notifications: list[dict[str, Any]] = []

    @classmethod
    async def start(cls, *command: str) -> RawClient:
        """Start a server process, by default the one without an engine."""
        pipe = asyncio.subprocess.PIPE
        started = command or PLAIN
        return cls(
            await asyncio.create_subprocess_exec(
                *started, stdin=pipe, stdout=pipe, stderr=pipe, preexec_fn=_interruptible
            )
        )

    def send(self, message: object) -> None:
        """Send one message; a str goes out as it is."""
        assert self.process.stdin is not None
        body = (message if isinstance(message, str) else json.dumps(message)).encode()
        self.process.stdin.write(b"Content-Length: %d\r\n\r\n%s" % (len(body), body))

    def request(self, msg_id: object, method: str, params: object = None) -> None:
        """Send a request."""
        self.send({"jsonrpc": "2.0", "id": msg_id, "method": method, "params": params})

    def notify(self, method: str, params: object = None) -> None:
        """Send a notification."""
        self.send({"jsonrpc": "2.0", "method": method, "params": params})

    async def receive(self) -> dict[str, Any]:
        """The next message."""
        assert self.process.stdout is not None
        head = await self.process.stdout.readuntil(b"\r\n\r\n")
        size = re.search(rb"Content-Length: (\d+)", head)
        assert size is not None, head
        message = json.loads(await self.process.stdout.readexactly(int(size[1])))
        assert isinstance(message, dict)
        return message

    async def answer(self, msg_id: object) -> dict[str, Any]:
        """The answer to a request; notifications before it are kept."""
        while "method" in (message := await self.receive()):
            self.notifications.append(message)
        assert message["id"] == msg_id, message
        return message

    async def until(self, method: str) -> dict[str, Any]:
        """The next message with this method; notifications before it are kept."""
        while (message := await self.receive()).get("method") != method:
            assert "method" in message, message
            self.notifications.append(message)
        return message

    def change(self, uri: str, version: int, text: str) -> None:
        """Send the whole text of the next version."""
        identifier = {"uri": uri, "version": version}
        params = {"textDocument": identifier, "contentChanges": [{"text": text}]}
        self.notify("textDocument/didChange", params)

    def shown(self) -> list[str]:
        """The messages that the user has been shown so far."""
        shown = [m for m in self.notifications if m["method"] == "window/showMessage"]
        return [message["params"]["message"] for message in shown]

    async def initialize(self, **params: Any) -> dict[str, Any]:
        """Open the session; the server's capabilities."""
        self.request("initialize", "initialize", {"capabilities": {}, **params})
        answer = await self.answer("initialize")
        self.notify("initialized", {})
        capabilities = answer["result"]["capabilities"]
        assert isinstance(capabilities, dict)
        return capabilities

    def open(self, text: str, language: str = "python", uri: str = "file:///a.py") -> str:
        """Open a document at version 1."""
        item = {"uri": uri, "languageId": language, "version": 1, "text": text}
        self.notify("textDocument/didOpen", {"textDocument": item})
        return uri

    async def finish(self) -> tuple[int, str]:
        """Hang up and wait for the process; its exit status and stderr."""
        _, stderr = await self.process.communicate(b"")
        assert self.process.returncode is not None
        return self.process.returncode, stderr.decode()

    async def leave(self) -> tuple[int, str]:
        """Shut the server down in the proper way."""
        self.request("bye", "shutdown")
        await self.answer("bye")
        self.notify("exit")
        return await self.finish()


@asynccontextmanager
async def started(*command: str) -> AsyncIterator[RawClient]:
    """A server process, gone at the end."""
    client = await RawClient.start(*command)
    yield client
    if client.process.returncode is None:
        client.process.kill()
        await client.process.wait()
