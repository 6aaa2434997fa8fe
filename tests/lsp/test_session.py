"""The life of a session: start, options, a broken model, shutdown, and an abrupt end."""

from __future__ import annotations

import signal
import subprocess
import sys
from typing import Any

import pytest

from tests.lsp.driving import (
    CANCELLED,
    COMMAND,
    EDIT,
    FAILED,
    INVALID_PARAMS,
    PLAIN,
    RawClient,
    apply,
    do,
    span,
)

CODE = "def area(w, h):\n    return w + h  # 😀 語\n"


def asking(uri: str, encoding: str = "utf-16", **more: Any) -> dict[str, Any]:
    """Params for an edit of ``w + h`` in CODE."""
    document = {"uri": uri, "version": 1}
    return {"textDocument": document, "range": span(CODE, "w + h", encoding), **more}


async def stepped(raw: RawClient) -> None:
    """Wait until the running edit has reported a step."""
    while True:
        message = await raw.receive()
        if message.get("method") == "$/progress" and "message" in message["params"]["value"]:
            return


def test_the_server_room_does_not_import_torch() -> None:
    code = (
        "import sys, instant_edit.lsp.server as s; s.create_server(s.open_model, 'embedded');"
        "print(sorted({'torch', 'numpy', 'transformers'} & set(sys.modules)))"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "[]"


async def test_a_session_that_does_not_preload_imports_no_torch() -> None:
    code = (
        "import sys; from instant_edit.lsp import run_stdio; status = run_stdio();"
        "print(sorted({'torch', 'numpy'} & set(sys.modules)), file=sys.stderr); sys.exit(status)"
    )
    raw = await RawClient.start(sys.executable, "-c", code)
    await raw.initialize(initializationOptions={"preload": False})
    where = {"textDocument": {"uri": raw.open(CODE)}, "range": span(CODE, "w + h", "utf-16")}
    raw.request(1, "textDocument/codeAction", {**where, "context": {"diagnostics": []}})
    assert (await raw.answer(1))["result"] == []  # this client cannot resolve
    assert await raw.leave() == (0, "[]\n")


@pytest.mark.parametrize("encoding", ["utf-8", "utf-16", "utf-32"])
async def test_the_clients_first_encoding_is_agreed_on(raw: RawClient, encoding: str) -> None:
    offers = [encoding, *{"utf-16", "utf-8", "utf-32"} - {encoding}]
    capabilities = await raw.initialize(capabilities={"general": {"positionEncodings": offers}})
    assert capabilities["positionEncoding"] == encoding
    text = "s = '😀 語 e\u0301' + w + h\r\n"
    uri = raw.open(text)
    document = {"uri": uri, "version": 1}
    where = span(text, "w + h", encoding)
    raw.request(1, EDIT, {"textDocument": document, "range": where})
    edit = (await raw.answer(1))["result"]["edit"]
    assert apply(text, edit, uri, 1, encoding) == text.replace("w + h", "FILLED")


@pytest.mark.parametrize("offers", [["utf-7"], []])
async def test_without_a_known_encoding_it_is_utf16(raw: RawClient, offers: list[str]) -> None:
    capabilities = await raw.initialize(capabilities={"general": {"positionEncodings": offers}})
    assert capabilities["positionEncoding"] == "utf-16"


async def test_a_model_that_cannot_be_opened_is_told_once_and_answered_each_time(
    raw: RawClient,
) -> None:
    await raw.initialize(initializationOptions={"model": "broken", "preload": False})
    uri = raw.open(CODE)
    for number in (1, 2):
        raw.request(number, EDIT, asking(uri))
        error = (await raw.answer(number))["error"]
        assert error["code"] == FAILED
        assert "broken.gguf" in error["message"]
        assert "download it again" in error["message"]
    shown = [m for m in raw.notifications if m["method"] == "window/showMessage"]
    assert [m["params"]["type"] for m in shown] == [1]
    assert "broken.gguf" in shown[0]["params"]["message"]
    assert (await raw.leave())[0] == 0


async def test_preloading_tells_of_a_broken_model_before_any_edit(raw: RawClient) -> None:
    await raw.initialize(initializationOptions={"model": "broken"})
    raw.open(CODE)
    message = await raw.receive()
    assert message["method"] == "window/showMessage"
    assert "broken.gguf" in message["params"]["message"]
    assert (await raw.leave())[0] == 0


async def test_bad_options_are_a_warning_and_no_more(raw: RawClient) -> None:
    await raw.initialize(initializationOptions={"modle": "x", "preload": False})
    message = await raw.receive()
    assert message["method"] == "window/showMessage"
    assert message["params"]["type"] == 2
    assert "initializationOptions.modle" in message["params"]["message"]
    raw.request(1, EDIT, asking(raw.open(CODE)))
    assert (await raw.answer(1))["result"]["edit"] is not None


async def test_shutdown_and_exit_end_the_process_with_0(raw: RawClient) -> None:
    await raw.initialize()
    assert await raw.leave() == (0, "")


@pytest.mark.parametrize("command", [PLAIN, COMMAND], ids=["plain", "engine"])
async def test_shutdown_during_an_edit_answers_it_and_ends_cleanly(command: list[str]) -> None:
    raw = await RawClient.start(*command)
    await raw.initialize()
    uri = raw.open(CODE)
    raw.request("edit", EDIT, asking(uri, instruction=do(hold=True), workDoneToken="t"))
    await stepped(raw)
    raw.request("bye", "shutdown")
    answers: dict[object, Any] = {}
    while len(answers) < 2:
        if "method" not in (message := await raw.receive()):
            answers[message["id"]] = message
    assert answers["bye"]["result"] is None
    assert answers["edit"]["error"]["code"] == CANCELLED
    raw.notify("exit")
    assert await raw.finish() == (0, "editor closed\n")


async def test_exit_right_behind_shutdown_with_edits_queued_is_quiet(raw: RawClient) -> None:
    await raw.initialize()
    uri = raw.open(CODE)
    for number in range(20):
        script = do(hold=True)
        raw.request(number, EDIT, asking(uri, instruction=script, workDoneToken=number))
    await stepped(raw)
    raw.request("bye", "shutdown")
    raw.notify("exit")
    status, stderr = await raw.finish()
    assert status == 0
    assert stderr == "editor closed\n"


async def test_shutdown_while_the_editor_owes_an_answer_ends_cleanly(raw: RawClient) -> None:
    await raw.initialize()
    arguments = [asking(raw.open(CODE))]
    command = {"command": "instantEdit.edit", "arguments": arguments}
    raw.request("run", "workspace/executeCommand", command)
    await raw.until("workspace/applyEdit")
    raw.request("bye", "shutdown")
    answers = {message["id"]: message for message in [await raw.receive(), await raw.receive()]}
    assert answers["bye"]["result"] is None
    assert answers["run"]["error"]["code"] == CANCELLED
    raw.notify("exit")
    assert await raw.finish() == (0, "editor closed\n")


async def test_exit_without_shutdown_is_1(raw: RawClient) -> None:
    await raw.initialize()
    raw.notify("exit")
    status, stderr = await raw.finish()
    assert status == 1
    assert "without shutdown" in stderr


async def test_a_client_that_vanishes_during_an_edit_ends_the_server(raw: RawClient) -> None:
    await raw.initialize()
    uri = raw.open(CODE)
    raw.request("edit", EDIT, asking(uri, instruction=do(hold=True), workDoneToken="t"))
    await stepped(raw)
    status, stderr = await raw.finish()  # closes stdin
    assert status == 1
    assert len(stderr.splitlines()) <= 3, stderr


async def test_a_client_that_vanishes_with_a_full_queue_ends_the_server(raw: RawClient) -> None:
    await raw.initialize()
    for number in range(20):
        uri = raw.open(CODE, uri=f"file:///{number}.py")
        raw.request(number, EDIT, asking(uri, instruction=do(hold=True)))
    status, stderr = await raw.finish()
    assert status == 1
    assert len(stderr.splitlines()) <= 3, stderr


async def test_a_late_answer_to_a_request_of_the_server_is_ignored(raw: RawClient) -> None:
    action = {
        "codeActionLiteralSupport": {"codeActionKind": {"valueSet": []}},
        "dataSupport": True,
        "resolveSupport": {"properties": ["edit"]},
    }
    await raw.initialize(
        initializationOptions={"preload": False},
        capabilities={
            "window": {"workDoneProgress": True},
            "textDocument": {"codeAction": action},
        },
    )
    data = asking(raw.open(CODE))
    raw.request("resolve", "codeAction/resolve", {"title": "Fill this span", "data": data})
    assert "edit" in (await raw.answer("resolve"))["result"]
    (create,) = raw.notifications
    assert create["method"] == "window/workDoneProgress/create"
    raw.send({"jsonrpc": "2.0", "id": create["id"], "result": None})
    raw.send({"jsonrpc": "2.0", "id": create["id"], "error": {"code": 1, "message": "late"}})
    raw.send({"jsonrpc": "2.0", "id": 1, "result": "to nothing"})
    raw.request(1, EDIT, data)
    assert (await raw.answer(1))["result"]["edit"] is not None
    status, stderr = await raw.leave()
    assert status == 0
    assert "Traceback" not in stderr


async def test_what_the_engine_prints_goes_to_stderr(raw: RawClient) -> None:
    await raw.initialize()
    raw.request(1, EDIT, asking(raw.open(CODE), instruction=do(say="hello there")))
    assert (await raw.answer(1))["result"]["edit"] is not None
    _, stderr = await raw.leave()
    assert stderr.count("hello there") == 2


async def test_an_interrupt_ends_the_server_with_130(raw: RawClient) -> None:
    await raw.initialize()
    raw.process.send_signal(signal.SIGINT)
    assert await raw.process.wait() == 130


async def still_serves(raw: RawClient) -> None:
    """An edit goes through, and nothing else was answered before it."""
    raw.request("after", EDIT, asking("file:///a.py"))
    assert (await raw.answer("after"))["result"]["edit"] is not None


async def test_requests_before_initialize_are_answered(raw: RawClient) -> None:
    raw.request(1, EDIT, asking("file:///a.py"))
    assert (await raw.answer(1))["error"]["code"] == -32002
    raw.open(CODE)  # dropped, as the specification says
    await raw.initialize()
    raw.open(CODE)
    await still_serves(raw)


async def test_a_malformed_initialize_can_be_sent_again(raw: RawClient) -> None:
    raw.request(1, "initialize", {"processId": "one"})
    assert (await raw.answer(1))["error"]["code"] == INVALID_PARAMS
    await raw.initialize()
    raw.open(CODE)
    await still_serves(raw)


async def test_requests_after_shutdown_are_answered(raw: RawClient) -> None:
    await raw.initialize()
    raw.request(1, "shutdown")
    assert (await raw.answer(1))["result"] is None
    raw.request(2, EDIT, asking("file:///a.py"))
    assert (await raw.answer(2))["error"]["code"] == -32600
