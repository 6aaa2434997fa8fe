"""What assertions written in TypeScript ask for in so many words: strings in the new text."""

from __future__ import annotations

import re
from dataclasses import dataclass
from difflib import unified_diff

from instant_edit.evaluation.execution import Outcome

_LITERAL = r"'(?:[^'\\\n]|\\.)*'"
_CALL = re.compile(
    r"(?<!=> )\b(?P<name>assertContainsAllSnippets|assertSomeStrings|assertOccursOnce)\(\s*"
    r"(?P<where>outcome\.fileContents|edit\.changedModifiedLines\.join\('\\n'\)),\s*"
    rf"(?P<strings>\[[^\]]*\]|{_LITERAL})(?:,\s*(?P<least>\d+))?"
)
_ESCAPES = {"n": "\n", "r": "\r", "t": "\t"}


@dataclass(frozen=True, slots=True)
class Wish:
    """Strings of which at least ``least`` must stand in the text, or in its changed lines."""

    strings: tuple[str, ...]
    least: int
    once: bool
    changed_only: bool

    def met(self, old: str, new: str) -> bool:
        """Whether the new text has them."""
        text = _changed(old, new) if self.changed_only else new
        if self.once:
            return all(text.count(string) == 1 for string in self.strings)
        return sum(string in text for string in self.strings) >= self.least


@dataclass(frozen=True, slots=True)
class Asked:
    """Judges a text by the strings that are asked for."""

    original: str
    wishes: tuple[Wish, ...]

    def __call__(self, source: str) -> Outcome:
        """See ``Judge``. What has not been edited does not do what was asked for."""
        if source == self.original:
            return Outcome(False, "nothing changed")
        missing = [wish for wish in self.wishes if not wish.met(self.original, source)]
        return Outcome(not missing, f"asked for: {missing[0].strings}" if missing else "")


def asked(original: str, assertions: str) -> Asked | None:
    """The judge that assertions make; none where they ask for no strings."""
    wishes = tuple(_wish(call) for call in _CALL.finditer(assertions))
    return Asked(original, wishes) if wishes else None


def _wish(call: re.Match[str]) -> Wish:
    strings = tuple(_spelled(one) for one in re.findall(_LITERAL, call["strings"]))
    least = len(strings) if call["name"] == "assertContainsAllSnippets" else int(call["least"] or 1)
    once = call["name"] == "assertOccursOnce"
    return Wish(strings, least, once, call["where"].startswith("edit."))


def _spelled(literal: str) -> str:
    return re.sub(r"\\(.)", lambda found: _ESCAPES.get(found[1], found[1]), literal[1:-1])


def _changed(old: str, new: str) -> str:
    """The lines of the new text that the old one does not have there."""
    lines = unified_diff(old.splitlines(), new.splitlines(), n=0, lineterm="")
    return "\n".join(line[1:] for line in lines if line.startswith("+") and line[:3] != "+++")
