"""Our own protocol: all spans of a text in one question, drafts while it denoises."""

from __future__ import annotations

from collections.abc import Generator
from contextlib import closing
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any

from instant_edit.errors import RemoteError
from instant_edit.reading import FieldError
from instant_edit.remote.answers import Candidate, Refused, limited, printable, visible
from instant_edit.remote.schema import PATH, InfillAnswer, InfillDraft, InfillRequest

if TYPE_CHECKING:
    from instant_edit.remote.endpoint import Endpoint
    from instant_edit.remote.http import Http
    from instant_edit.remote.protocols import Usage
    from instant_edit.remote.question import Question
    from instant_edit.remote.steps import Part


@dataclass(frozen=True)
class Infill:
    """See ``Speaker``."""

    endpoint: Endpoint

    def candidates(
        self, question: Question, http: Http, preview: Part, usage: Usage
    ) -> Generator[Candidate | Refused]:
        """See ``Speaker.candidates``; the endpoint's own gate has seen each of them."""
        try:
            answer = self._answer(question, http, preview, usage)
        except FieldError as error:
            raise RemoteError(
                f"the endpoint {self.endpoint.url} does not keep to the protocol infill: {error}"
            ) from None
        usage.model, usage.digest = answer.model.id, answer.model.digest
        usage.steps, usage.tokens = answer.steps, answer.tokens
        usage.forward_passes = answer.forward_passes
        for candidate in answer.candidates:
            yield _taken(candidate, question)
        for finding in answer.findings:
            yield Refused(printable(finding.kind), printable(finding.message))

    def _answer(self, question: Question, http: Http, preview: Part, usage: Usage) -> InfillAnswer:
        body = self._body(question, stream=preview.wanted)
        spans = len(question.spans)
        usage.asked += 1
        with closing(http.ask(PATH, body, question.limits)) as events:
            for event in events:
                kind = event.get("type") if isinstance(event, dict) else None
                if kind == "draft":
                    preview.show(InfillDraft.parse(event, spans).drafts)
                elif kind == "error":
                    raise self._error(event)
                else:
                    return InfillAnswer.parse(event, spans)
        raise RemoteError(f"the endpoint {self.endpoint.url} broke its answer off")

    def _body(self, question: Question, *, stream: bool) -> dict[str, Any]:
        asked = replace(
            question.request,
            source=question.text,
            spans=question.inner,
            path=question.name,
            deadline_ms=question.limits.left_ms,
        )
        return InfillRequest(asked, self.endpoint.model or None, stream).to_json()

    def _error(self, event: dict[str, Any]) -> RemoteError:
        said = printable(str(event.get("message", "")))
        return RemoteError(f"the endpoint {self.endpoint.url} failed: {said}")


def _taken(candidate: Candidate, question: Question) -> Candidate | Refused:
    try:
        for answer, span in zip(candidate, question.spans, strict=True):
            limited(answer.text, question.request.source[span.start : span.end])
            visible(answer.text, question.request.source)
    except Refused as refused:
        return refused
    return candidate
