"""What settings and capabilities make of the code actions."""

from __future__ import annotations

from typing import Any

from tests.lsp.driving import RawClient, span

CODE = "def area(w, h):\n    return w + h\n"
KIND = "refactor.rewrite.instantEdit"
CAPABLE = {
    "textDocument": {
        "codeAction": {
            "codeActionLiteralSupport": {"codeActionKind": {"valueSet": []}},
            "dataSupport": True,
            "resolveSupport": {"properties": ["edit"]},
            "tagSupport": {"valueSet": [1]},
        }
    }
}


async def asked(raw: RawClient, **settings: Any) -> list[dict[str, Any]]:
    """The actions for a piece of CODE in a session with these settings."""
    await raw.initialize(capabilities=CAPABLE, initializationOptions=settings)
    where = {"textDocument": {"uri": raw.open(CODE)}, "range": span(CODE, "w + h", "utf-16")}
    raw.request(1, "textDocument/codeAction", {**where, "context": {"diagnostics": []}})
    found: list[dict[str, Any]] = (await raw.answer(1))["result"]
    return found


async def test_rewrite_runs_the_clients_own_command_which_can_ask(raw: RawClient) -> None:
    fill, rewrite = await asked(raw, rewriteCommand="my.rewrite")
    assert (rewrite["title"], rewrite["kind"]) == ("Rewrite…", f"{KIND}.rewrite")
    assert rewrite["command"]["command"] == "my.rewrite"
    (argument,) = rewrite["command"]["arguments"]
    assert argument == fill["data"]
    assert "edit" not in rewrite
    raw.request(2, "codeAction/resolve", rewrite)  # some clients resolve every action
    assert (await raw.answer(2))["result"]["command"] == rewrite["command"]


async def test_actions_say_that_a_model_writes_them(raw: RawClient) -> None:
    actions = await asked(raw, rewriteCommand="my.rewrite")
    assert [action["tags"] for action in actions] == [[1], [1]]


async def test_the_user_chooses_which_actions_are_offered(raw: RawClient) -> None:
    assert await asked(raw, codeActions=["quickfix"]) == []
