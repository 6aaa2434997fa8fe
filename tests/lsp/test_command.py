"""``workspace/executeCommand`` ``instantEdit.edit``, and what editors do with its edit."""

from __future__ import annotations

from typing import Any

import pytest

from tests.lsp.driving import CANCELLED, INVALID_PARAMS, RawClient, apply, do, params

CODE = "def area(w, h):\n    return w + h\n"
DONE = CODE.replace("w + h", "FILLED")
EXECUTE = "workspace/executeCommand"


async def sent(raw: RawClient, **more: Any) -> tuple[str, dict[str, Any]]:
    """Run the command on a new document; its uri, and the ``workspace/applyEdit`` that comes."""
    await raw.initialize()
    uri = raw.open(CODE)
    run(raw, params(uri, CODE, "w + h", **more))
    return uri, await raw.until("workspace/applyEdit")


def run(raw: RawClient, *arguments: object) -> None:
    raw.request("run", EXECUTE, {"command": "instantEdit.edit", "arguments": arguments})


def reply(raw: RawClient, request: dict[str, Any], **result: object) -> None:
    raw.send({"jsonrpc": "2.0", "id": request["id"], "result": result})


async def applied(raw: RawClient) -> object:
    return (await raw.answer("run"))["result"]["applied"]


@pytest.mark.parametrize("change_first", [True, False])
async def test_an_edit_that_arrives_is_confirmed(raw: RawClient, change_first: bool) -> None:
    uri, request = await sent(raw)
    assert apply(CODE, request["params"]["edit"], uri, 1, "utf-16") == DONE
    if change_first:
        raw.change(uri, 2, DONE)
        reply(raw, request, applied=True)
    else:
        reply(raw, request, applied=True)
        raw.change(uri, 2, DONE)
    answer = (await raw.answer("run"))["result"]
    assert answer["applied"] is True
    assert answer["verdict"] == {"ok": True, "findings": []}
    assert answer["model"]["id"] == "scripted"
    assert raw.shown() == []


async def test_an_edit_that_arrives_together_with_typing_is_confirmed(raw: RawClient) -> None:
    uri, request = await sent(raw)
    reply(raw, request, applied=True)
    raw.change(uri, 3, DONE + "more = 1\n")
    assert await applied(raw) is True
    assert raw.shown() == []


async def test_an_editor_that_lies_about_a_stale_edit_is_found_out(raw: RawClient) -> None:
    uri, request = await sent(raw)
    raw.change(uri, 2, "# typed first\n" + CODE)
    reply(raw, request, applied=True)
    assert await applied(raw) is False
    (message,) = raw.shown()
    assert "a.py" in message
    assert "not applied" in message


async def test_an_editor_that_refuses_is_quoted(raw: RawClient) -> None:
    _, request = await sent(raw)
    reply(raw, request, applied=False, failureReason="the buffer is read-only")
    assert await applied(raw) is False
    (message,) = raw.shown()
    assert "the buffer is read-only" in message


async def test_an_editor_that_answers_with_an_error_is_quoted(raw: RawClient) -> None:
    _, request = await sent(raw)
    raw.send({"jsonrpc": "2.0", "id": request["id"], "error": {"code": 1, "message": "no such"}})
    assert await applied(raw) is False
    assert "no such" in raw.shown()[0]


@pytest.mark.parametrize("answers", [True, False])
async def test_silence_of_the_editor_ends_in_a_word_to_the_user(
    raw: RawClient, answers: bool
) -> None:
    _, request = await sent(raw)
    if answers:
        reply(raw, request, applied=True)
    assert await applied(raw) is None
    (message,) = raw.shown()
    assert "does not show" in message
    reply(raw, request, applied=True)  # too late: nobody waits for it
    assert (await raw.leave())[0] == 0


async def test_an_edit_that_never_answered_but_arrived_is_confirmed(raw: RawClient) -> None:
    uri, _ = await sent(raw)
    raw.change(uri, 2, DONE)
    assert await applied(raw) is True


async def test_closing_the_document_leaves_the_arrival_open(raw: RawClient) -> None:
    uri, request = await sent(raw)
    raw.notify("textDocument/didClose", {"textDocument": {"uri": uri}})
    reply(raw, request, applied=True)
    assert await applied(raw) is None


async def test_a_draft_that_does_not_validate_is_not_sent(raw: RawClient) -> None:
    await raw.initialize()
    run(raw, params(raw.open(CODE), CODE, "w + h", instruction=do(texts=["w + ("])))
    answer = (await raw.answer("run"))["result"]
    assert answer["applied"] is None
    assert answer["verdict"]["ok"] is False
    assert "nothing passed validation" in raw.shown()[0]


async def test_the_command_can_be_cancelled(raw: RawClient) -> None:
    await raw.initialize()
    uri = raw.open(CODE)
    asked = params(uri, CODE, "w + h", instruction=do(hold=True))
    request = {"command": "instantEdit.edit", "arguments": [asked], "workDoneToken": "t"}
    raw.request("run", EXECUTE, request)
    while "message" not in (await raw.until("$/progress"))["params"]["value"]:
        pass
    raw.notify("$/cancelRequest", {"id": "run"})
    assert (await raw.answer("run"))["error"]["code"] == CANCELLED
    raw.request("next", "instantEdit/edit", params(uri, CODE, "w + h"))
    assert (await raw.answer("next"))["result"]["edit"] is not None


@pytest.mark.parametrize(
    ("command", "arguments", "named"),
    [
        ("instantEdit.other", [], "instantEdit.other"),
        ("instantEdit.edit", None, "arguments"),
        ("instantEdit.edit", [], "arguments"),
        ("instantEdit.edit", [1, 2], "arguments"),
        ("instantEdit.edit", [{"range": 1}], "arguments[0].textDocument"),
    ],
)
async def test_malformed_commands_are_refused(
    raw: RawClient, command: str, arguments: object, named: str
) -> None:
    await raw.initialize()
    raw.request("run", EXECUTE, {"command": command, "arguments": arguments})
    error = (await raw.answer("run"))["error"]
    assert error["code"] == INVALID_PARAMS
    assert named in error["message"]
