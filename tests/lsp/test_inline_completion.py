"""``textDocument/inlineCompletion``, for clients that know it."""

from __future__ import annotations

from typing import Any

import pytest

from tests.lsp.driving import EDIT, RawClient, do, params

pytestmark = pytest.mark.asyncio(loop_scope="module")

INITIALIZE: dict[str, Any] = {"capabilities": {"textDocument": {"inlineCompletion": {}}}}
INVOKED, AUTOMATIC = 1, 2
CODE = "total = \n"
AT_END = {"line": 0, "character": 8}


async def completed(raw: RawClient, uri: str, trigger: int = INVOKED) -> list[dict[str, Any]]:
    asked = {"textDocument": {"uri": uri}, "position": AT_END, "context": {"triggerKind": trigger}}
    raw.request(1, "textDocument/inlineCompletion", asked)
    items: list[dict[str, Any]] = (await raw.answer(1))["result"]["items"]
    return items


async def test_a_fill_at_the_cursor_is_one_item_on_one_line(session: RawClient) -> None:
    (item,) = await completed(session, session.open(CODE))
    assert item == {"insertText": "FILLED", "range": {"start": AT_END, "end": AT_END}}


async def test_nothing_is_computed_while_the_user_types(session: RawClient) -> None:
    uri = session.open(CODE)
    assert await completed(session, uri, AUTOMATIC) == []
    held = params(uri, CODE, "total", instruction=do(hold=True))
    session.request("held", EDIT, held)  # and the edit under way is left alone
    assert await completed(session, uri, AUTOMATIC) == []
    session.notify("$/cancelRequest", {"id": "held"})
    await session.answer("held")


async def test_nothing_is_offered_where_nothing_can_be_edited(session: RawClient) -> None:
    assert await completed(session, "file:///nowhere.py") == []
    assert await completed(session, session.open(CODE, language="klingon")) == []


async def test_what_does_not_validate_is_no_item(session: RawClient) -> None:
    assert await completed(session, session.open("total = .5\n")) == []  # FILLED.5
