"""The ways in that are not in every client, as Neovim and as VS Code would use them."""

from __future__ import annotations

from typing import Any

import pytest
from lsprotocol import types

from tests.lsp.driving import Client, do, span

pytestmark = pytest.mark.asyncio(loop_scope="module")

CODE = "# 語😀\r\ndef area(w, h):\r\n    return '😀', w + h\r\n"


async def run(client: Client, params: object) -> dict[str, Any]:
    """Run the command."""
    command = types.ExecuteCommandParams("instantEdit.edit", [params])
    answer = await client.workspace_execute_command_async(command)
    assert isinstance(answer, dict)
    return answer


async def test_the_command_changes_the_document_and_sees_that_it_did(light: Client) -> None:
    uri, other = light.open(CODE), light.open(CODE)
    asked = light.params(uri, CODE, "w + h", instruction=do(texts=["w * h"]))
    assert (await run(light, asked))["applied"] is True
    assert light.texts[uri] == CODE.replace("w + h", "w * h")
    assert light.texts[other] == CODE


async def test_the_command_changes_several_documents(light: Client) -> None:
    uris = [light.open(CODE) for _ in range(2)]
    where = [span(CODE, "w + h", light.encoding)]
    documents = [{"textDocument": {"uri": uri, "version": 1}, "ranges": where} for uri in uris]
    assert (await run(light, {"documents": documents}))["applied"] is True
    assert {light.texts[uri] for uri in uris} == {CODE.replace("w + h", "FILLED")}


async def test_drafts_stand_where_the_span_is_in_the_clients_units(light: Client) -> None:
    uri, seen = light.open(CODE), len(light.drafts)
    await light.ask(light.params(uri, CODE, "w + h", draftToken=uri))
    last = light.drafts[seen:][-1]
    assert last["draftToken"] == uri
    assert last["drafts"][0]["range"] == span(CODE, "w + h", light.encoding)
    assert last["drafts"][0]["text"] == "FILLED"
