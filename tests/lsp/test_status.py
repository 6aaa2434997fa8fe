"""``instantEdit/status`` and ``instantEdit/statusChanged``, as a plugin sees them."""

from __future__ import annotations

from tests.lsp.driving import EDIT, RawClient, params

CODE = "def area(w, h):\n    return w + h\n"


async def edited(raw: RawClient) -> None:
    raw.request("edit", EDIT, params(raw.open(CODE), CODE, "w + h"))
    assert (await raw.answer("edit"))["result"]["edit"] is not None


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
