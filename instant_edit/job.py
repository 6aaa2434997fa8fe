"""A request made ready for denoising, and the count of what it costs."""

from __future__ import annotations

import time
from collections.abc import Callable
from dataclasses import dataclass, field

from instant_edit import languages, spans
from instant_edit.context import ContextWindow, window
from instant_edit.denoise import Limits
from instant_edit.drafting import Plan
from instant_edit.request import EditRequest, Span, Stats
from instant_edit.text import SourceText
from instant_edit.tokenizer import Tokenizer

MOST_TOKENS = 64  # of one span of unknown length
SUFFIX_PROBED = 16  # tokens after the span that are asked for where it may end


@dataclass(slots=True)
class Costs:
    """Stats while they are being counted; times in milliseconds."""

    began: float = field(default_factory=time.perf_counter)
    steps: int = 0
    passes: int = 0
    rows: int = 0
    reused: int = 0
    context: float = 0.0
    denoise: float = 0.0
    gate: float = 0.0

    def stats(self, tokens: int) -> Stats:
        """The count so far."""
        return Stats(
            steps=self.steps,
            forward_passes=self.passes,
            tokens=tokens,
            milliseconds=1000 * (time.perf_counter() - self.began),
            context_milliseconds=self.context,
            denoise_milliseconds=self.denoise,
            gate_milliseconds=self.gate,
            context_tokens=self.rows,
            context_tokens_reused=self.reused,
        )


@dataclass(frozen=True, slots=True)
class Job:
    """A request made ready: one context window for each span, in the request's order."""

    request: EditRequest
    source: SourceText
    language: languages.Language
    spans: tuple[Span, ...]
    windows: tuple[ContextWindow, ...]
    limits: Limits
    oracle_length: bool
    tokenizer: Tokenizer

    @classmethod
    def of(
        cls,
        request: EditRequest,
        tokenizer: Tokenizer,
        *,
        as_given: bool = False,
        oracle_length: bool = False,
        cancelled: Callable[[], bool] | None = None,
    ) -> Job:
        """Check a request and draw its context windows; see ``Editor.edit``."""
        language = languages.get(request.language)
        spans.check(request.spans, request.source)
        chosen = request.spans
        if not as_given:
            chosen = tuple(spans.snap(request.source, span, language) for span in chosen)
        fill = request.effective_mode == "fill"
        windows = tuple(
            window(
                request.source,
                span,
                tokenizer,
                mode=request.effective_mode,
                instruction=request.instruction,
                hidden=tuple(other for other in chosen if other != span) if fill else (),
                related=request.related,
            )
            for span in chosen
        )
        deadline = None
        if request.deadline_ms is not None:
            deadline = time.monotonic() + request.deadline_ms / 1000
        limits = Limits(cancelled, deadline)
        source = SourceText(request.source)
        return cls(request, source, language, chosen, windows, limits, oracle_length, tokenizer)

    @property
    def candidates(self) -> int:
        """How many candidates to draw."""
        return max(1, self.request.candidates)

    def plan(self, index: int, candidate: int = 0) -> Plan:
        """What is to be written into the canvas of one span; the first candidate is greedy."""
        here, span = self.windows[index], self.spans[index]
        old = self.request.source[span.start : span.end].replace("\r\n", "\n")
        spelled = here.forced.decode() + old.removesuffix(here.closing)
        size = len(self.tokenizer.encode(spelled)) if old else 0
        fill = self.request.effective_mode == "fill"
        limit = size if self.oracle_length else max(MOST_TOKENS, 2 * size)
        return Plan(
            here.ids,
            here.forced,
            limit,
            self.oracle_length,
            following=here.following[:SUFFIX_PROBED] if fill else (),
            probes=max(4, 3 + old.count("\n")),
            greedy=candidate == 0,
            instructed=not fill,
            old=() if fill else tuple(self.tokenizer.encode(old)[:MOST_TOKENS]),
            seed=self.request.seed + candidate * len(self.spans) + index,
            closing=here.closing,
        )
