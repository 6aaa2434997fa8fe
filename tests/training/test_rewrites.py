"""A damage is undone by the true text, and its instruction says how."""

from __future__ import annotations

import re

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from instant_edit.training.rewrites import BUG, SPACE, SWAPS, SYNTAX, damage

LINES = (
    "if value == other and not done:",
    "    total += price * count[0]",
    "x = compute(x, first, second)",
    "for item in items: yield item",
    "return a < b or c >= d",
    "data = {'key': 1, 'name': None}",
    "while (i && j) || k != 0 { step(i); }",
    "",
    "x = 0xABC + 0xDEF + 0x100f",
    "x",
)
TEXTS = st.lists(st.sampled_from(LINES), max_size=3).map("\n".join) | st.text(max_size=20)


@settings(max_examples=300, deadline=None)
@given(TEXTS, st.integers(0, 5000))
def test_the_instruction_leads_from_the_damaged_text_to_the_true_one(text: str, seed: int) -> None:
    found = damage(text, np.random.default_rng(seed))
    if found is None:
        return
    assert found.old != text
    assert found.instruction
    if found.instruction in SPACE:
        assert found.old.replace(" ", "") == text.replace(" ", "")
    elif found.instruction in SYNTAX:
        assert len(found.old) == len(text) - 1
        assert any(text[:i] + text[i + 1 :] == found.old for i in range(len(text)))
    elif found.instruction in BUG:
        assert text in unswapped(found.old)
    else:
        old, new = renaming(found.instruction)
        assert re.sub(rf"\b{old}\b", lambda _: new, found.old) == text


def test_a_name_that_is_there_already_is_not_put_in_the_place_of_another() -> None:
    text = "x = compute(x, first, second)"
    found = (damage(text, np.random.default_rng(seed)) for seed in range(400))
    renamed = [d for d in found if d and re.search("rename|instead|->", d.instruction)]
    assert renamed
    assert all(renaming(d.instruction)[0] != "x" for d in renamed)


def unswapped(old: str) -> set[str]:
    """Every text of which one swap makes ``old``."""
    out = set()
    for right, wrong in SWAPS.items():
        for match in re.finditer(re.escape(wrong), old):
            out.add(old[: match.start()] + right + old[match.end() :])
    return out


def renaming(instruction: str) -> tuple[str, str]:
    """The name that is there and the one that is wanted."""
    for pattern in (r"rename (\S+) to (\S+)", r"(\S+) -> (\S+)"):
        if match := re.fullmatch(pattern, instruction):
            return match[1], match[2]
    match = re.fullmatch(r"use (\S+) instead of (\S+)", instruction)
    assert match is not None, instruction
    return match[2], match[1]


@pytest.mark.parametrize("text", ["", "x", "\n", "é"])
def test_what_cannot_be_damaged_is_left_alone(text: str) -> None:
    assert all(damage(text, np.random.default_rng(seed)) is None for seed in range(20))


def test_every_way_of_damage_is_taken() -> None:
    text = "if value == other: total = compute(first, second)"
    said = {d.instruction for s in range(200) if (d := damage(text, np.random.default_rng(s)))}
    assert said & set(BUG)
    assert said & set(SYNTAX)
    assert said & set(SPACE)
    assert said - set(BUG) - set(SYNTAX) - set(SPACE)
