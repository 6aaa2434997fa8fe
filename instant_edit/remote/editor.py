"""``RemoteEditor``: the same requests and results as ``engine.Editor``, drafts from elsewhere.

The endpoint proposes; the text, the splice and the gate are here. What it answers too late is
dropped with its connection.
"""

from __future__ import annotations

import time
from collections.abc import Callable, Sequence
from contextlib import closing
from dataclasses import replace
from types import TracebackType
from typing import TYPE_CHECKING

from instant_edit.interface import Judge, OnStep
from instant_edit.models.protocol import ModelInfo
from instant_edit.remote.answers import Candidate, Refused
from instant_edit.remote.limits import DeadlinePassed
from instant_edit.remote.protocols import Speaker, Usage, speaking
from instant_edit.remote.question import Question
from instant_edit.remote.steps import Part, Preview
from instant_edit.request import Edit, EditRequest, EditResult, Finding, Stats, Verdict
from instant_edit.splice import Shift, conform, splice
from instant_edit.validate import validate

if TYPE_CHECKING:
    from instant_edit.remote.endpoint import Endpoint
    from instant_edit.remote.http import Http

MARKS = ("▒", "<|mask|>", "<|endoftext|>", "<|cursor|>", "<|fim_middle|>", "<|code_to_edit|>")


class RemoteEditor:
    """Asks an endpoint for replacements and gates them. Not for use by several threads at once."""

    def __init__(self, endpoint: Endpoint, http: Http) -> None:
        self._endpoint, self._http = endpoint, http
        self._speaker: Speaker = speaking(endpoint)
        self._answered = Usage()

    def __enter__(self) -> RemoteEditor:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self.close()

    def close(self) -> None:
        """Close the connections."""
        self._http.close()

    @property
    def model(self) -> ModelInfo:
        """The endpoint; the digest is what it last said of its model, if it says any."""
        digest = self._answered.digest or "unknown"
        return ModelInfo(self._endpoint.id, digest, "unknown", 0, 0, self._endpoint.leaves)

    def edit(
        self,
        request: EditRequest,
        *,
        as_given: bool = False,
        judge: Judge | None = None,
        cancelled: Callable[[], bool] | None = None,
        on_step: OnStep | None = None,
    ) -> EditResult:
        """Rewrite the spans of a request; see ``Editor.edit``.

        Raises:
            InputError: a span or the language can not be edited, or not by this protocol.
            RemoteError: the endpoint cannot be reached, or its answer cannot be used.
            EditCancelled: ``cancelled`` said so; the connection is closed.
        """
        question = Question.of(request, cancelled, as_given=as_given)
        return self._settled(question, judge, Part(Preview(len(question.spans), on_step), 0))

    def edit_many(
        self,
        requests: Sequence[EditRequest],
        *,
        cancelled: Callable[[], bool] | None = None,
        on_step: OnStep | None = None,
    ) -> tuple[EditResult, ...]:
        """Rewrite the spans of several texts, one text after the other.

        Raises:
            InputError: as in ``edit``; the rest as there, too.
        """
        questions = [Question.of(request, cancelled) for request in requests]
        preview = Preview(sum(len(question.spans) for question in questions), on_step)
        results, first = [], 0
        for question in questions:
            results.append(self._settled(question, None, Part(preview, first)))
            first += len(question.spans)
        return tuple(results)

    def _settled(self, question: Question, judge: Judge | None, preview: Part) -> EditResult:
        """The first candidate that passes the gate and the judge."""
        began, usage = time.perf_counter(), Usage()
        if not question.spans:
            return EditResult(question.request.source, (), Verdict(True))
        rejected: list[Verdict] = []
        try:
            drawn = self._speaker.candidates(question, self._http, preview, usage)
            with closing(drawn) as candidates:
                for candidate in candidates:
                    result = gated(question, candidate)
                    question.limits.check()
                    if result.verdict.ok and judge is not None:
                        result = replace(result, verdict=judge(result))
                    if result.verdict.ok:
                        return replace(result, stats=_stats(usage, began))
                    rejected.append(_in_old_text(result))
        except DeadlinePassed as late:
            rejected.append(_finding(question, "deadline", str(late)))
        finally:
            self._answered = usage
        return EditResult(question.request.source, (), rejected[0], _stats(usage, began))


def gated(question: Question, candidate: Candidate | Refused) -> EditResult:
    """A candidate in its place, and what the gate says of it."""
    source = question.request.source
    if isinstance(candidate, Refused):
        return EditResult(source, (), _finding(question, candidate.kind, candidate.message))
    edits = tuple(
        Edit(span, conform(answer.text, question.source, span), answer.confidence)
        for span, answer in zip(question.spans, candidate, strict=True)
    )
    after = splice(source, edits)
    special = tuple(mark for mark in MARKS if mark not in source)
    path = question.request.path or "<text>"
    return EditResult(
        after, edits, validate(source, after, edits, question.language, path, special)
    )


def _finding(question: Question, kind: str, message: str) -> Verdict:
    return Verdict(False, (Finding(kind, message, question.spans[0].start),))


def _in_old_text(rejected: EditResult) -> Verdict:
    """The verdict on a rejected edit, its positions those of the text before it."""
    original = Shift.of(rejected.edits).original
    found = rejected.verdict.findings
    return Verdict(False, tuple(replace(one, position=original(one.position)) for one in found))


def _stats(usage: Usage, began: float) -> Stats:
    """Times are what passed here, the waiting included."""
    return Stats(
        steps=usage.steps,
        forward_passes=usage.forward_passes,
        tokens=usage.tokens,
        milliseconds=1000 * (time.perf_counter() - began),
    )
