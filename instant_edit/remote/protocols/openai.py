"""What the three protocols of OpenAI's manner share: one question a span, choices, streams."""

from __future__ import annotations

from collections.abc import Callable, Generator, Iterator
from contextlib import closing
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from instant_edit.errors import RemoteError
from instant_edit.reading import FieldError, Fields, each, integer, kind_of, text
from instant_edit.remote.answers import Answer, Candidate, Refused, limited, visible

if TYPE_CHECKING:
    from instant_edit.remote.endpoint import Endpoint
    from instant_edit.remote.http import Http
    from instant_edit.remote.protocols import Usage
    from instant_edit.remote.question import Hole, Question
    from instant_edit.remote.steps import Part

TEMPERATURE = 0.7  # of candidates after the first
FEWEST_TOKENS, MOST_TOKENS = 256, 4096
CHARACTERS_PER_TOKEN = 2  # counted low, so that no answer is cut short

Ask = Callable[["Question", "Hole"], dict[str, Any]]
Read = Callable[[str, "Question", "Hole"], str]


@dataclass(frozen=True)
class Spanwise:
    """One question a span, and one for each further candidate.

    Args:
        endpoint: where.
        path: what is asked for there.
        ask: the message for one span, less model, length, seed and temperature.
        read: the replacement in what was written; raises ``Refused``.
        streams: whether the endpoint can send its answer bit by bit.
        seeded: whether it takes a seed, and a temperature of 0.
    """

    endpoint: Endpoint
    path: str
    ask: Ask
    read: Read
    streams: bool = True
    seeded: bool = False

    def candidates(
        self, question: Question, http: Http, preview: Part, usage: Usage
    ) -> Generator[Candidate | Refused]:
        """See ``Speaker.candidates``."""
        for number in range(max(1, question.request.candidates)):
            try:
                yield tuple(
                    self._answer(question, index, number, http, preview, usage)
                    for index in range(len(question.spans))
                )
            except Refused as refused:
                yield refused

    def _answer(
        self,
        question: Question,
        index: int,
        number: int,
        http: Http,
        preview: Part,
        usage: Usage,
    ) -> Answer:
        hole = question.hole(index)
        body = {
            "model": self.endpoint.model,
            "max_tokens": most_tokens(hole.old),
            **self.ask(question, hole),
            **self._chance(question.request.seed, number),
        }
        if self.streams and preview.wanted and number == 0:
            body["stream"] = True
        usage.asked += 1
        usage.model = self.endpoint.model
        try:
            with closing(http.ask(self.path, body, question.limits)) as events:
                written = collected(events, usage, lambda text: preview.text(index, text))
        except FieldError as error:
            raise RemoteError(
                f"the endpoint {self.endpoint.url} does not keep to the protocol "
                f"{self.endpoint.protocol}: {error}"
            ) from None
        text = self.read(limited(written, hole.old), question, hole)
        return Answer(visible(text, question.request.source))

    def _chance(self, seed: int, number: int) -> dict[str, float]:
        """What makes candidates differ; an unknown field may be refused, so only what is known."""
        if self.seeded:
            return {"temperature": TEMPERATURE if number else 0.0, "seed": seed + number}
        return {"temperature": TEMPERATURE} if number else {}


def collected(events: Iterator[Any], usage: Usage, show: Callable[[str], None]) -> str:
    """The text of an answer that comes whole or in parts.

    Raises:
        FieldError: it is no answer of this manner.
        Refused: it was cut off at its longest length, or by a filter.
    """
    parts: list[str] = []
    reason: str | None = None
    for event in events:
        if isinstance(event, dict) and "error" in event:
            raise FieldError(f"error: {repr(event['error'])[:200]}")
        fields = Fields(event, "")
        choices = fields.required("choices", each(Fields))
        usage.tokens += fields.optional("usage", _tokens) or 0
        if choices:
            parts.append(_part(choices[0]))
            reason = choices[0].optional("finish_reason", text) or reason
            show("".join(parts))
    if reason is None:
        raise FieldError("choices: the answer breaks off before its finish_reason")
    if reason != "stop":
        raise Refused("incomplete", f"the endpoint did not write to the end ({reason[:40]!r})")
    return "".join(parts)


def _part(choice: Fields) -> str:
    """What one event says: of a message, of a delta, or of a plain completion."""
    found = choice.optional("text", text)
    for key in ("message", "delta"):
        inner = choice.optional(key, Fields)
        if inner is not None and found is None:
            found = inner.optional("content", text) or ""
    if found is None:
        raise FieldError(f"choices[0]: expected text, message or delta, got {kind_of(None)}")
    return found


def _tokens(raw: object, path: str) -> int:
    return Fields(raw, path).optional("completion_tokens", integer) or 0


def most_tokens(old: str) -> int:
    """How long an answer may be, in tokens of a model that is not known here."""
    return min(MOST_TOKENS, max(FEWEST_TOKENS, 2 * len(old) // CHARACTERS_PER_TOKEN))
