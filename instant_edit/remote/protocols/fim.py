"""Fill-in-the-middle completions: a prompt, a suffix, and what belongs between them.

Offered as ``/fim/completions`` by Inception (Mercury) and by Mistral. There is no way to say an
instruction, so only holes can be filled.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from instant_edit.errors import InputError
from instant_edit.remote.answers import filled
from instant_edit.remote.protocols.openai import Spanwise

if TYPE_CHECKING:
    from instant_edit.remote.endpoint import Endpoint
    from instant_edit.remote.question import Hole, Question


def speaker(endpoint: Endpoint) -> Spanwise:
    """See ``Speaker``."""
    return Spanwise(endpoint, "/fim/completions", asked, read)


def asked(question: Question, hole: Hole) -> dict[str, Any]:
    """The message about one hole."""
    if question.request.instruction or not question.fills:
        raise InputError(
            "the protocol fim only fills holes and knows no instruction; leave the instruction "
            "out, or use an endpoint of the protocol chat or infill"
        )
    return {"prompt": hole.before, "suffix": hole.after}


def read(written: str, question: Question, hole: Hole) -> str:
    """The replacement: all that was written."""
    del question
    return filled(written, hole.after)
