"""The document changes while it is being edited: rebased and validated again, or refused."""

from __future__ import annotations

import asyncio
from pathlib import Path
from typing import Any

import pytest
from lsprotocol import types

from tests.lsp.driving import INVALID_PARAMS, MODIFIED, Client, apply, do, refused

pytestmark = pytest.mark.asyncio(loop_scope="module")

CODE = "def area(w, h):\n    return w + h\n\nprint(area(1, 2))\n"


@pytest.fixture
def go(tmp_path: Path) -> Path:
    """The file whose appearance lets an edit go on."""
    return tmp_path / "go"


async def begun(light: Client, go: Path, text: str = CODE, written: str = "w * h") -> Any:
    """An edit under way that waits, deaf to being stopped; its uri and its answer."""
    uri = light.open(text)
    script = do(until=str(go), texts=[written])
    edit = light.ask(light.params(uri, text, "w + h", instruction=script, workDoneToken=uri))
    await light.steps(uri)
    return uri, edit


async def ended(light: Client, go: Path) -> None:
    """Let the edit go on when the server has read everything sent before."""
    await refused(light.ask({}), INVALID_PARAMS)
    go.touch()


@pytest.mark.parametrize(
    "newer",
    [
        "# 😀 above\r\n" + CODE,
        CODE + "\n# below\n",
        CODE.replace("area(1, 2)", "area(3, 4)"),
        CODE.replace("def area", "def  area"),
        CODE,  # the same text is another version all the same
    ],
)
async def test_a_change_elsewhere_moves_the_edit_to_the_new_version(
    light: Client, go: Path, newer: str
) -> None:
    uri, edit = await begun(light, go)
    light.change(uri, 2, newer)
    await ended(light, go)
    answer = await edit
    assert answer["verdict"] == {"ok": True, "findings": []}
    after = apply(newer, answer["edit"], uri, 2, light.encoding)
    assert after == newer.replace("w + h", "w * h")


async def test_changes_on_both_sides_of_the_span_one_after_the_other(
    light: Client, go: Path
) -> None:
    uri, edit = await begun(light, go)
    light.change(uri, 2, "import os\n" + CODE)
    newer = "import os\n" + CODE + "print(os)\n"
    light.change(uri, 5, newer)
    await ended(light, go)
    answer = await edit
    after = apply(newer, answer["edit"], uri, 5, light.encoding)
    assert after == newer.replace("w + h", "w * h")


@pytest.mark.parametrize(
    "newer",
    [
        CODE.replace("w + h", "w + hh"),
        CODE.replace("w + h", ""),
        CODE.replace("w + h", "w + h + 1"),
        CODE.replace("return w", "return  w"),
        "",
        "print('something else')\n",
    ],
)
async def test_a_change_inside_or_beside_the_span_is_content_modified_at_once(
    light: Client, newer: str
) -> None:
    uri = light.open(CODE)
    held = light.params(uri, CODE, "w + h", instruction=do(hold=True), workDoneToken=uri)
    edit = light.ask(held)
    await light.steps(uri)
    light.change(uri, 2, newer)
    assert uri in await refused(edit, MODIFIED)


async def test_what_does_not_validate_any_more_is_content_modified(light: Client, go: Path) -> None:
    code = "async def area(w, h):\n    return w + h\n"
    uri, edit = await begun(light, go, code, "await w")
    light.change(uri, 2, code.removeprefix("async "))  # "await" has no place there
    await ended(light, go)
    assert "does not fit" in await refused(edit, MODIFIED)


async def test_an_edit_that_waits_for_its_turn_is_moved_as_well(light: Client, go: Path) -> None:
    _, first = await begun(light, go)
    uri = light.open(CODE)
    waiting = light.ask(light.params(uri, CODE, "w + h"))
    light.change(uri, 2, "# more\n" + CODE)
    await ended(light, go)
    await first
    after = apply("# more\n" + CODE, (await waiting)["edit"], uri, 2, light.encoding)
    assert after == "# more\n" + CODE.replace("w + h", "FILLED")


async def test_findings_are_told_at_their_place_in_the_new_version(light: Client, go: Path) -> None:
    uri, edit = await begun(light, go, written="w + (")
    light.change(uri, 2, "# one\n# two\n" + CODE)
    await ended(light, go)
    verdict = (await edit)["verdict"]
    assert verdict["ok"] is False
    assert {finding["position"]["line"] for finding in verdict["findings"]} == {3}


@pytest.mark.parametrize("again", [False, True])
async def test_closing_the_document_is_content_modified(light: Client, again: bool) -> None:
    uri = light.open(CODE)
    held = light.params(uri, CODE, "w + h", instruction=do(hold=True), workDoneToken=uri)
    edit = light.ask(held)
    await light.steps(uri)
    light.text_document_did_close(
        types.DidCloseTextDocumentParams(types.TextDocumentIdentifier(uri))
    )
    if again:
        item = types.TextDocumentItem(uri=uri, language_id="python", version=1, text=CODE)
        light.text_document_did_open(types.DidOpenTextDocumentParams(item))
    assert uri in await refused(edit, MODIFIED)


async def test_another_document_may_change_as_it_likes(light: Client, go: Path) -> None:
    uri, edit = await begun(light, go)
    other = light.open(CODE)
    light.change(other, 2, "")
    await ended(light, go)
    answer = await asyncio.wait_for(edit, 10)
    assert apply(CODE, answer["edit"], uri, 1, light.encoding) == CODE.replace("+", "*")
