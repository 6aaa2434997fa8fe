"""``instantEdit/edit``, as Neovim and as VS Code ask for it."""

from __future__ import annotations

import attrs
import pytest
from lsprotocol import types

from instant_edit.lsp.converting import camel
from instant_edit.lsp.protocol import StatsAnswer
from tests.lsp.driving import (
    CANCELLED,
    INVALID_PARAMS,
    MODIFIED,
    Client,
    apply,
    apply_all,
    do,
    refused,
    span,
)

pytestmark = pytest.mark.asyncio(loop_scope="module")

CODE = "def area(w, h):\n    return w + h\n"
WILD = "# 漢字 😀 e\u0301 \x0c \u2028 end\r\ndef f(x):\r\n    return '😀é', x + 1  # 語\r\n"


async def test_capabilities_name_full_sync_and_lazy_code_actions(client: Client) -> None:
    result = client.initialized_with
    sync = result.capabilities.text_document_sync
    assert isinstance(sync, types.TextDocumentSyncOptions)
    assert (sync.open_close, sync.change) == (True, types.TextDocumentSyncKind.Full)
    actions = result.capabilities.code_action_provider
    assert isinstance(actions, types.CodeActionOptions)
    assert list(actions.code_action_kinds or ()) == ["refactor.rewrite.instantEdit", "quickfix"]
    assert actions.resolve_provider is True
    assert result.capabilities.notebook_document_sync is None
    assert result.capabilities.inline_completion_provider is None  # neither client knows it
    commands = result.capabilities.execute_command_provider
    assert commands is not None
    assert list(commands.commands) == ["instantEdit.edit"]
    assert result.server_info is not None
    assert result.server_info.name == "instant-edit"
    assert client.encoding in ("utf-8", "utf-16")


async def test_an_edit_is_versioned_minimal_and_right(client: Client) -> None:
    uri = client.open(CODE)
    params = client.params(uri, CODE, "w + h", instruction=do(texts=["w * h"]))
    answer = await client.ask(params)
    assert apply(CODE, answer["edit"], uri, 1, client.encoding) == CODE.replace("+", "*")
    (change,) = answer["edit"]["documentChanges"]
    assert [edit["newText"] for edit in change["edits"]] == ["*"]
    assert answer["verdict"] == {"ok": True, "findings": []}
    stats = answer["stats"]
    assert set(stats) == {camel(field.name) for field in attrs.fields(StatsAnswer)}
    assert stats["tokensPerForward"] == stats["tokens"] / stats["forwardPasses"]


async def test_positions_survive_wide_characters_and_foreign_line_ends(client: Client) -> None:
    uri = client.open(WILD)
    params = client.params(uri, WILD, "'😀é', x + 1", instruction=do(texts=["'😀é漢', x * 2"]))
    answer = await client.ask(params)
    expected = WILD.replace("'😀é', x + 1", "'😀é漢', x * 2")
    assert apply(WILD, answer["edit"], uri, 1, client.encoding) == expected


async def test_several_ranges_are_one_edit(client: Client) -> None:
    uri = client.open(WILD)
    params = client.params(uri, WILD, "x + 1", "(x)", instruction=do(texts=["y + 22", "(y)"]))
    answer = await client.ask(params)
    expected = WILD.replace("x + 1", "y + 22").replace("(x)", "(y)")
    assert apply(WILD, answer["edit"], uri, 1, client.encoding) == expected
    assert len(answer["edit"]["documentChanges"][0]["edits"]) == 2


async def test_an_edit_that_changes_nothing_is_null_and_valid(client: Client) -> None:
    uri = client.open(CODE)
    params = client.params(uri, CODE, "w + h", instruction=do(texts=["w + h"]))
    answer = await client.ask(params)
    assert answer["edit"] is None
    assert answer["verdict"]["ok"] is True


async def test_a_rejected_edit_is_null_with_findings(client: Client) -> None:
    uri = client.open(WILD)
    answer = await client.ask(client.params(uri, WILD, "x + 1", instruction=do(texts=["(x +"])))
    assert answer["edit"] is None
    assert answer["verdict"]["ok"] is False
    assert answer["verdict"]["findings"]
    assert answer["model"] == {"id": "scripted", "digest": "sha256:0"}
    for finding in answer["verdict"]["findings"]:
        assert finding["kind"]
        assert finding["message"]
        assert set(finding["position"]) == {"line", "character"}


async def test_the_version_after_a_change_is_the_one_edited(client: Client) -> None:
    uri = client.open(CODE)
    newer = "# more\n" + CODE
    client.change(uri, 2, newer)
    answer = await client.ask(client.params(uri, newer, "w + h", version=2))
    after = apply(newer, answer["edit"], uri, 2, client.encoding)
    assert after == newer.replace("w + h", "FILLED")


