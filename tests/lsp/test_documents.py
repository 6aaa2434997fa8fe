"""Several documents in one request: denoised together, answered all or none."""

from __future__ import annotations

from typing import Any

import pytest

from tests.lsp.driving import INVALID_PARAMS, MODIFIED, Client, apply_all, do, refused, span

pytestmark = pytest.mark.asyncio(loop_scope="module")

CODE = "def area(w, h):\n    return w + h\n"
CALL = "print(area(1, 2))\nprint(area(3, 4))\n"


def target(light: Client, uri: str, text: str, *pieces: str) -> dict[str, Any]:
    ranges = [span(text, piece, light.encoding) for piece in pieces]
    return {"textDocument": {"uri": uri, "version": 1}, "ranges": ranges}


async def test_two_documents_are_edited_in_one_answer(light: Client) -> None:
    one, two = light.open(CODE), light.open(CALL)
    documents = [target(light, one, CODE, "area"), target(light, two, CALL, "area(1", "area(3")]
    script = do(texts=["surface", "surface(1", "surface(3"])
    answer = await light.ask({"documents": documents, "instruction": script})
    assert answer["verdict"] == {"ok": True, "findings": []}
    after = apply_all({one: CODE, two: CALL}, answer["edit"], light.encoding)
    assert after == {one: CODE.replace("area", "surface"), two: CALL.replace("area", "surface")}


async def test_only_several_documents_need_confirmation(light: Client) -> None:
    assert light.capabilities is not None
    workspace = light.capabilities.workspace
    assert workspace is not None
    known = workspace.workspace_edit and workspace.workspace_edit.change_annotation_support
    one, two = light.open(CODE), light.open(CODE)
    documents = [target(light, uri, CODE, "w + h") for uri in (one, two)]
    several = (await light.ask({"documents": documents}))["edit"]
    single = (await light.ask({"documents": documents[:1]}))["edit"]
    for edit, asks in ((several, True), (single, False)):
        annotations = edit.get("changeAnnotations", {})
        assert [a["needsConfirmation"] for a in annotations.values()] == [asks] * bool(known)
        for change in edit["documentChanges"]:
            named = {one_edit.get("annotationId") for one_edit in change["edits"]}
            assert named == (set(annotations) or {None})


async def test_one_document_that_does_not_validate_leaves_all_as_they_are(light: Client) -> None:
    one, two = light.open(CODE), light.open(CODE)
    documents = [target(light, uri, CODE, "w + h") for uri in (one, two)]
    answer = await light.ask({"documents": documents, "instruction": do(texts=["w", "w + ("])})
    assert answer["edit"] is None
    assert answer["verdict"]["ok"] is False
    assert {finding["uri"] for finding in answer["verdict"]["findings"]} == {two}


async def test_a_change_in_any_of_them_is_content_modified(light: Client) -> None:
    one, two = light.open(CODE), light.open(CODE)
    documents = [target(light, uri, CODE, "w + h") for uri in (one, two)]
    held = {"documents": documents, "instruction": do(hold=True), "workDoneToken": one}
    edit = light.ask(held)
    await light.steps(one)
    light.change(two, 2, CODE.replace("w + h", "w"))
    assert two in await refused(edit, MODIFIED)


async def test_drafts_name_their_documents(light: Client) -> None:
    one, two = light.open(CODE), light.open(CODE)
    documents = [target(light, uri, CODE, "w + h") for uri in (one, two)]
    seen = len(light.drafts)
    await light.ask({"documents": documents, "draftToken": "several"})
    uris = [[d["textDocument"]["uri"] for d in drafts["drafts"]] for drafts in light.drafts[seen:]]
    assert uris
    assert all(named == [one, two] for named in uris)


@pytest.mark.parametrize(
    ("documents", "named"),
    [
        ([], "documents: empty"),
        ({}, "documents: expected an array"),
        ([5], "documents[0]: expected an object"),
        ([{"ranges": []}], "documents[0].textDocument: missing"),
        ([{"textDocument": {"uri": "u", "version": 1}}], "documents[0].ranges: missing"),
        ([{"textDocument": {"uri": "u", "version": 1}, "ranges": []}], "documents[0].ranges"),
    ],
)
async def test_malformed_documents_are_refused(
    light: Client, documents: object, named: str
) -> None:
    assert named in await refused(light.ask({"documents": documents}), INVALID_PARAMS)


async def test_a_document_may_come_only_once_and_not_beside_another_form(light: Client) -> None:
    uri = light.open(CODE)
    twice = [target(light, uri, CODE, piece) for piece in ("w + h", "area")]
    assert "twice" in await refused(light.ask({"documents": twice}), INVALID_PARAMS)
    both = {"documents": twice[:1], **light.params(uri, CODE, "w + h")}
    assert "textDocument" in await refused(light.ask(both), INVALID_PARAMS)
