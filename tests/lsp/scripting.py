"""A scripted denoiser for any request: each span has its own text."""

from __future__ import annotations

from typing import TYPE_CHECKING

from tests.scripted import ScriptedDenoiser, ScriptedSession

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from instant_edit.models.protocol import ContextIds
    from instant_edit.request import EditRequest


class SpanBySpan(ScriptedDenoiser):
    """Knows which final texts belong to which span: contexts come in the spans' order."""

    def __init__(self, finals: Sequence[Sequence[str]], on_pass: Callable[[], None]) -> None:
        super().__init__(sure=0.1, on_pass=on_pass)
        self.spans = [ScriptedDenoiser(*texts) for texts in finals]

    def encode(self, contexts: Sequence[ContextIds]) -> ScriptedSession:
        """See ``Denoiser.encode``."""
        width = len(self.spans)
        scripts = [self.spans[i % width].script(context) for i, context in enumerate(contexts)]
        return ScriptedSession(self, contexts, scripts)


def denoiser_for(
    request: EditRequest, texts: Sequence[str], after_first: Callable[[], None]
) -> SpanBySpan:
    """A denoiser that writes ``texts``; calls ``after_first`` before each pass but the first."""
    return denoiser_for_all([request], texts, after_first)


def denoiser_for_all(
    requests: Sequence[EditRequest], texts: Sequence[str], after_first: Callable[[], None]
) -> SpanBySpan:
    """The same for several requests; ``texts`` are those of their spans, one after the other."""

    def on_pass() -> None:
        if denoiser.passes > 0:
            after_first()

    left = iter(texts)
    finals = []
    for request in requests:
        own = [text for _, text in zip(request.spans, left, strict=False)]
        finals += [_finals(request, index, own) for index in range(len(own))]
    denoiser = SpanBySpan(finals, on_pass)
    return denoiser


def _finals(request: EditRequest, index: int, texts: Sequence[str]) -> list[str]:
    """The text with one span written, and the others as they were, or hidden (a fill)."""
    finals = []
    for hide in (False, True):
        pieces, at = [], 0
        for number in sorted(range(len(texts)), key=lambda n: request.spans[n]):
            span = request.spans[number]
            old = "" if hide else request.source[span.start : span.end]
            pieces += [request.source[at : span.start], texts[number] if number == index else old]
            at = span.end
        finals.append("".join([*pieces, request.source[at:]]).replace("\r\n", "\n"))
    return finals
