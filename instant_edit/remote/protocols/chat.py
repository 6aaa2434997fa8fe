"""Any server with OpenAI's chat completions: a model that follows instructions rewrites lines.

The question marks the lines of the span; the answer is these lines, in one code block. What stands
on them outside the span must come back as it was.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from instant_edit.errors import InputError
from instant_edit.remote.answers import between, fenced
from instant_edit.remote.protocols.openai import Spanwise

if TYPE_CHECKING:
    from instant_edit.remote.endpoint import Endpoint
    from instant_edit.remote.question import Hole, Question

OPEN, CLOSE, GAP = "<<<REGION", "REGION>>>", "<<<MISSING>>>"
SYSTEM = (
    "You edit source code. You answer with the new text of one marked region: all of its lines, "
    "complete and with their indentation, in exactly one fenced code block, without the markers "
    "and without any explanation. You never repeat the code around the region."
)


def speaker(endpoint: Endpoint) -> Spanwise:
    """See ``Speaker``."""
    return Spanwise(endpoint, "/chat/completions", asked, read, seeded=True)


def asked(question: Question, hole: Hole) -> dict[str, Any]:
    """The messages about one span."""
    for marker in (OPEN, CLOSE, GAP):
        if marker in hole.before + hole.old + hole.after:
            raise InputError(f"the text has {marker!r} in it, with which the span would be marked")
    head, tail = hole.lines
    above, below = hole.before[: len(hole.before) - len(head)], hole.after[len(tail) :]
    old = GAP if question.fills else hole.old
    user = (
        f"{question.name} ({question.language.id}):\n"
        f"{above}{OPEN}\n{head}{old}{tail}\n{CLOSE}{below}\n\n{_wish(question, head, tail)}"
    )
    return {
        "messages": [{"role": "system", "content": SYSTEM}, {"role": "user", "content": user}],
    }


def _wish(question: Question, head: str, tail: str) -> str:
    fixed = [
        f"{where} it stays {text!r}"
        for where, text in (("at its beginning", head.strip()), ("at its end", tail.strip()))
        if text
    ]
    stays = f" What stands outside is not yours: {' and '.join(fixed)}." if fixed else ""
    wish = question.request.instruction or ""
    if question.fills:
        return f"Write the region with {GAP} replaced by the code that belongs there.{stays} {wish}"
    return f"Rewrite the region: {wish or 'improve it'}{stays}"


def read(written: str, question: Question, hole: Hole) -> str:
    """The replacement in an answer's lines."""
    del question
    return between(fenced(written), *hole.lines)
