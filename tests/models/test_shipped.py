"""What only the weights that ship can keep: the same request gives the same bytes."""

from __future__ import annotations

from pathlib import Path

import pytest

from instant_edit import Editor, EditRequest, EditResult, Span

pytestmark = [pytest.mark.slow, pytest.mark.timeout(300)]

SOURCE = (Path(__file__).resolve().parents[2] / "fixtures" / "inventory.py").read_text("utf-8")


def request(seed: int, mode: str) -> EditRequest:
    old = "return self.price * self.quantity"
    start = SOURCE.index(old)
    instruction = "fix the wrong operator" if mode == "rewrite" else None
    span = Span(start, start + len(old))
    return EditRequest(SOURCE, (span,), "python", instruction, seed=seed, candidates=2)


def what(result: EditResult) -> tuple[object, ...]:
    return result.source, result.edits, result.verdict


@pytest.mark.parametrize("mode", ["fill", "rewrite"])
def test_the_same_request_gives_the_same_bytes_whatever_came_before(mode: str) -> None:
    with Editor.open() as editor:
        first = what(editor.edit(request(3, mode)))
        editor.edit(request(4, mode))
        again = what(editor.edit(request(3, mode)))
    with Editor.open() as editor:
        afresh = what(editor.edit(request(3, mode)))
    assert first == again == afresh
