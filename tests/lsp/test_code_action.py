"""The code action and its lazy resolve."""

from __future__ import annotations

import asyncio
from typing import Any

import pytest
from lsprotocol import types

from tests.lsp.driving import (
    CANCELLED,
    INVALID_PARAMS,
    MODIFIED,
    Client,
    apply,
    converter,
    do,
    refused,
    span,
)

pytestmark = pytest.mark.asyncio(loop_scope="module")

CODE = "def area(w, h):\n    return w + h\n"
KIND = "refactor.rewrite.instantEdit"


async def offered(
    client: Client, uri: str, piece: str = "w + h", **context: Any
) -> list[types.CodeAction]:
    """The code actions for a piece of CODE."""
    where = converter().structure(span(CODE, piece, client.encoding), types.Range)
    if context.pop("at", None) == "cursor":
        where = types.Range(where.start, where.start)
    answer = await client.text_document_code_action_async(
        types.CodeActionParams(
            types.TextDocumentIdentifier(uri),
            where,
            types.CodeActionContext(diagnostics=[], **context),
        )
    )
    actions = [action for action in answer or () if isinstance(action, types.CodeAction)]
    assert len(actions) == len(answer or ())
    return actions


def resolving(client: Client, action: types.CodeAction) -> asyncio.Future[types.CodeAction]:
    return asyncio.ensure_future(client.code_action_resolve_async(action))


def scripted(action: types.CodeAction, **script: Any) -> types.CodeAction:
    """The action with an instruction for the scripted editor in its data."""
    assert isinstance(action.data, dict)
    action.data["instruction"] = do(**script)
    return action


async def test_the_action_is_offered_without_its_edit(client: Client) -> None:
    (action,) = await offered(client, client.open(CODE))
    assert (action.title, action.kind, action.edit) == ("Fill this span", KIND, None)


async def test_resolving_brings_a_versioned_edit(client: Client) -> None:
    uri = client.open(CODE)
    (action,) = await offered(client, uri)
    resolved = await resolving(client, action)
    edit = converter().unstructure(resolved.edit)
    assert apply(CODE, edit, uri, 1, client.encoding) == CODE.replace("w + h", "FILLED")
    assert (resolved.title, resolved.kind) == (action.title, action.kind)


async def test_resolving_a_stale_action_is_content_modified(client: Client) -> None:
    uri = client.open(CODE)
    (action,) = await offered(client, uri)
    client.change(uri, 2, CODE)
    await refused(resolving(client, action), MODIFIED)


async def test_a_rejected_edit_leaves_the_action_empty_and_says_why(client: Client) -> None:
    (action,) = await offered(client, client.open(CODE))
    shown = len(client.messages)
    resolved = await resolving(client, scripted(action, texts=["w + ("]))
    assert resolved.edit is None
    (message,) = client.messages[shown:]
    assert "nothing passed validation" in message.message


async def test_resolving_reports_progress_that_can_be_cancelled(client: Client) -> None:
    (action,) = await offered(client, client.open(CODE))
    before = set(client.progress_reports)
    resolving_ = resolving(client, scripted(action, hold=True))
    while not (created := set(client.progress_reports) - before):
        await asyncio.sleep(0)
    (token,) = created
    await client.steps(token)
    client.window_work_done_progress_cancel(types.WorkDoneProgressCancelParams(token))
    await refused(resolving_, CANCELLED)


@pytest.mark.parametrize(
    ("context", "is_offered"),
    [
        ({"only": ["refactor"]}, True),
        ({"only": ["refactor.rewrite"]}, True),
        ({"only": [KIND]}, True),
        ({"only": [""]}, True),
        ({"only": ["quickfix", "refactor"]}, True),
        ({"only": ["quickfix"]}, False),
        ({"only": ["refactor.rew"]}, False),
        ({"only": [KIND + ".more"]}, False),
        ({"trigger_kind": types.CodeActionTriggerKind.Automatic}, True),
        ({"trigger_kind": types.CodeActionTriggerKind.Automatic, "at": "cursor"}, False),
        ({"trigger_kind": types.CodeActionTriggerKind.Invoked, "at": "cursor"}, True),
    ],
)
async def test_the_action_is_offered_where_it_is_wanted(
    client: Client, context: dict[str, Any], is_offered: bool
) -> None:
    assert bool(await offered(client, client.open(CODE), **context)) is is_offered


async def test_nothing_is_offered_for_a_language_without_a_grammar(client: Client) -> None:
    assert await offered(client, client.open(CODE, language="klingon")) == []


async def test_nothing_is_offered_for_a_document_that_is_not_open(client: Client) -> None:
    assert await offered(client, "file:///nowhere.py") == []


@pytest.mark.parametrize("data", [None, 5, [], {}, {"textDocument": {"uri": "x"}}])
async def test_foreign_data_is_refused_by_its_key(client: Client, data: Any) -> None:
    action = types.CodeAction("Fill this span", data=data)
    assert "data" in await refused(resolving(client, action), INVALID_PARAMS)
