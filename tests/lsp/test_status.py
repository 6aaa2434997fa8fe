"""``instantEdit/status`` and ``instantEdit/statusChanged``, as a plugin sees them."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.lsp.driving import CANCELLED, EDIT, RawClient, params

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


@pytest.fixture
async def loading(raw: RawClient, tmp_path: Path) -> tuple[RawClient, Path]:
    """A session whose model is being loaded until the file is there."""
    gate = tmp_path / "go"
    await raw.initialize(
        initializationOptions={"model": f"until:{gate}"},
        capabilities={"window": {"workDoneProgress": True}},
    )
    raw.open(CODE)
    return raw, gate


async def test_the_model_is_loaded_in_the_background_with_progress(
    loading: tuple[RawClient, Path],
) -> None:
    raw, gate = loading
    create = await raw.until("window/workDoneProgress/create")
    raw.send({"jsonrpc": "2.0", "id": create["id"], "result": None})
    begin, report = [(await raw.until("$/progress"))["params"] for _ in range(2)]
    assert begin["token"] == report["token"] == create["params"]["token"]
    assert begin["value"]["kind"] == "begin"
    assert report["value"]["message"] == "loading the model"
    raw.request("ping", "instantEdit/status")  # the server answers meanwhile
    assert (await raw.answer("ping"))["result"]["model"]["state"] == "loading"
    gate.touch()
    assert (await raw.until("$/progress"))["params"]["value"]["kind"] == "end"


async def test_an_edit_waits_for_the_model(loading: tuple[RawClient, Path]) -> None:
    raw, gate = loading
    raw.request("edit", EDIT, params("file:///a.py", CODE, "w + h", workDoneToken="t"))
    while "message" not in (said := await raw.until("$/progress"))["params"]["value"]:
        pass
    assert said["params"]["value"]["message"] == "loading the model"
    gate.touch()
    assert (await raw.answer("edit"))["result"]["edit"] is not None


async def test_an_edit_that_waits_for_the_model_can_be_cancelled(
    loading: tuple[RawClient, Path],
) -> None:
    raw, gate = loading
    raw.request("edit", EDIT, params("file:///a.py", CODE, "w + h"))
    raw.notify("$/cancelRequest", {"id": "edit"})
    while "method" in (answer := await raw.receive()):
        pass
    assert (answer["id"], answer["error"]["code"]) == ("edit", CANCELLED)
    gate.touch()
    await edited(raw)


async def test_shutdown_while_the_model_is_loaded_ends_when_it_is(
    loading: tuple[RawClient, Path],
) -> None:
    raw, gate = loading
    await raw.until("window/workDoneProgress/create")
    raw.request("bye", "shutdown")
    assert (await raw.answer("bye"))["result"] is None
    raw.notify("exit")
    gate.touch()
    assert (await raw.finish())[0] == 0
