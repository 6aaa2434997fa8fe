"""Settings that change during a session, and what the server says of itself."""

from __future__ import annotations

from typing import Any

import pytest

from instant_edit.lsp.settings import Settings, section_of
from tests.lsp.driving import EDIT, IMPATIENT, RawClient, params, started

CODE = "def area(w, h):\n    return w + h\n"
CHANGED = "workspace/didChangeConfiguration"


async def edited(raw: RawClient, version: int = 1) -> dict[str, Any]:
    raw.request("edit", EDIT, params("file:///a.py", CODE, "w + h", version=version))
    answer: dict[str, Any] = (await raw.answer("edit"))["result"]
    return answer


def logged(raw: RawClient) -> list[dict[str, Any]]:
    return [m["params"] for m in raw.notifications if m["method"] == "window/logMessage"]


def test_a_bad_value_is_named_and_the_others_are_taken() -> None:
    settings = Settings.parse({"preload": 1, "candidates": 3, "codeActions": ["fill"]}, "settings")
    (warning,) = settings.warnings
    assert warning.startswith("settings.preload: ")
    assert (settings.preload, settings.candidates, settings.code_actions) == (True, 3, ("fill",))


@pytest.mark.parametrize(
    ("raw", "named"),
    [
        ({"modle": "x"}, "settings.modle"),
        ({"model": 5}, "settings.model"),
        ({"preload": "yes"}, "settings.preload"),
        ({"logLevel": "loud"}, "settings.logLevel"),
        ({"codeActions": ["fill", "all"]}, "settings.codeActions[1]"),
        ({"codeActions": "fill"}, "settings.codeActions"),
        ({"deadlineMs": 0}, "settings.deadlineMs"),
        ({"candidates": True}, "settings.candidates"),
        ([1], "settings"),
    ],
)
def test_what_is_wrong_is_named_by_its_key(raw: object, named: str) -> None:
    (warning,) = Settings.parse(raw, "settings").warnings
    assert warning.startswith(f"{named}: ")


def test_what_is_left_out_is_what_the_session_began_with() -> None:
    first = Settings.parse({"status": True, "candidates": 2}, "initializationOptions")
    later = Settings.parse({"candidates": 5}, "settings", first)
    assert (later.status, later.candidates) == (True, 5)


def test_settings_for_other_servers_are_not_ours() -> None:
    assert section_of({"instantEdit": {"preload": False}, "python": {}})[0] == {"preload": False}
    assert section_of({"preload": False})[0] == {"preload": False}
    others: list[object] = [None, {}, {"python": {"analysis": {}}}, [], 5]
    for foreign in others:
        assert section_of(foreign)[0] is None


async def test_a_new_model_is_opened_for_the_next_edit(raw: RawClient) -> None:
    await raw.initialize(initializationOptions={"status": True, "preload": False})
    raw.open(CODE)
    await edited(raw)
    raw.notify(CHANGED, {"settings": {"instantEdit": {"model": "broken"}}})
    await raw.until("instantEdit/statusChanged")
    raw.request("status", "instantEdit/status")
    model = (await raw.answer("status"))["result"]["model"]
    assert model == {"id": "broken", "state": "unloaded"}
    raw.request("edit", EDIT, params("file:///a.py", CODE, "w + h"))
    assert "broken.gguf" in (await raw.answer("edit"))["error"]["message"]
    raw.notify(CHANGED, {"settings": {"instantEdit": {}}})  # back to the first one
    assert (await edited(raw))["edit"] is not None


async def test_a_new_model_is_preloaded_where_a_document_is_open(raw: RawClient) -> None:
    await raw.initialize(initializationOptions={"status": True})
    raw.open(CODE)
    await edited(raw)
    raw.notify(CHANGED, {"settings": {"instantEdit": {"model": "another"}}})
    states = [await raw.until("instantEdit/statusChanged") for _ in range(3)]
    models = [state["params"]["model"] for state in states]
    assert [model["state"] for model in models] == ["unloaded", "loading", "ready"]
    assert {model["id"] for model in models} == {"another"}


async def test_a_mistyped_setting_is_shown_and_the_session_goes_on(raw: RawClient) -> None:
    await raw.initialize()
    raw.notify(CHANGED, {"settings": {"instantEdit": {"canidates": 3}}})
    raw.open(CODE)
    assert (await edited(raw))["edit"] is not None
    assert raw.shown()[0].startswith("settings.instantEdit.canidates: unknown key")


async def test_a_client_that_does_not_tell_its_settings_is_waited_for_no_longer() -> None:
    async with started(*IMPATIENT) as raw:
        await raw.initialize(capabilities={"workspace": {"configuration": True}})
        raw.notify(CHANGED, {"settings": None})
        await raw.until("workspace/configuration")  # and it is never answered
        message = await raw.until("window/logMessage")
        assert "does not tell its settings" in message["params"]["message"]


async def test_the_client_is_asked_where_it_sends_no_settings(raw: RawClient) -> None:
    await raw.initialize(capabilities={"workspace": {"configuration": True}})
    raw.notify(CHANGED, {"settings": None})
    request = await raw.until("workspace/configuration")
    assert request["params"] == {"items": [{"section": "instantEdit"}]}
    raw.send({"jsonrpc": "2.0", "id": request["id"], "result": [{"logLevel": "loud"}]})
    message = await raw.until("window/showMessage")
    assert "logLevel" in message["params"]["message"]


async def test_log_messages_come_from_the_level_that_was_chosen(raw: RawClient) -> None:
    await raw.initialize(initializationOptions={"preload": False})
    raw.open(CODE)
    await edited(raw)
    assert logged(raw) == []
    raw.notify(CHANGED, {"settings": {"instantEdit": {"logLevel": "debug"}}})
    raw.request("bad", EDIT, {})
    await raw.answer("bad")
    await edited(raw)
    assert any("textDocument" in record["message"] for record in logged(raw))
    assert {record["type"] for record in logged(raw)} <= {3, 4}
    assert not any("w + h" in record["message"] for record in logged(raw))


async def test_a_trace_tells_of_each_edit_once_it_is_switched_on(raw: RawClient) -> None:
    await raw.initialize(initializationOptions={"preload": False})
    raw.open(CODE)
    await edited(raw)
    raw.notify("$/setTrace", {"value": "messages"})
    await edited(raw)
    raw.notify("$/setTrace", {"value": "verbose"})
    await edited(raw)
    traces = [m["params"] for m in raw.notifications if m["method"] == "$/logTrace"]
    assert [trace.get("verbose") is not None for trace in traces] == [False, True]
    assert all(trace["message"].startswith("edit of file:///a.py") for trace in traces)
    assert not any("w + h" in str(trace) for trace in traces)
