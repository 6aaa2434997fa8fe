"""A request made ready for an endpoint: its spans, and the part of the text that may be sent."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import PurePath

from instant_edit import languages, spans
from instant_edit.context import without
from instant_edit.remote.endpoint import AFTER, BEFORE
from instant_edit.remote.limits import Limits
from instant_edit.request import EditRequest, Span
from instant_edit.text import SourceText


@dataclass(frozen=True, slots=True)
class Hole:
    """One span and its surroundings, with ``\\n`` line endings."""

    before: str
    old: str
    after: str

    @property
    def lines(self) -> tuple[str, str]:
        """What stands on the span's own lines to its left and right, which stays as it is."""
        return self.before.rpartition("\n")[2], self.after.partition("\n")[0]


@dataclass(frozen=True, slots=True)
class Question:
    """What an endpoint is asked.

    Args:
        request: as it came.
        source: its text.
        language: its language.
        spans: in the request's order, most often trimmed.
        window: what may be sent of the text; it has all spans in it.
        limits: when to stop.
    """

    request: EditRequest
    source: SourceText
    language: languages.Language
    spans: tuple[Span, ...]
    window: Span
    limits: Limits

    @classmethod
    def of(
        cls,
        request: EditRequest,
        cancelled: Callable[[], bool] | None,
        *,
        as_given: bool = False,
    ) -> Question:
        """Check a request and cut out what may be sent; ``as_given`` trims no blanks off the spans.

        Raises:
            InputError: a span or the language can not be edited.
        """
        language = languages.get(request.language)
        spans.check(request.spans, request.source)
        chosen = request.spans
        if not as_given:
            chosen = tuple(spans.snap(request.source, span, language) for span in chosen)
        return cls(
            request,
            SourceText(request.source),
            language,
            chosen,
            window_of(request.source, chosen),
            Limits.of(request.deadline_ms, cancelled),
        )

    @property
    def name(self) -> str:
        """The file's name without its folders; what is asked need not know where it lies."""
        return PurePath(self.request.path).name if self.request.path else "untitled"

    @property
    def fills(self) -> bool:
        """Whether the old text is hidden."""
        return self.request.effective_mode == "fill"

    @property
    def text(self) -> str:
        """What is sent of the text, line endings and all."""
        return self.request.source[self.window.start : self.window.end]

    @property
    def inner(self) -> tuple[Span, ...]:
        """The spans as places in ``text``."""
        at = self.window.start
        return tuple(Span(span.start - at, span.end - at) for span in self.spans)

    def hole(self, index: int) -> Hole:
        """One span with what is sent around it; other spans that are filled are left out."""
        source, span = self.request.source, self.spans[index]
        hidden = tuple(one for one in self.spans if one != span) if self.fills else ()
        sides = (
            without(source, self.window.start, span.start, hidden),
            source[span.start : span.end],
            without(source, span.end, self.window.end, hidden),
        )
        return Hole(*(side.replace("\r\n", "\n") for side in sides))


def window_of(source: str, chosen: tuple[Span, ...]) -> Span:
    """The spans with whole lines around them, up to ``BEFORE`` and ``AFTER`` characters."""
    if not chosen:
        return Span(0, 0)
    first, last = min(chosen).start, max(span.end for span in chosen)
    start, end = max(0, first - BEFORE), min(len(source), last + AFTER)
    if start > 0:
        line = source.find("\n", start, first)
        start = line + 1 if line >= 0 else first
    if end < len(source):
        line = source.rfind("\n", last, end)
        end = line + 1 if line >= 0 else last
    return Span(start, end)
