"""``instantEdit/draft`` and ``instantEdit/status``, as a plugin sees them."""

from __future__ import annotations

from typing import Any

from tests.lsp.driving import COMMAND, EDIT, RawClient, do, params, span

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
            assert (piece["confidence"] == 0) == (OPEN in piece["text"]), piece
            assert 0 <= piece["confidence"] <= 1
        assert step["masked"] == draft["text"].count(OPEN)
    assert steps[-1]["drafts"][0]["text"] == text
    assert (await raw.leave())[0] == 0


async def test_each_span_has_its_draft_at_its_own_place(raw: RawClient) -> None:
    await raw.initialize()
    text = "a = 1\n  \nb = 2\n"
    asked = params(
        raw.open(text), text, "1", "b = 2", draftToken=7, instruction=do(texts=["5", "c"])
    )
    raw.request("edit", EDIT, asked)
    await raw.answer("edit")
    last = [m["params"] for m in raw.notifications if m["method"] == "instantEdit/draft"][-1]
    assert [(d["range"], d["text"]) for d in last["drafts"]] == [
        (span(text, "1", "utf-16"), "5"),
        (span(text, "b = 2", "utf-16"), "c"),
    ]


async def test_the_range_of_a_draft_is_what_will_be_replaced_not_what_was_selected(
    raw: RawClient,
) -> None:
    await raw.initialize()
    raw.request("edit", EDIT, params(raw.open(CODE), CODE, "    return w + h\n", draftToken="d"))
    await raw.answer("edit")
    draft = raw.notifications[-1]["params"]["drafts"][0]
    assert draft["range"] == span(CODE, "return w + h", "utf-16")


async def test_without_a_token_no_draft_is_sent(raw: RawClient) -> None:
    await raw.initialize()
    assert await edited(raw) == []


async def test_a_draft_follows_a_change_above_its_span(raw: RawClient) -> None:
    await raw.initialize()
    uri = raw.open(CODE)
    held = params(uri, CODE, "w + h", draftToken="d", instruction=do(hold=True))
    raw.request("edit", EDIT, held)
    first = (await raw.until("instantEdit/draft"))["params"]["drafts"][0]
    assert (first["textDocument"]["version"], first["range"]["start"]["line"]) == (1, 1)
    raw.change(uri, 2, "# one\n" + CODE)
    raw.request("again", EDIT, {**held, "textDocument": {"uri": uri, "version": 1}})
    assert (await raw.answer("again"))["error"]["code"] == -32801  # the change has been read
    raw.notify("$/cancelRequest", {"id": "edit"})
    assert (await raw.answer("edit"))["error"]["code"] == -32800


async def test_status_tells_version_model_and_kinds(raw: RawClient) -> None:
    await raw.initialize(initializationOptions={"preload": False})
    raw.request(1, "instantEdit/status")
    status = (await raw.answer(1))["result"]
    assert status["protocol"] == 1
    assert status["version"]
    assert status["model"] == {"id": "scripted", "state": "unloaded"}
    assert {"id": "fill", "title": "Fill this span"} in status["kinds"]
    await edited(raw)
    raw.request(2, "instantEdit/status", {})
    assert (await raw.answer(2))["result"]["model"]["state"] == "ready"


async def test_changes_of_the_status_are_sent_to_those_who_ask_for_them(raw: RawClient) -> None:
    await raw.initialize(initializationOptions={"status": True})
    raw.open(CODE)
    states = [await raw.until("instantEdit/statusChanged") for _ in range(2)]
    assert [state["params"]["model"]["state"] for state in states] == ["loading", "ready"]


async def test_a_model_that_fails_says_why_in_its_status(raw: RawClient) -> None:
    await raw.initialize(initializationOptions={"status": True, "model": "broken"})
    raw.open(CODE)
    await raw.until("instantEdit/statusChanged")
    failed = (await raw.until("instantEdit/statusChanged"))["params"]["model"]
    assert failed["state"] == "failed"
    assert "download it again" in failed["message"]


async def test_without_the_option_no_status_is_sent(raw: RawClient) -> None:
    await raw.initialize()
    await edited(raw)
    assert "instantEdit/statusChanged" not in {m["method"] for m in raw.notifications}
