"""Places to fill are real code, cut around as was asked."""

from __future__ import annotations

import pytest

from instant_edit.benchmarking.inputs import Fill, fills
from tests.scripted import tokenizer


def count(text: str) -> int:
    return len(tokenizer().encode(text))


def hidden(fill: Fill) -> str:
    (span,) = fill.request.spans
    return fill.request.source[span.start : span.end]


@pytest.mark.parametrize("lines", [1, 2, 4])
def test_the_hole_is_that_many_lines_of_code(lines: int) -> None:
    for fill in fills(count, 5, lines=lines):
        assert hidden(fill) == fill.truth
        assert len(fill.truth.splitlines()) == lines
        assert not fill.truth.startswith(("#", '"'))


@pytest.mark.parametrize("context", [64, 512])
def test_the_context_is_about_as_long_as_asked(context: int) -> None:
    for fill in fills(count, 5, context=context):
        around = fill.request.source.replace(fill.truth, "", 1)
        assert 0.9 * context <= count(around) <= context + 60


def test_every_place_is_another() -> None:
    found = fills(count, 20)
    assert len({(fill.request.source, fill.request.spans) for fill in found}) == 20
