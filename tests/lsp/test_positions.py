"""Random documents, selections and changes against a naive model, in all three encodings."""

from __future__ import annotations

import asyncio
from collections.abc import Iterator
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from lsprotocol import types

from tests.lsp.driving import EDIT, RawClient, apply, do, offset, position

CHARACTERS = st.sampled_from("ab (\t\n\r\f\v\x1c\x85\u2028\u00e9e\u0301語😀🏳\ufe0f\u200d🇩🇪")
TEXTS = st.text(CHARACTERS, max_size=30)


class Session:
    """A server that speaks one encoding, and the loop that its pipes belong to."""

    def __init__(self, encoding: str) -> None:
        self.encoding = encoding
        self.loop = asyncio.new_event_loop()
        self.raw = self.loop.run_until_complete(self._start())
        self.number = 0

    async def _start(self) -> RawClient:
        raw = await RawClient.start()
        await raw.initialize(capabilities={"general": {"positionEncodings": [self.encoding]}})
        return raw

    def edited(self, versions: list[str], start: int, end: int, written: str) -> str:
        """Open a document, change it, have a piece of it written anew; the text after."""
        self.number += 1
        raw, uri, text = self.raw, f"file:///d{self.number}.py", versions[-1]
        raw.open(versions[0], uri=uri)
        for version, newer in enumerate(versions[1:], 2):
            raw.change(uri, version, newer)
        ends = [position(text, at, self.encoding) for at in (start, end)]
        raw.request(
            self.number,
            EDIT,
            {
                "textDocument": {"uri": uri, "version": len(versions)},
                "range": dict(zip(("start", "end"), ends, strict=True)),
                "instruction": do(texts=[written], ungated=True),
            },
        )
        answer = self.loop.run_until_complete(raw.answer(self.number))
        raw.notify("textDocument/didClose", {"textDocument": {"uri": uri}})
        raw.notifications.clear()
        edit = answer["result"]["edit"]
        return text if edit is None else apply(text, edit, uri, len(versions), self.encoding)

    def end(self) -> None:
        assert self.loop.run_until_complete(self.raw.leave())[0] == 0
        self.loop.close()


@pytest.fixture(scope="module", params=["utf-8", "utf-16", "utf-32"])
def session(request: pytest.FixtureRequest) -> Iterator[Session]:
    begun = Session(request.param)
    yield begun
    begun.end()


def trimmed(text: str, start: int, end: int) -> tuple[int, int]:
    """A selection without the blanks at its ends; one of only blanks stays as it is."""
    while start < end and text[start:end].strip() and text[start].isspace():
        start += 1
    while start < end and text[start:end].strip() and text[end - 1].isspace():
        end -= 1
    return start, end


@settings(
    max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)
@given(older=st.lists(TEXTS, max_size=2), text=TEXTS, written=TEXTS, data=st.data())
def test_only_the_selection_changes(
    session: Session, older: list[str], text: str, written: str, data: Any
) -> None:
    inside = [at for at in range(len(text) + 1) if text[at - 1 : at + 1] != "\r\n" or at == 0]
    start, end = sorted(data.draw(st.sampled_from(inside)) for _ in range(2))
    first, last = trimmed(text, start, end)
    expected = text[:first] + written + text[last:]
    assert session.edited([*older, text], start, end, written) == expected


@given(TEXTS, st.sampled_from(["utf-8", "utf-16", "utf-32"]))
def test_the_naive_model_agrees_with_itself(text: str, encoding: str) -> None:
    for at in range(len(text) + 1):
        if text[at - 1 : at + 1] != "\r\n" or at == 0:
            place = position(text, at, encoding)
            assert offset(text, types.Position(**place), encoding) == at