@pytest.mark.parametrize("version", [0, 2])
async def test_another_version_is_content_modified(client: Client, version: int) -> None:
    uri = client.open(CODE)
    params = client.params(uri, CODE, "w + h", version=version)
    message = await refused(client.ask(params), MODIFIED)
    assert "version 1" in message
    assert f"version {version}" in message


async def test_a_document_that_is_not_open_is_named(client: Client) -> None:
    uri = "file:///nowhere.py"
    message = await refused(client.ask(client.params(uri, CODE, "w + h")), INVALID_PARAMS)
    assert uri in message


async def test_a_closed_document_is_not_open(client: Client) -> None:
    uri = client.open(CODE)
    client.text_document_did_close(
        types.DidCloseTextDocumentParams(types.TextDocumentIdentifier(uri))
    )
    message = await refused(client.ask(client.params(uri, CODE, "w + h")), INVALID_PARAMS)
    assert uri in message


async def test_an_unknown_language_is_refused_by_name(client: Client) -> None:
    uri = client.open(CODE, language="klingon")
    message = await refused(client.ask(client.params(uri, CODE, "w + h")), INVALID_PARAMS)
    assert "klingon" in message


async def test_a_range_past_the_end_is_refused(client: Client) -> None:
    uri = client.open(CODE)
    params = client.params(uri, CODE, "w + h")
    params["range"]["end"] = {"line": 99, "character": 0}
    message = await refused(client.ask(params), INVALID_PARAMS)
    assert "99" in message


async def test_overlapping_ranges_are_refused(client: Client) -> None:
    uri = client.open(CODE)
    params = client.params(uri, CODE, "w + h", "return w +")
    await refused(client.ask(params), INVALID_PARAMS)


async def test_an_empty_document_takes_an_insertion(client: Client) -> None:
    uri = client.open("")
    nowhere = {"line": 0, "character": 0}
    params = {
        "textDocument": {"uri": uri, "version": 1},
        "range": {"start": nowhere, "end": nowhere},
        "instruction": do(texts=["x = 1\n"]),
    }
    answer = await client.ask(params)
    assert apply("", answer["edit"], uri, 1, client.encoding) == "x = 1\n"


async def test_a_crash_of_the_engine_is_an_error_and_the_server_lives(client: Client) -> None:
    uri = client.open(CODE)
    params = client.params(uri, CODE, "w + h", instruction=do(crash="out of luck"))
    message = await refused(client.ask(params), -32603)
    assert "out of luck" in message
    assert (await client.ask(client.params(uri, CODE, "w + h")))["edit"] is not None


async def test_stray_prints_do_not_reach_the_client(client: Client) -> None:
    uri = client.open(CODE)
    script = do(say="Content-Length: 3\r\n\r\nnot JSON", texts=["w"])
    answer = await client.ask(client.params(uri, CODE, "w + h", instruction=script))
    assert answer["edit"] is not None


async def test_other_requests_are_answered_while_an_edit_runs(client: Client) -> None:
    uri = client.open(CODE)
    params = client.params(uri, CODE, "w + h", instruction=do(hold=True), workDoneToken="busy")
    edit = client.ask(params, msg_id="held")
    await client.steps("busy")
    message = await refused(
        client.ask(client.params("file:///other.py", CODE, "w + h")), INVALID_PARAMS
    )
    assert "other.py" in message
    assert not edit.done()
    client.cancel_request(types.CancelParams(id="held"))
    await refused(edit, CANCELLED)


async def test_the_engine_edits_two_documents_together(client: Client) -> None:
    texts = [CODE, CODE.replace("area", "volume")]
    uris = [client.open(text) for text in texts]
    documents = [
        {
            "textDocument": {"uri": uri, "version": 1},
            "ranges": [span(text, "w + h", client.encoding)],
        }
        for uri, text in zip(uris, texts, strict=True)
    ]
    script = do(texts=["w * h", "w ** h"])
    answer = await client.ask({"documents": documents, "instruction": script})
    after = apply_all(dict(zip(uris, texts, strict=True)), answer["edit"], client.encoding)
    assert list(after.values()) == [
        texts[0].replace("w + h", "w * h"),
        texts[1].replace("w + h", "w ** h"),
    ]


async def test_a_deadline_ends_the_denoising_between_two_steps(client: Client) -> None:
    uri = client.open(CODE)
    script = do(texts=["held + back + until + told + when"], busy=0.02)
    asked = client.params(uri, CODE, "w + h", instruction=script)
    whole = (await client.ask(asked))["stats"]
    short = (await client.ask({**asked, "deadlineMs": 1}))["stats"]
    assert short["steps"] < whole["steps"]
