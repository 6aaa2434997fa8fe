"""Cancellation and progress, as Neovim and as VS Code see them."""

from __future__ import annotations

import re

import pytest
from lsprotocol import types

from tests.lsp.driving import CANCELLED, INVALID_PARAMS, Client, apply, do, refused

pytestmark = pytest.mark.asyncio(loop_scope="module")

CODE = "def area(w, h):\n    return w + h\n"


async def test_a_cancelled_request_is_answered_and_frees_the_engine(client: Client) -> None:
    uri = client.open(CODE)
    params = client.params(uri, CODE, "w + h", instruction=do(hold=True), workDoneToken="c1")
    edit = client.ask(params, msg_id="cancel-me")
    await client.steps("c1")
    client.cancel_request(types.CancelParams(id="cancel-me"))
    await refused(edit, CANCELLED)
    answer = await client.ask(client.params(uri, CODE, "w + h"))
    assert apply(CODE, answer["edit"], uri, 1, client.encoding) == CODE.replace("w + h", "FILLED")


async def test_a_queued_request_is_cancelled_before_it_begins(client: Client) -> None:
    uri = client.open(CODE)
    held = client.params(uri, CODE, "w + h", instruction=do(hold=True), workDoneToken="first")
    running = client.ask(held, msg_id="running")
    await client.steps("first")
    queued = client.ask({**held, "workDoneToken": "second"}, msg_id="queued")
    client.cancel_request(types.CancelParams(id="queued"))
    await refused(queued, CANCELLED)
    assert not running.done()
    assert client.messages_of("second") == []
    client.cancel_request(types.CancelParams(id="running"))
    await refused(running, CANCELLED)


async def test_the_cancel_button_of_the_progress_cancels(client: Client) -> None:
    uri = client.open(CODE)
    params = client.params(uri, CODE, "w + h", instruction=do(hold=True), workDoneToken=7)
    edit = client.ask(params)
    await client.steps(7)
    client.window_work_done_progress_cancel(types.WorkDoneProgressCancelParams(token=7))
    await refused(edit, CANCELLED)
    assert isinstance(client.reports_of(7)[-1], types.WorkDoneProgressEnd)


async def test_progress_begins_tells_steps_and_ends_before_the_answer(client: Client) -> None:
    uri = client.open(CODE)
    await client.ask(client.params(uri, CODE, "w + h", workDoneToken="seen"))
    begin, *reports, end = client.reports_of("seen")
    assert isinstance(begin, types.WorkDoneProgressBegin)
    assert begin.cancellable is True
    messages = [report.message for report in reports]
    assert messages[0] == "loading the model" or messages[0].startswith("step 1, ")
    steps = [message for message in messages if message.startswith("step")]
    assert all(re.fullmatch(rf"step {n}, \d+ tokens left", m) for n, m in enumerate(steps, 1))
    assert steps
    assert isinstance(end, types.WorkDoneProgressEnd)


async def test_a_token_can_be_used_again_when_its_edit_is_done(client: Client) -> None:
    uri = client.open(CODE)
    for _ in range(2):
        answer = await client.ask(client.params(uri, CODE, "w + h", workDoneToken="again"))
        assert answer["edit"] is not None


async def test_a_token_in_use_is_refused(client: Client) -> None:
    uri = client.open(CODE)
    params = client.params(uri, CODE, "w + h", instruction=do(hold=True), workDoneToken="taken")
    edit = client.ask(params, msg_id="holder")
    await client.steps("taken")
    message = await refused(client.ask(params), INVALID_PARAMS)
    assert "workDoneToken" in message
    assert not edit.done()
    client.cancel_request(types.CancelParams(id="holder"))
    await refused(edit, CANCELLED)


async def test_cancels_of_unknown_things_are_ignored(client: Client) -> None:
    uri = client.open(CODE)
    client.cancel_request(types.CancelParams(id="never sent"))
    client.window_work_done_progress_cancel(types.WorkDoneProgressCancelParams(token="none"))
    assert (await client.ask(client.params(uri, CODE, "w + h")))["edit"] is not None
