"""Cancellation and progress, as Neovim and as VS Code see them."""

from __future__ import annotations

import asyncio
import re
from functools import partial

import pytest
from lsprotocol import types

from tests.lsp.driving import CANCELLED, INVALID_PARAMS, Client, apply, do, refused

pytestmark = pytest.mark.asyncio(loop_scope="module")

CODE = "def area(w, h):\n    return w + h\n"


async def test_a_cancelled_request_is_answered_and_frees_the_engine(light: Client) -> None:
    uri = light.open(CODE)
    params = light.params(uri, CODE, "w + h", instruction=do(hold=True), workDoneToken="c1")
    edit = light.ask(params, msg_id="cancel-me")
    await light.steps("c1")
    light.cancel_request(types.CancelParams(id="cancel-me"))
    await refused(edit, CANCELLED)
    answer = await light.ask(light.params(uri, CODE, "w + h"))
    assert apply(CODE, answer["edit"], uri, 1, light.encoding) == CODE.replace("w + h", "FILLED")


async def test_a_queued_request_is_cancelled_before_it_begins(light: Client) -> None:
    first, second = light.open(CODE), light.open(CODE)
    running = light.ask(
        light.params(first, CODE, "w + h", workDoneToken="first", instruction=do(hold=True)),
        msg_id="running",
    )
    await light.steps("first")
    queued = light.ask(
        light.params(second, CODE, "w + h", workDoneToken="second", instruction=do(hold=True)),
        msg_id="queued",
    )
    light.cancel_request(types.CancelParams(id="queued"))
    await refused(queued, CANCELLED)
    assert not running.done()
    assert light.messages_of("second") == []
    light.cancel_request(types.CancelParams(id="running"))
    await refused(running, CANCELLED)


async def test_the_latest_request_of_a_document_wins(light: Client) -> None:
    uri, other = light.open(CODE), light.open(CODE)
    running = light.ask(
        light.params(uri, CODE, "w + h", workDoneToken="old", instruction=do(hold=True))
    )
    await light.steps("old")
    elsewhere = light.ask(
        light.params(other, CODE, "w + h", instruction=do(hold=True)), msg_id="elsewhere"
    )
    waiting = light.ask(light.params(uri, CODE, "w + h"))  # behind the one elsewhere, which holds
    latest = light.ask(light.params(uri, CODE, "w + h"))
    for older in (running, waiting):
        assert "newer request" in await refused(older, CANCELLED)
    light.cancel_request(types.CancelParams(id="elsewhere"))
    await refused(elsewhere, CANCELLED)
    assert (await latest)["edit"] is not None


async def test_documents_are_served_in_the_order_of_their_requests(light: Client) -> None:
    uris = [light.open(CODE) for _ in range(4)]
    done: list[str] = []
    edits = [light.ask(light.params(uri, CODE, "w + h")) for uri in uris]
    for uri, edit in zip(uris, edits, strict=True):
        edit.add_done_callback(partial(lambda uri, _: done.append(uri), uri))
    await asyncio.gather(*edits)
    assert done == uris


async def test_the_cancel_button_of_the_progress_cancels(light: Client) -> None:
    uri = light.open(CODE)
    params = light.params(uri, CODE, "w + h", instruction=do(hold=True), workDoneToken=7)
    edit = light.ask(params)
    await light.steps(7)
    light.window_work_done_progress_cancel(types.WorkDoneProgressCancelParams(token=7))
    await refused(edit, CANCELLED)
    assert isinstance(light.reports_of(7)[-1], types.WorkDoneProgressEnd)


async def test_progress_begins_tells_steps_and_ends_before_the_answer(light: Client) -> None:
    uri = light.open(CODE)
    await light.ask(light.params(uri, CODE, "w + h", workDoneToken="seen"))
    begin, *reports, end = light.reports_of("seen")
    assert isinstance(begin, types.WorkDoneProgressBegin)
    assert begin.cancellable is True
    messages = [report.message for report in reports if report.message != "loading the model"]
    steps = [re.fullmatch(r"step (\d+), \d+ tokens left", message) for message in messages]
    numbers = [int(step[1]) for step in steps if step]
    assert len(numbers) == len(messages) > 0
    assert numbers == sorted(set(numbers))  # some may have been left out, the last is not
    assert messages[-1].endswith(", 0 tokens left")
    assert isinstance(end, types.WorkDoneProgressEnd)


async def test_a_token_can_be_used_again_when_its_edit_is_done(light: Client) -> None:
    uri = light.open(CODE)
    for _ in range(2):
        answer = await light.ask(light.params(uri, CODE, "w + h", workDoneToken="again"))
        assert answer["edit"] is not None


async def test_a_token_in_use_is_refused(light: Client) -> None:
    uri = light.open(CODE)
    params = light.params(uri, CODE, "w + h", instruction=do(hold=True), workDoneToken="taken")
    edit = light.ask(params, msg_id="holder")
    await light.steps("taken")
    message = await refused(light.ask(params), INVALID_PARAMS)
    assert "workDoneToken" in message
    assert not edit.done()
    light.cancel_request(types.CancelParams(id="holder"))
    await refused(edit, CANCELLED)


async def test_cancels_of_unknown_things_are_ignored(light: Client) -> None:
    uri = light.open(CODE)
    light.cancel_request(types.CancelParams(id="never sent"))
    light.window_work_done_progress_cancel(types.WorkDoneProgressCancelParams(token="none"))
    assert (await light.ask(light.params(uri, CODE, "w + h")))["edit"] is not None
