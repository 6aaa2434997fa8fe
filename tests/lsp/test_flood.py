"""More, larger and stranger input than any editor sends: replies, or an orderly end."""

from __future__ import annotations

from typing import Any

import pytest

from tests.lsp.driving import CANCELLED, EDIT, INVALID_PARAMS, RawClient, apply, do, params

CODE = "def area(w, h):\n    return w + h\n"
REQUESTS = 1000


async def answers(raw: RawClient, count: int) -> dict[Any, dict[str, Any]]:
    """This many answers, by the ids of their requests; none comes twice."""
    found: dict[Any, dict[str, Any]] = {}
    while len(found) < count:
        message = await raw.receive()
        if "method" not in message:
            assert message["id"] not in found
            found[message["id"]] = message
    return found


async def test_a_thousand_requests_at_once_get_a_thousand_answers(raw: RawClient) -> None:
    await raw.initialize()
    uri = raw.open(CODE)
    for number in range(REQUESTS):
        raw.request(number, EDIT, params(uri, CODE, "w + h"))
    found = await answers(raw, REQUESTS)
    assert found[REQUESTS - 1]["result"]["edit"] is not None
    errors = {a["error"]["code"] for a in found.values() if "error" in a}
    assert errors <= {CANCELLED}
    assert await raw.leave() == (0, "editor closed\n")


async def test_a_thousand_documents_are_all_served_in_turn(raw: RawClient) -> None:
    await raw.initialize()
    for number in range(REQUESTS):
        uri = raw.open(CODE, uri=f"file:///{number}.py")
        raw.request(number, EDIT, params(uri, CODE, "w + h"))
    found = await answers(raw, REQUESTS)
    assert list(found) == list(range(REQUESTS))
    assert all(answer["result"]["edit"] for answer in found.values())


async def test_cancels_of_what_was_answered_or_never_asked_are_ignored(raw: RawClient) -> None:
    await raw.initialize()
    uri = raw.open(CODE)
    for number in range(50):
        raw.request(number, EDIT, params(uri, CODE, "w + h"))
        await raw.answer(number)
        for late in (number, f"{number}", number + 1000, None, {}):
            raw.notify("$/cancelRequest", {"id": late})
    raw.request("last", EDIT, params(uri, CODE, "w + h"))
    assert (await raw.answer("last"))["result"]["edit"] is not None


async def test_a_document_of_five_megabytes_is_edited(raw: RawClient) -> None:
    await raw.initialize()
    text = "# " + "filler " * 20 + "\n"
    big = text * (5_000_000 // len(text)) + "total = w + h\n"
    uri = raw.open(big)
    raw.request(1, EDIT, params(uri, big, "w + h", instruction=do(texts=["w * h"])))
    answer = (await raw.answer(1))["result"]
    assert apply(big, answer["edit"], uri, 1, "utf-16") == big.replace("w + h", "w * h")


@pytest.mark.parametrize(
    "text", ["a = 1\rb = 2\r\nc = 3\n", "\x0ca = 1\n\x0cb = 2\n", "a = '\u2028'"]
)
async def test_foreign_line_ends_are_kept(raw: RawClient, text: str) -> None:
    await raw.initialize()
    uri = raw.open(text)
    raw.request(1, EDIT, params(uri, text, "a =", instruction=do(texts=["x ="])))
    edit = (await raw.answer(1))["result"]["edit"]
    assert apply(text, edit, uri, 1, "utf-16") == text.replace("a =", "x =")


async def test_a_change_that_brings_half_a_surrogate_pair_ends_the_edit_with_a_word(
    raw: RawClient,
) -> None:
    await raw.initialize()
    uri = raw.open(CODE)
    held = params(uri, CODE, "w + h", instruction=do(busy=0.2), workDoneToken="t")
    raw.request(1, EDIT, held)
    await raw.until("$/progress")
    raw.change(uri, 2, "s = '\ud83d'\n" + CODE)
    answer = await raw.answer(1)
    assert answer["result"]["verdict"]["ok"] or answer["error"]["code"] == -32801
    raw.request(2, EDIT, {**held, "textDocument": {"uri": uri, "version": 2}})
    assert (await raw.answer(2))["error"]["code"] == INVALID_PARAMS


async def test_a_client_that_vanishes_with_a_full_queue_ends_the_server(raw: RawClient) -> None:
    await raw.initialize()
    for number in range(20):
        uri = raw.open(CODE, uri=f"file:///{number}.py")
        raw.request(number, EDIT, params(uri, CODE, "w + h", instruction=do(hold=True)))
    status, stderr = await raw.finish()
    assert status == 1
    assert len(stderr.splitlines()) <= 3, stderr
