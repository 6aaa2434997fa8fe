"""A span as a question to a model that writes answers, and the answer brought back into the span.

The file is shown with the span between two markers. The answer is a code block whose first line is
begun for the model with what stands before the span in its line, so that what it writes goes on
there. Models repeat lines around the span all the same; those are found and taken off again.
"""

from __future__ import annotations

from dataclasses import dataclass

from instant_edit.drafting import Outcome
from instant_edit.models.protocol import ContextIds
from instant_edit.tokenizer import Tokenizer

OPEN, CLOSE = "<<<EDIT>>>", "<<<END>>>"
FENCE = "```"


@dataclass(frozen=True, slots=True)
class MarkedSpan:
    """The texts of one span and its surroundings; ``instruction`` is None for a fill."""

    before: str
    old: str
    after: str
    instruction: str | None
    forced: bytes

    @classmethod
    def of(cls, context: ContextIds, tokenizer: Tokenizer) -> MarkedSpan:
        """The span of a context."""
        ids = tokenizer.special
        marks = (ids.suffix, ids.instruction, ids.old)
        parts: dict[int, list[int]] = {mark: [] for mark in marks}
        part: list[int] = []
        for token in context.tail:
            if token in parts:
                part = parts[token]
            else:
                part.append(token)
        told = ids.instruction in context.tail
        after, instruction, old = (tokenizer.decode(parts[mark]) for mark in marks)
        before = tokenizer.decode(context.prefix[1:]) + context.forced.decode("utf-8", "replace")
        return cls(before, old, after, instruction if told else None, context.forced)

    @property
    def head(self) -> str:
        """What stands before the span in its line."""
        return self.before[self.before.rfind("\n") + 1 :]

    @property
    def question(self) -> str:
        """What the model is asked."""
        wish = f"Rewrite it: {self.instruction}" if self.instruction else "Write what belongs there"
        return (
            f"This is a part of a file. A span of it is marked with {OPEN} and {CLOSE}.\n"
            f"{wish}. Answer with one code block: the lines of the span as they shall be, without "
            "the markers and without other lines of the file.\n\n"
            f"{FENCE}\n{self.before}{OPEN}{self.old}{CLOSE}{self.after}\n{FENCE}"
        )

    @property
    def opening(self) -> str:
        """How the answer begins."""
        return f"{FENCE}\n{self.head}"

    def fit(self, answer: str) -> str:
        """The replacement that an answer stands for."""
        text = answer.split(f"\n{FENCE}")[0].replace(OPEN, "").replace(CLOSE, "")
        text = text[overlap(self.before, text) :]
        end = len(text) - overlap(text, self.after.lstrip("\n"))
        if end == len(text):
            return text.removesuffix("\n") if self.after.startswith("\n") else text
        return text[:end].removesuffix("\n")

    def outcome(self, answer: str, sure: float, ended: bool, tokenizer: Tokenizer) -> Outcome:
        """The outcome of a draft that wrote ``answer``, each token as sure as the whole."""
        ids = tokenizer.encode(self.forced.decode("utf-8", "replace") + self.fit(answer))
        return Outcome(tuple(ids), (sure,) * len(ids), (), ended)


def overlap(left: str, right: str) -> int:
    """Length of the longest end of ``left`` that ``right`` begins with, in whole lines.

    Only overlaps of a whole line that says something count: a brace, or a blank, may be meant.
    """
    for size in range(min(len(left), len(right)), 0, -1):
        shared = right[:size]
        if left.endswith(shared) and _whole(left, right, size) and len(shared.strip()) > 2:
            return size
    return 0


def _whole(left: str, right: str, size: int) -> bool:
    """Whether an overlap begins and ends at the ends of lines."""
    begins = size == len(left) or left[-size - 1] == "\n"
    ends = size == len(right) or right[size - 1] == "\n" or right[size] == "\n"
    return begins and ends
