"""``workspace/executeCommand`` ``instantEdit.edit``, and what editors do with its edit."""

from __future__ import annotations

from typing import Any

import pytest

from tests.lsp.driving import (
    CANCELLED,
    IMPATIENT,
    INVALID_PARAMS,
    RawClient,
    apply,
    do,
    params,
    started,
)

pytestmark = pytest.mark.asyncio(loop_scope="module")

CODE = "def area(w, h):\n    return w + h\n"
DONE = CODE.replace("w + h", "FILLED")
EXECUTE = "workspace/executeCommand"


async def sent(session: RawClient, **more: Any) -> tuple[str, dict[str, Any]]:
    """Run the command on a new document; its uri, and the ``workspace/applyEdit`` that comes."""
    uri = session.open(CODE)
    run(session, params(uri, CODE, "w + h", **more))
    return uri, await session.until("workspace/applyEdit")


def run(session: RawClient, *arguments: object) -> None:
    session.request("run", EXECUTE, {"command": "instantEdit.edit", "arguments": arguments})


def reply(session: RawClient, request: dict[str, Any], **result: object) -> None:
    session.send({"jsonrpc": "2.0", "id": request["id"], "result": result})


async def applied(session: RawClient) -> object:
    return (await session.answer("run"))["result"]["applied"]


@pytest.mark.parametrize("change_first", [True, False])
async def test_an_edit_that_arrives_is_confirmed(session: RawClient, change_first: bool) -> None:
    uri, request = await sent(session)
    assert apply(CODE, request["params"]["edit"], uri, 1, "utf-16") == DONE
    if change_first:
        session.change(uri, 2, DONE)
        reply(session, request, applied=True)
    else:
        reply(session, request, applied=True)
        session.change(uri, 2, DONE)
    answer = (await session.answer("run"))["result"]
    assert answer["applied"] is True
    assert answer["verdict"] == {"ok": True, "findings": []}
    assert answer["model"]["id"] == "scripted"
    assert session.shown() == []


async def test_an_edit_that_arrives_together_with_typing_is_confirmed(session: RawClient) -> None:
    uri, request = await sent(session)
    reply(session, request, applied=True)
    session.change(uri, 3, DONE + "more = 1\n")
    assert await applied(session) is True
    assert session.shown() == []


async def test_an_editor_that_lies_about_a_stale_edit_is_found_out(session: RawClient) -> None:
    uri, request = await sent(session)
    session.change(uri, 2, "# typed first\n" + CODE)
    reply(session, request, applied=True)
    assert await applied(session) is False
    (message,) = session.shown()
    assert "a.py" in message
    assert "not applied" in message


async def test_an_editor_that_refuses_is_quoted(session: RawClient) -> None:
    _, request = await sent(session)
    reply(session, request, applied=False, failureReason="the buffer is read-only")
    assert await applied(session) is False
    (message,) = session.shown()
    assert "the buffer is read-only" in message


async def test_an_editor_that_answers_with_an_error_is_quoted(session: RawClient) -> None:
    _, request = await sent(session)
    session.send(
        {"jsonrpc": "2.0", "id": request["id"], "error": {"code": 1, "message": "no such"}}
    )
    assert await applied(session) is False
    assert "no such" in session.shown()[0]


@pytest.mark.parametrize("answers", [True, False])
async def test_silence_of_the_editor_ends_in_a_word_to_the_user(answers: bool) -> None:
    async with started(*IMPATIENT) as raw:
        await raw.initialize()
        _, request = await sent(raw)
        if answers:
            reply(raw, request, applied=True)
        assert await applied(raw) is None
        (message,) = raw.shown()
        assert "does not show" in message
        reply(raw, request, applied=True)  # too late: nobody waits for it
        await sent(raw)


async def test_an_edit_that_arrived_is_confirmed_without_the_word_of_the_editor(
    session: RawClient,
) -> None:
    uri, request = await sent(session)
    session.change(uri, 2, DONE)
    assert await applied(session) is True
    reply(session, request, applied=True)  # nobody waits for it any more
    uri, request = await sent(session)
    session.change(uri, 2, DONE)
    assert await applied(session) is True


async def test_closing_the_document_leaves_the_arrival_open(session: RawClient) -> None:
    uri, request = await sent(session)
    session.notify("textDocument/didClose", {"textDocument": {"uri": uri}})
    reply(session, request, applied=True)
    assert await applied(session) is None


async def test_a_draft_that_does_not_validate_is_not_sent(session: RawClient) -> None:
    run(session, params(session.open(CODE), CODE, "w + h", instruction=do(texts=["w + ("])))
    answer = (await session.answer("run"))["result"]
    assert answer["applied"] is None
    assert answer["verdict"]["ok"] is False
    assert "nothing passed validation" in session.shown()[0]


async def test_the_command_can_be_cancelled(session: RawClient) -> None:
    uri = session.open(CODE)
    asked = params(uri, CODE, "w + h", instruction=do(hold=True))
    request = {"command": "instantEdit.edit", "arguments": [asked], "workDoneToken": "t"}
    session.request("run", EXECUTE, request)
    while "message" not in (await session.until("$/progress"))["params"]["value"]:
        pass
    session.notify("$/cancelRequest", {"id": "run"})
    assert (await session.answer("run"))["error"]["code"] == CANCELLED
    session.request("next", "instantEdit/edit", params(uri, CODE, "w + h"))
    assert (await session.answer("next"))["result"]["edit"] is not None


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
    session: RawClient, command: str, arguments: object, named: str
) -> None:
    session.request("run", EXECUTE, {"command": command, "arguments": arguments})
    error = (await session.answer("run"))["error"]
    assert error["code"] == INVALID_PARAMS
    assert named in error["message"]
