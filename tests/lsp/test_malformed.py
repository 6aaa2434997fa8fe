"""Whatever a client sends, each request gets exactly one answer that names what is wrong."""

from __future__ import annotations

from typing import Any

import pytest

from tests.lsp.driving import EDIT, INVALID_PARAMS, RawClient

pytestmark = pytest.mark.asyncio(loop_scope="module")

CODE = "x = 1\n"
URI = "file:///a.py"
ZERO = {"line": 0, "character": 0}
RANGE = {"start": {"line": 0, "character": 4}, "end": {"line": 0, "character": 5}}
GOOD: dict[str, Any] = {"textDocument": {"uri": URI, "version": 1}, "range": RANGE}


def without(key: str) -> dict[str, Any]:
    return {name: value for name, value in GOOD.items() if name != key}


def ranged(start: object, end: object) -> dict[str, Any]:
    return {**GOOD, "range": {"start": start, "end": end}}


def command(*arguments: object) -> dict[str, Any]:
    return {"command": "instantEdit.edit", "arguments": arguments}


BAD_EDITS: list[tuple[str, object]] = [
    ("params", None),
    ("params", 5),
    ("params", []),
    ("params", "text"),
    ("textDocument", {}),
    ("textDocument", without("textDocument")),
    ("textDocument", {**GOOD, "textDocument": URI}),
    ("textDocument.uri", {**GOOD, "textDocument": {"version": 1}}),
    ("textDocument.uri", {**GOOD, "textDocument": {"uri": 1, "version": 1}}),
    ("textDocument.version", {**GOOD, "textDocument": {"uri": URI}}),
    ("textDocument.version", {**GOOD, "textDocument": {"uri": URI, "version": None}}),
    ("textDocument.version", {**GOOD, "textDocument": {"uri": URI, "version": "1"}}),
    ("textDocument.version", {**GOOD, "textDocument": {"uri": URI, "version": True}}),
    ("textDocument.version", {**GOOD, "textDocument": {"uri": URI, "version": 1.0}}),
    ("textDocument.verison", {**GOOD, "textDocument": {"uri": URI, "version": 1, "verison": 1}}),
    ("range", without("range")),
    ("range", {**GOOD, "ranges": [RANGE]}),
    ("range", {**GOOD, "range": [RANGE]}),
    ("range.start", {**GOOD, "range": {"end": ZERO}}),
    ("range.end", {**GOOD, "range": {"start": ZERO}}),
    ("range.start.line", ranged({"character": 0}, ZERO)),
    ("range.start.line", ranged({"line": -1, "character": 0}, ZERO)),
    ("range.start.line", ranged({"line": 2**31, "character": 0}, ZERO)),
    ("range.end.character", ranged(ZERO, {"line": 0, "character": "1"})),
    ("range.end", ranged({"line": 0, "character": 2}, ZERO)),
    ("ranges", {**without("range"), "ranges": []}),
    ("ranges", {**without("range"), "ranges": RANGE}),
    ("ranges[1]", {**without("range"), "ranges": [RANGE, 7]}),
    ("ranges[1].end", {**without("range"), "ranges": [RANGE, {"start": ZERO}]}),
    ("overlap", {**without("range"), "ranges": [RANGE, RANGE]}),
    ("line 9", ranged(ZERO, {"line": 9, "character": 0})),
    ("instruction", {**GOOD, "instruction": 5}),
    ("instruction", {**GOOD, "instruction": "\ud83d"}),
    ("mode", {**GOOD, "mode": "improve"}),
    ("mode", {**GOOD, "mode": ["fill"]}),
    ("seed", {**GOOD, "seed": -1}),
    ("seed", {**GOOD, "seed": "7"}),
    ("candidates", {**GOOD, "candidates": 0}),
    ("candidates", {**GOOD, "candidates": 1000}),
    ("deadlineMs", {**GOOD, "deadlineMs": 0}),
    ("deadlineMs", {**GOOD, "deadlineMs": 1.5}),
    ("workDoneToken", {**GOOD, "workDoneToken": {}}),
    ("draftToken", {**GOOD, "draftToken": 1.5}),
    ("documents", {**GOOD, "documents": [{"textDocument": GOOD["textDocument"]}]}),
    ("deadline_ms", {**GOOD, "deadline_ms": 5}),
]
BAD_TYPED: list[tuple[str, str, object]] = [
    ("textDocument/codeAction", "params", None),
    ("textDocument/codeAction", "textDocument", []),
    ("textDocument/codeAction", "textDocument", {"textDocument": {"uri": URI}}),
    ("textDocument/codeAction", "range", {"textDocument": {"uri": URI}, "context": {}}),
    (
        "textDocument/codeAction",
        "range.start.line",
        {
            "textDocument": {"uri": URI},
            "range": {"start": {"line": "x", "character": 0}, "end": ZERO},
            "context": {"diagnostics": []},
        },
    ),
    ("codeAction/resolve", "params", None),
    ("codeAction/resolve", "title", {"data": GOOD}),
    ("codeAction/resolve", "data", {"title": "Fill this span"}),
    ("workspace/executeCommand", "command", {}),
    ("workspace/executeCommand", "arguments[0].seed", command({**GOOD, "seed": "x"})),
    ("workspace/executeCommand", "arguments[0].textDocument", command(GOOD["range"])),
]


