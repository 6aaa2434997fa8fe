"""``instantEdit/draft``, as a plugin sees it."""

from __future__ import annotations

from typing import Any

import pytest

from tests.lsp.driving import COMMAND, EDIT, RawClient, do, params, span

pytestmark = pytest.mark.asyncio(loop_scope="module")

CODE = "def area(w, h):\n    return w + h\n"
OPEN = "▒"


async def edited(raw: RawClient, **more: Any) -> list[dict[str, Any]]:
    """The drafts that come before the answer to one edit."""
    raw.request("edit", EDIT, params(raw.open(CODE), CODE, "w + h", **more))
    assert (await raw.answer("edit"))["result"]["edit"] is not None
    return [m["params"] for m in raw.notifications if m["method"] == "instantEdit/draft"]


async def test_drafts_go_from_open_slots_to_the_text_that_is_written() -> None:
    raw = await RawClient.start(*COMMAND)
    await raw.initialize()
    text = "first + second + third"
    steps = await edited(raw, draftToken="d", instruction=do(texts=[text]))
    assert {step["draftToken"] for step in steps} == {"d"}
    numbers = [step["step"] for step in steps]
    assert numbers == sorted(set(numbers))
    for step in steps:
        (draft,) = step["drafts"]
        assert draft["textDocument"] == {"uri": "file:///a.py", "version": 1}
        assert draft["range"] == span(CODE, "w + h", "utf-16")
        assert "".join(piece["text"] for piece in draft["pieces"]) == draft["text"]
        for piece in draft["pieces"]:
            assert 0 <= piece["confidence"] <= (OPEN not in piece["text"]), piece
        assert step["masked"] == draft["text"].count(OPEN)
    assert steps[-1]["drafts"][0]["text"] == text
    assert (await raw.leave())[0] == 0


async def test_each_span_has_its_draft_at_its_own_place(session: RawClient) -> None:
    text = "a = 1\n  \nb = 2\n"
    asked = params(
        session.open(text), text, "1", "b = 2", draftToken=7, instruction=do(texts=["5", "c"])
    )
    session.request("edit", EDIT, asked)
    await session.answer("edit")
    last = [m["params"] for m in session.notifications if m["method"] == "instantEdit/draft"][-1]
    assert [(d["range"], d["text"]) for d in last["drafts"]] == [
        (span(text, "1", "utf-16"), "5"),
        (span(text, "b = 2", "utf-16"), "c"),
    ]


async def test_the_range_of_a_draft_is_what_will_be_replaced_not_what_was_selected(
    session: RawClient,
) -> None:
    session.request(
        "edit", EDIT, params(session.open(CODE), CODE, "    return w + h\n", draftToken="d")
    )
    await session.answer("edit")
    draft = session.notifications[-1]["params"]["drafts"][0]
    assert draft["range"] == span(CODE, "return w + h", "utf-16")


async def test_without_a_token_no_draft_is_sent(session: RawClient) -> None:
    assert await edited(session) == []


async def test_a_draft_follows_a_change_above_its_span(session: RawClient) -> None:
    uri = session.open(CODE)
    held = params(uri, CODE, "w + h", draftToken="d", instruction=do(hold=True))
    session.request("edit", EDIT, held)
    first = (await session.until("instantEdit/draft"))["params"]["drafts"][0]
    assert (first["textDocument"]["version"], first["range"]["start"]["line"]) == (1, 1)
    session.change(uri, 2, "# one\n" + CODE)
    session.request("again", EDIT, {**held, "textDocument": {"uri": uri, "version": 1}})
    assert (await session.answer("again"))["error"]["code"] == -32801  # the change has been read
    session.notify("$/cancelRequest", {"id": "edit"})
    assert (await session.answer("edit"))["error"]["code"] == -32800
