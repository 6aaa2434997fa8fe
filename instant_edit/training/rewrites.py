"""Small damages to a span of any language, each with an instruction that undoes it."""

from __future__ import annotations

import re
from dataclasses import dataclass

import numpy as np

SWAPS = {
    "==": "!=", "!=": "==", "<=": "<", ">=": ">", "<": "<=", ">": ">=", "+": "-", "-": "+",
    "and": "or", "or": "and", "True": "False", "False": "True", "true": "false",
    "false": "true", "0": "1", "1": "0", "is": "is not", "&&": "||", "||": "&&", "in": "not in",
}  # fmt: skip
BUG = ("fix the bug", "fix the wrong operator", "correct this", "fix this line")
SYNTAX = ("fix the syntax error", "repair the syntax", "fix syntax", "make it parse")
SPACE = ("fix the formatting", "format this", "tidy the whitespace")
WORD = re.compile(r"\b[A-Za-z_][A-Za-z_0-9]{2,}\b")
OPERATOR = re.compile(rf"(?<![\w=<>!&|+-])(?:{'|'.join(map(re.escape, SWAPS))})(?![\w=<>&|+-])")


@dataclass(frozen=True, slots=True)
class Damage:
    """The damaged text, shown as old, and the instruction whose answer is the true text."""

    old: str
    instruction: str


def damage(text: str, rng: np.random.Generator) -> Damage | None:
    """Damage ``text`` in one way of four; None where that way does not apply."""
    way = rng.integers(0, 4)
    return (_rename, _swap, _break, _space)[way](text, rng)


def _rename(text: str, rng: np.random.Generator) -> Damage | None:
    names = sorted(set(WORD.findall(text)))
    if len(names) < 2:
        return None
    new = str(rng.choice(names))
    old = str(rng.choice(["value", "data", "item", "result", "x", "tmp", "name", "obj"]))
    if re.search(rf"\b{old}\b", text):
        return None
    phrase = str(rng.choice(["rename {0} to {1}", "use {1} instead of {0}", "{0} -> {1}"]))
    return Damage(re.sub(rf"\b{re.escape(new)}\b", old, text), phrase.format(old, new))


def _swap(text: str, rng: np.random.Generator) -> Damage | None:
    found = list(OPERATOR.finditer(text))
    if not found:
        return None
    match = found[int(rng.integers(0, len(found)))]
    old = text[: match.start()] + SWAPS[match.group()] + text[match.end() :]
    return Damage(old, str(rng.choice(BUG)))


def _break(text: str, rng: np.random.Generator) -> Damage | None:
    found = [i for i, c in enumerate(text) if c in ":()[]{}'\",;="]
    if not found:
        return None
    at = found[int(rng.integers(0, len(found)))]
    return Damage(text[:at] + text[at + 1 :], str(rng.choice(SYNTAX)))


def _space(text: str, rng: np.random.Generator) -> Damage | None:
    found = [m.start() for m in re.finditer(r"(?<=\S) (?=\S)", text)]
    if not found:
        return None
    gone = {i for i in found if rng.random() < 0.7}
    old = "".join(c for i, c in enumerate(text) if i not in gone)
    return Damage(old, str(rng.choice(SPACE))) if gone else None
