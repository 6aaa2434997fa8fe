"""Kinds of edit in the menu, where they have a place in the range."""

from __future__ import annotations

import pytest
from lsprotocol import types

from instant_edit import edit_kinds
from instant_edit.lsp import actions, kind_actions
from instant_edit.lsp.documents import Document
from instant_edit.lsp.protocol import EditParams
from instant_edit.text import PositionEncoding, SourceText

KINDS = ("return-type", "bare-except")
CODE = "s = '😀'\n\ndef area(w, h):\n    return w + h\n\ntry:\n    pass\nexcept:\n    pass\n"


def offered(line: int, *only: str, text: str = CODE) -> list[types.CodeAction]:
    """The actions of kinds for a cursor in a line."""
    document = Document("file:///a.py", "python", 1, SourceText(text))
    here = types.Position(line, 0)
    params = types.CodeActionParams(
        types.TextDocumentIdentifier(document.uri),
        types.Range(here, here),
        types.CodeActionContext([], only or None),
    )
    return actions._of_kinds(document, params, PositionEncoding.UTF16)


@pytest.fixture(autouse=True)
def _measured(monkeypatch: pytest.MonkeyPatch) -> None:
    """Take every kind for measured and good."""
    monkeypatch.setattr(edit_kinds, "is_offered", lambda kind: kind.id in KINDS)


def test_a_kind_is_offered_where_it_has_a_place() -> None:
    assert [action.kind for action in offered(2)] == ["refactor.rewrite.instantEdit.return-type"]
    assert [action.kind for action in offered(7)] == ["refactor.rewrite.instantEdit.bare-except"]
    assert offered(0) == []


def test_an_action_asks_for_its_place_in_its_own_words() -> None:
    (action,) = offered(7)
    asked = EditParams.parse(action.data)
    assert asked.instruction == "catch a named exception"
    ((target,),) = (one.ranges for one in asked.targets)
    assert (target.start.line, target.start.character, target.end.character) == (7, 0, 6)


def test_a_client_that_wants_other_kinds_is_offered_none() -> None:
    assert offered(7, "refactor.rewrite.instantEdit.fill") == []
    assert len(offered(7, "refactor.rewrite")) == 1


def test_an_outdated_range_and_a_large_document_are_offered_none() -> None:
    assert offered(99) == []
    assert offered(7, text=CODE + "#" * kind_actions.LARGEST) == []
