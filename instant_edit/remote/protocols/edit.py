"""Next-edit completions, ``/edit/completions``, as Inception offers them for Mercury.

One message holds the file with a tagged region; the answer is the region, rewritten. The region is
some lines around the span, for the model wants about a dozen; those outside the span must come back
as they were. There is no field for an instruction, and answers do not stream.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from instant_edit.errors import InputError
from instant_edit.remote.answers import between, fenced
from instant_edit.remote.protocols.openai import Spanwise

if TYPE_CHECKING:
    from instant_edit.remote.endpoint import Endpoint
    from instant_edit.remote.question import Hole, Question

AROUND = 5  # lines of the region on either side of the span
CURSOR = "<|cursor|>"


def speaker(endpoint: Endpoint) -> Spanwise:
    """See ``Speaker``."""
    return Spanwise(endpoint, "/edit/completions", asked, read, streams=False)


def asked(question: Question, hole: Hole) -> dict[str, Any]:
    """The message about one span."""
    if question.request.instruction:
        raise InputError(
            "the protocol edit knows no instruction; leave it out, or use an endpoint of the "
            "protocol chat or infill"
        )
    if "<|" in hole.before + hole.old + hole.after:
        raise InputError("the text has '<|' in it, with which the protocol edit marks its parts")
    head, tail = region(hole)
    above, below = hole.before[: len(hole.before) - len(head)], hole.after[len(tail) :]
    old = "" if question.fills else hole.old
    inside = tagged("code_to_edit", f"{head}{CURSOR}{old}{tail}")
    file = f"current_file_path: {question.name}\n{above}{inside}{below}"
    message = "\n\n".join(
        (
            tagged("recently_viewed_code_snippets", ""),
            tagged("current_file_content", file),
            tagged("edit_diff_history", ""),
        )
    )
    return {"messages": [{"role": "user", "content": message}]}


def tagged(name: str, text: str) -> str:
    """A part of the message between its tags."""
    return f"<|{name}|>\n{text}\n<|/{name}|>"


def region(hole: Hole) -> tuple[str, str]:
    """What the region holds before and after the span: whole lines, no empty ones at the end."""
    before = hole.before.split("\n")[-AROUND - 1 :]
    after = hole.after.split("\n")[: AROUND + 1]
    return "\n".join(before), "\n".join(after).rstrip("\n")


def read(written: str, question: Question, hole: Hole) -> str:
    """The span's part of the region that came back."""
    del question
    text = fenced(written)
    for tag in ("<|code_to_edit|>\n", "<|/code_to_edit|>", CURSOR):
        text = text.replace(tag, "")
    head, tail = region(hole)
    return between(text.rstrip("\n"), head, tail)
