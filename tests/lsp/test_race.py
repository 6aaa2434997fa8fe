"""The user types while edits are in flight, at random times: the race that must not be lost."""

from __future__ import annotations

import asyncio
import random
from collections import Counter
from dataclasses import dataclass, field
from typing import Any

import pytest

from tests.lsp.driving import EDIT, MODIFIED, RawClient, apply, do, params

SPAN = "w + h"
URI = "file:///race.py"
RETURN = "    return "
LINES = ["# one", "# two", "def area(w, h):", RETURN + SPAN, "# after", "# more"]


@dataclass
class Typist:
    """An editor as it should be: it applies an edit to the version that the edit is for."""

    raw: RawClient
    chance: random.Random
    lines: list[str]
    version: int = 1
    tally: Counter[str] = field(default_factory=Counter)

    @property
    def text(self) -> str:
        return "\n".join(self.lines)

    def type(self) -> None:
        """One keystroke somewhere, sometimes in the span."""
        numbers = [n for n, line in enumerate(self.lines) if line.startswith("#")]
        number = self.chance.choice(numbers)
        if self.chance.random() < 0.1:
            number = next(n for n, line in enumerate(self.lines) if line.startswith(RETURN))
        line = self.lines[number]
        if line.startswith(RETURN):
            self.lines[number] = f"{RETURN}w + {self.version} + h"
        elif self.chance.random() < 0.2:
            self.lines.insert(number, "# new")
        else:
            at = self.chance.randrange(2, len(line) + 1)
            self.lines[number] = line[:at] + self.chance.choice("ab é😀") + line[at:]
        self._send()

    def _send(self) -> None:
        self.version += 1
        self.raw.change(URI, self.version, self.text)

    async def edit(self, number: int) -> None:
        """Ask for an edit, type meanwhile, and do with the answer what an editor does."""
        wanted = f"w * h * {number}"
        script = do(texts=[wanted], busy=self.chance.choice([0, 0.001, 0.004]))
        asked = params(URI, self.text, SPAN, version=self.version, instruction=script)
        self.raw.request(number, EDIT, asked)
        typed = 0
        for _ in range(self.chance.randrange(4)):
            await self._pause()
            self.type()
            typed += 1
        answer = await self.raw.answer(number)
        if "error" in answer:
            assert answer["error"]["code"] == MODIFIED, answer
            assert typed, "refused though nobody typed"
            self.tally["refused"] += 1
        else:
            self._take(answer["result"], wanted, typed)
        self._restore()

    def _take(self, result: dict[str, Any], wanted: str, typed: int) -> None:
        assert result["verdict"]["ok"], result
        (change,) = result["edit"]["documentChanges"]
        if change["textDocument"]["version"] != self.version:
            assert typed, "an old version though nobody typed"
            self.tally["late"] += 1  # answered before the last keystroke arrived: not applied
            return
        before = self.text
        after = apply(before, result["edit"], URI, self.version, "utf-16")
        assert before.count(SPAN) == 1, "an edit of what the user has changed"
        assert after == before.replace(SPAN, wanted), "a stale edit landed"
        self.tally["rebased" if typed else "applied"] += 1

    def _restore(self) -> None:
        """The span as it was, for the next edit."""
        kept = self.lines if len(self.lines) < 40 else LINES
        self.lines = [RETURN + SPAN if line.startswith(RETURN) else line for line in kept]
        self._send()

    async def _pause(self) -> None:
        await asyncio.sleep(self.chance.choice([0, 0, 0.001, 0.003]))


async def typist(raw: RawClient, seed: int) -> Typist:
    await raw.initialize()
    raw.open("\n".join(LINES), uri=URI)
    return Typist(raw, random.Random(seed), list(LINES))


async def race(raw: RawClient, edits: int, seed: int) -> Counter[str]:
    typing = await typist(raw, seed)
    for number in range(edits):
        await typing.edit(number)
    assert sum(typing.tally.values()) == edits, "an edit was lost without a word"
    assert (await raw.leave())[0] == 0
    return typing.tally


async def test_no_stale_edit_lands_and_none_is_lost(raw: RawClient) -> None:
    tally = await race(raw, 60, seed=1)
    assert tally["applied"] > 0


@pytest.mark.slow
@pytest.mark.timeout(300)
async def test_a_thousand_edits_race_a_typist(raw: RawClient) -> None:
    tally = await race(raw, 1000, seed=3)
    assert set(tally) == {"applied", "rebased", "late", "refused"}, tally
