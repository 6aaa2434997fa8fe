"""More, larger and stranger input than any editor sends: replies, or an orderly end."""

from __future__ import annotations

from typing import Any

import pytest

from tests.lsp.driving import CANCELLED, EDIT, INVALID_PARAMS, RawClient, apply, do, params

pytestmark = pytest.mark.asyncio(loop_scope="module")

CODE = "def area(w, h):\n    return w + h\n"
REQUESTS = 1000


async def answers(session: RawClient, count: int) -> dict[Any, dict[str, Any]]:
    """This many answers, by the ids of their requests; none comes twice."""
    found: dict[Any, dict[str, Any]] = {}
    while len(found) < count:
        message = await session.receive()
        if "method" not in message:
            assert message["id"] not in found
            found[message["id"]] = message
    return found


async def test_a_thousand_requests_at_once_get_a_thousand_answers(session: RawClient) -> None:
    uri = session.open(CODE)
    for number in range(REQUESTS):
        session.request(number, EDIT, params(uri, CODE, "w + h"))
    found = await answers(session, REQUESTS)
    assert found[REQUESTS - 1]["result"]["edit"] is not None
    errors = {a["error"]["code"] for a in found.values() if "error" in a}
    assert errors <= {CANCELLED}


async def test_a_thousand_documents_are_all_served_in_turn(session: RawClient) -> None:
    for number in range(REQUESTS):
        uri = session.open(CODE, uri=f"file:///{number}.py")
        session.request(number, EDIT, params(uri, CODE, "w + h"))
    found = await answers(session, REQUESTS)
    assert list(found) == list(range(REQUESTS))
    assert all(answer["result"]["edit"] for answer in found.values())


async def test_cancels_of_what_was_answered_or_never_asked_are_ignored(session: RawClient) -> None:
    uri = session.open(CODE)
    for number in range(50):
        session.request(number, EDIT, params(uri, CODE, "w + h"))
        await session.answer(number)
        others: list[object] = [number, f"{number}", number + 1000, None, {}]
        for late in others:
            session.notify("$/cancelRequest", {"id": late})
    session.request("last", EDIT, params(uri, CODE, "w + h"))
    assert (await session.answer("last"))["result"]["edit"] is not None


async def test_a_document_of_five_megabytes_is_edited(session: RawClient) -> None:
    text = "# " + "filler " * 20 + "\n"
    big = text * (5_000_000 // len(text)) + "total = w + h\n"
    uri = session.open(big)
    session.request(1, EDIT, params(uri, big, "w + h", instruction=do(texts=["w * h"])))
    answer = (await session.answer(1))["result"]
    assert apply(big, answer["edit"], uri, 1, "utf-16") == big.replace("w + h", "w * h")


@pytest.mark.parametrize(
    "text", ["a = 1\rb = 2\r\nc = 3\n", "\x0ca = 1\n\x0cb = 2\n", "a = '\u2028'"]
)
async def test_foreign_line_ends_are_kept(session: RawClient, text: str) -> None:
    uri = session.open(text)
    session.request(1, EDIT, params(uri, text, "a =", instruction=do(texts=["x ="])))
    edit = (await session.answer(1))["result"]["edit"]
    assert apply(text, edit, uri, 1, "utf-16") == text.replace("a =", "x =")


async def test_a_change_that_brings_half_a_surrogate_pair_ends_the_edit_with_a_word(
    session: RawClient,
) -> None:
    uri = session.open(CODE)
    held = params(uri, CODE, "w + h", instruction=do(busy=0.2), workDoneToken="t")
    session.request(1, EDIT, held)
    await session.until("$/progress")
    session.change(uri, 2, "s = '\ud83d'\n" + CODE)
    answer = await session.answer(1)
    assert answer["result"]["verdict"]["ok"] or answer["error"]["code"] == -32801
    session.request(2, EDIT, {**held, "textDocument": {"uri": uri, "version": 2}})
    assert (await session.answer(2))["error"]["code"] == INVALID_PARAMS
