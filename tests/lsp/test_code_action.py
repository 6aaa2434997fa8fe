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
    light: Client, uri: str, piece: str = "w + h", **context: Any
) -> list[types.CodeAction]:
    """The code actions for a piece of CODE."""
    where = converter().structure(span(CODE, piece, light.encoding), types.Range)
    if context.pop("at", None) == "cursor":
        where = types.Range(where.start, where.start)
    answer = await light.text_document_code_action_async(
        types.CodeActionParams(
            types.TextDocumentIdentifier(uri),
            where,
            types.CodeActionContext(**{"diagnostics": [], **context}),
        )
    )
    actions = [action for action in answer or () if isinstance(action, types.CodeAction)]
    assert len(actions) == len(answer or ())
    return actions


def resolving(light: Client, action: types.CodeAction) -> asyncio.Future[types.CodeAction]:
    return asyncio.ensure_future(light.code_action_resolve_async(action))


def scripted(action: types.CodeAction, **script: Any) -> types.CodeAction:
    """The action with an instruction for the scripted editor in its data."""
    assert isinstance(action.data, dict)
    action.data["instruction"] = do(**script)
    return action


async def test_the_action_is_offered_without_its_edit(light: Client) -> None:
    (action,) = await offered(light, light.open(CODE))
    assert (action.title, action.kind, action.edit) == ("Fill this span", f"{KIND}.fill", None)


async def test_resolving_brings_a_versioned_edit(light: Client) -> None:
    uri = light.open(CODE)
    (action,) = await offered(light, uri)
    resolved = await resolving(light, action)
    edit = converter().unstructure(resolved.edit)
    assert apply(CODE, edit, uri, 1, light.encoding) == CODE.replace("w + h", "FILLED")
    assert (resolved.title, resolved.kind) == (action.title, action.kind)


async def test_resolving_a_stale_action_is_content_modified(light: Client) -> None:
    uri = light.open(CODE)
    (action,) = await offered(light, uri)
    light.change(uri, 2, CODE)
    await refused(resolving(light, action), MODIFIED)


async def test_a_rejected_edit_leaves_the_action_empty_and_says_why(light: Client) -> None:
    (action,) = await offered(light, light.open(CODE))
    shown = len(light.messages)
    resolved = await resolving(light, scripted(action, texts=["w + ("]))
    assert resolved.edit is None
    (message,) = light.messages[shown:]
    assert "nothing passed validation" in message.message


async def test_resolving_reports_progress_that_can_be_cancelled(light: Client) -> None:
    (action,) = await offered(light, light.open(CODE))
    before = set(light.progress_reports)
    resolving_ = resolving(light, scripted(action, hold=True))
    while not (
        stepped := [t for t in set(light.progress_reports) - before if light.messages_of(t)]
    ):
        await light.wait_for_notification(types.PROGRESS)
    (token,) = stepped
    light.window_work_done_progress_cancel(types.WorkDoneProgressCancelParams(token))
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
        ({"only": [KIND + ".fill"]}, True),
        ({"only": [KIND + ".fill.more"]}, False),
        ({"only": [KIND + ".rewrite"]}, False),
        ({"trigger_kind": types.CodeActionTriggerKind.Automatic}, True),
        ({"trigger_kind": types.CodeActionTriggerKind.Automatic, "at": "cursor"}, False),
        ({"trigger_kind": types.CodeActionTriggerKind.Invoked, "at": "cursor"}, True),
    ],
)
async def test_the_action_is_offered_where_it_is_wanted(
    light: Client, context: dict[str, Any], is_offered: bool
) -> None:
    assert bool(await offered(light, light.open(CODE), **context)) is is_offered


async def test_nothing_is_offered_for_a_language_without_a_grammar(light: Client) -> None:
    assert await offered(light, light.open(CODE, language="klingon")) == []


async def test_nothing_is_offered_for_a_document_that_is_not_open(light: Client) -> None:
    assert await offered(light, "file:///nowhere.py") == []


@pytest.mark.parametrize("data", [None, 5, [], {}, {"textDocument": {"uri": "x"}}])
async def test_foreign_data_is_refused_by_its_key(light: Client, data: Any) -> None:
    action = types.CodeAction("Fill this span", data=data)
    assert "data" in await refused(resolving(light, action), INVALID_PARAMS)


def diagnosed(client: Client, piece: str, message: str) -> types.Diagnostic:
    where = converter().structure(span(CODE, piece, client.encoding), types.Range)
    return types.Diagnostic(where, message, source="a linter")


async def test_a_diagnostic_has_a_quick_fix_with_its_message_as_the_instruction(
    light: Client,
) -> None:
    uri = light.open(CODE)
    diagnostic = diagnosed(light, "w + h", '{"texts": ["w * h"]}')
    (fix,) = await offered(light, uri, "return w", diagnostics=[diagnostic], only=["quickfix"])
    assert (fix.kind, fix.edit) == ("quickfix", None)
    assert list(fix.diagnostics or ()) == [diagnostic]
    assert fix.title == f"Instant edit: {diagnostic.message}"
    assert isinstance(fix.data, dict)
    assert fix.data["mode"] == "rewrite"
    edit = converter().unstructure((await resolving(light, fix)).edit)
    assert apply(CODE, edit, uri, 1, light.encoding) == CODE.replace("w + h", "w * h")


async def test_a_long_message_is_shortened_in_the_title_only(light: Client) -> None:
    message = "a very\n  long message " + "x" * 100
    diagnostic = diagnosed(light, "w + h", message)
    uri = light.open(CODE)
    (fix,) = await offered(light, uri, diagnostics=[diagnostic], only=["quickfix"])
    assert len(fix.title) < 80
    assert "\n" not in fix.title
    assert isinstance(fix.data, dict)
    assert fix.data["instruction"] == " ".join(message.split())


async def test_a_diagnostic_adds_its_fix_to_the_other_actions(light: Client) -> None:
    diagnostic = diagnosed(light, "w + h", "wrong operator")
    actions = await offered(light, light.open(CODE), diagnostics=[diagnostic])
    assert [action.kind for action in actions] == [f"{KIND}.fill", "quickfix"]


async def test_a_diagnostic_at_one_point_means_its_line(light: Client) -> None:
    where = types.Position(1, 6)
    diagnostic = types.Diagnostic(types.Range(where, where), "wrong")
    (fix,) = await offered(light, light.open(CODE), diagnostics=[diagnostic], only=["quickfix"])
    assert isinstance(fix.data, dict)
    assert fix.data["range"] == span(CODE, "    return w + h", light.encoding)


async def test_an_outdated_diagnostic_has_no_fix(light: Client) -> None:
    where = types.Range(types.Position(90, 0), types.Position(90, 5))
    diagnostic = types.Diagnostic(where, "was here once")
    assert await offered(light, light.open(CODE), diagnostics=[diagnostic], only=["quickfix"]) == []
