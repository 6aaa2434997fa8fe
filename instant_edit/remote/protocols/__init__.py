"""The protocols that endpoints speak, one file each; ``speaking`` finds the one of an endpoint."""

from __future__ import annotations

from collections.abc import Callable, Generator
from dataclasses import dataclass
from typing import TYPE_CHECKING, Protocol

from instant_edit.remote.answers import Candidate, Refused

if TYPE_CHECKING:
    from instant_edit.remote.endpoint import Endpoint
    from instant_edit.remote.http import Http
    from instant_edit.remote.question import Question
    from instant_edit.remote.steps import Part


@dataclass(slots=True)
class Usage:
    """What an endpoint says that an answer cost, and who gave it."""

    model: str = ""
    digest: str = ""
    steps: int = 0
    forward_passes: int = 0
    tokens: int = 0
    asked: int = 0


class Speaker(Protocol):
    """One protocol of endpoints."""

    def candidates(
        self, question: Question, http: Http, preview: Part, usage: Usage
    ) -> Generator[Candidate | Refused]:
        """The candidates for a question, asked for as they are taken.

        Raises:
            InputError: the protocol has no way to ask this.
            RemoteError: the endpoint cannot be reached, or its answer cannot be used at all.
            EditCancelled: the caller asked to stop.
            DeadlinePassed: there was no answer in time.
        """
        ...


def speaking(endpoint: Endpoint) -> Speaker:
    """The speaker of an endpoint's protocol."""
    from instant_edit.remote.protocols import chat, edit, fim, infill

    makers: dict[str, Callable[[Endpoint], Speaker]] = {
        "infill": infill.Infill,
        "chat": chat.speaker,
        "fim": fim.speaker,
        "edit": edit.speaker,
    }
    return makers[endpoint.protocol](endpoint)
