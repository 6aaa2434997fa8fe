"""What an endpoint wrote, and what is refused of it before the gate sees it.

Some protocols answer with more than the span: whole lines, or a region. What is outside the span
must come back as it was; then only the span's part is taken.
"""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass

MOST_CHARACTERS = 16_000  # of one replacement
MESSAGE_LENGTH = 200
_FENCE = re.compile(r"^[ \t]*(`{3,}|~{3,})[^\n`]*\n(.*?)^[ \t]*\1[ \t]*$", re.DOTALL | re.MULTILINE)
_THOUGHTS = re.compile(r"\A\s*<think>.*?</think>", re.DOTALL)
_TURNS = ("LRE", "RLE", "LRO", "RLO", "PDF", "LRI", "RLI", "FSI", "PDI")
_REPEATED = 12  # characters of a line, from which its second coming is no chance


class Refused(Exception):  # noqa: N818 - it becomes a finding
    """One candidate that cannot be used; the next one may."""

    def __init__(self, kind: str, message: str) -> None:
        super().__init__(message)
        self.kind, self.message = kind, message


@dataclass(frozen=True, slots=True)
class Answer:
    """The replacement of one span. ``confidence`` is 0 where the endpoint says none."""

    text: str
    confidence: float = 0.0


Candidate = tuple[Answer, ...]  # one answer a span


def printable(text: str) -> str:
    """What an endpoint says of something, fit for a terminal."""
    return "".join(char for char in text if char.isprintable())[:MESSAGE_LENGTH]


def limited(text: str, old: str) -> str:
    """The text, if it is not far longer than anything that was asked for."""
    most = max(MOST_CHARACTERS, 4 * len(old))
    if len(text) > most:
        raise Refused("too-long", f"the answer has {len(text)} characters; {most} are taken")
    return text


def visible(text: str, source: str) -> str:
    """The text, if nothing in it hides from a reader or speaks to a terminal.

    Control characters, and those that turn the direction of writing around, are taken only where
    the document has them already.
    """
    for char in set(text.replace("\r\n", "\n")) - {"\n", "\t"} - set(source):
        if unicodedata.category(char) == "Cc" or unicodedata.bidirectional(char) in _TURNS:
            raise Refused("control-character", f"the answer has the character U+{ord(char):04X}")
    return text


def fenced(text: str) -> str:
    """What stands in the only fenced block of an answer, or all of an answer without one."""
    text = _THOUGHTS.sub("", text)
    blocks = _FENCE.findall(text + "\n")
    if len(blocks) > 1:
        raise Refused(
            "unclear", f"the answer has {len(blocks)} code blocks where one was asked for"
        )
    if blocks:
        return str(blocks[0][1]).removesuffix("\n")
    if not text.strip():
        raise Refused("empty", "the answer is empty")
    return text.strip("\n")


def between(answer: str, head: str, tail: str) -> str:
    """The part of an answer that stands for the span, if what is around it came back unchanged.

    An answer without the indentation of its first line gets it, on every line.
    """
    if head.isspace() and "\n" not in head and not answer.startswith(head):
        lines = answer.split("\n")
        answer = "\n".join(head + line if line.strip() else line for line in lines)
    fits = len(answer) >= len(head) + len(tail)
    if not (fits and answer.startswith(head) and answer.endswith(tail)):
        raise Refused("outside-span", "the answer changes text outside the span")
    return answer[len(head) : len(answer) - len(tail)]


def filled(text: str, after: str) -> str:
    """What was written into a hole, if it does not run on through what follows the hole."""
    if not text.strip():
        raise Refused("empty", "the answer is empty")
    if after.startswith("\n"):
        text = text.rstrip("\n")
    following = next((line for line in after.split("\n")[1:] if line.strip()), "")
    if len(following.strip()) >= _REPEATED and following in text.split("\n"):
        raise Refused("outside-span", "the answer repeats the text that follows the span")
    return text