@pytest.fixture(autouse=True)
def document(session: RawClient) -> None:
    session.open(CODE, uri=URI)


async def still_serves(raw: RawClient) -> None:
    """An edit goes through, and nothing else was answered before it."""
    raw.request("after", EDIT, GOOD)
    assert (await raw.answer("after"))["result"]["edit"] is not None


async def test_malformed_edits_are_refused_by_the_key_that_is_wrong(session: RawClient) -> None:
    for number, (key, params) in enumerate(BAD_EDITS):
        session.request(number, EDIT, params)
        error = (await session.answer(number))["error"]
        assert error["code"] == INVALID_PARAMS, (key, params, error)
        assert key in error["message"], (key, params, error)
    await still_serves(session)


async def test_malformed_params_of_typed_methods_are_refused_too(session: RawClient) -> None:
    for number, (method, key, params) in enumerate(BAD_TYPED):
        session.request(number, method, params)
        error = (await session.answer(number))["error"]
        assert error["code"] == INVALID_PARAMS, (method, params, error)
        assert key in error["message"], (method, params, error)
    await still_serves(session)


async def test_params_that_are_left_out_are_refused(session: RawClient) -> None:
    for number, method in enumerate((EDIT, "textDocument/codeAction", "codeAction/resolve")):
        session.send({"jsonrpc": "2.0", "id": number, "method": method})
        assert (await session.answer(number))["error"]["code"] == INVALID_PARAMS
    await still_serves(session)


async def test_the_status_minds_no_params(session: RawClient) -> None:
    anything: list[object] = [None, {}, 5, [], "text"]
    for number, params in enumerate(anything):
        session.request(number, "instantEdit/status", params)
        assert (await session.answer(number))["result"]["protocol"] == 1
    await still_serves(session)


async def test_a_document_with_half_a_surrogate_pair_is_refused(session: RawClient) -> None:
    uri = session.open("x = 1\ny = '\ud83d'\n", uri="file:///half.py")
    session.request(1, EDIT, {**GOOD, "textDocument": {"uri": uri, "version": 1}})
    error = (await session.answer(1))["error"]
    assert error["code"] == INVALID_PARAMS
    assert "line 2" in error["message"]
    await still_serves(session)


@pytest.mark.parametrize(
    ("message", "msg_id", "code"),
    [
        ("{not json", None, -32700),
        ("[" * 100_000, None, -32700),
        ([], None, -32600),
        ({"id": 1, "method": EDIT}, None, -32600),
        ({"jsonrpc": "2.0", "id": None, "method": EDIT}, None, -32600),
        ({"jsonrpc": "2.0", "id": {}, "method": EDIT}, None, -32600),
        ({"jsonrpc": "2.0", "id": 1, "method": 5}, 1, -32600),
        ({"jsonrpc": "2.0", "id": 1, "method": "instantEdit/unknown"}, 1, -32601),
        ({"jsonrpc": "2.0", "id": 1, "method": "initialize", "params": {}}, 1, -32600),
    ],
)
async def test_what_is_no_request_is_answered(
    session: RawClient, message: object, msg_id: object, code: int
) -> None:
    session.send(message)
    assert (await session.answer(msg_id))["error"]["code"] == code
    await still_serves(session)


async def test_malformed_notifications_are_ignored(session: RawClient) -> None:
    for method in ("textDocument/didOpen", "textDocument/didClose", "$/cancelRequest", "$/odd"):
        session.notify(method, {"textDocument": 5})
        session.notify(method)
    await still_serves(session)


async def test_a_change_of_a_document_that_is_not_open_is_ignored(session: RawClient) -> None:
    identifier = {"uri": "file:///never.py", "version": 2}
    params = {"textDocument": identifier, "contentChanges": [{"text": ""}]}
    session.notify("textDocument/didChange", params)
    await still_serves(session)


async def test_a_ranged_change_means_its_range(session: RawClient) -> None:
    identifier = {"uri": URI, "version": 2}
    changes = [{"range": {"start": ZERO, "end": ZERO}, "text": "\x0c# more\n"}]
    session.notify(
        "textDocument/didChange", {"textDocument": identifier, "contentChanges": changes}
    )
    down = {side: {**place, "line": 1} for side, place in RANGE.items()}
    session.request(1, EDIT, {"textDocument": identifier, "range": down})
    (change,) = (await session.answer(1))["result"]["edit"]["documentChanges"]
    assert change["edits"] == [{"range": down, "newText": "FILLED"}]


async def test_a_ranged_change_that_does_not_fit_closes_the_document(session: RawClient) -> None:
    nowhere = {"line": 50, "character": 0}
    changes = [{"range": {"start": nowhere, "end": nowhere}, "text": "x"}]
    identifier = {"uri": URI, "version": 2}
    session.notify(
        "textDocument/didChange", {"textDocument": identifier, "contentChanges": changes}
    )
    session.request(1, EDIT, {**GOOD, "textDocument": identifier})
    error = (await session.answer(1))["error"]
    assert error["code"] == INVALID_PARAMS
    assert "didOpen" in error["message"]
