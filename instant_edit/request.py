"""The values that go into an edit and come out of it. All offsets are code points."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Literal

Mode = Literal["fill", "rewrite"]


@dataclass(frozen=True, slots=True, order=True)
class Span:
    """A half-open range of code points ``[start, end)`` in one source text."""

    start: int
    end: int

    def __len__(self) -> int:
        return self.end - self.start


@dataclass(frozen=True, slots=True)
class EditRequest:
    """What to edit: a text, one or more spans in it, and how.

    ``mode`` is ``"fill"`` (the old text of a span is hidden; an empty span is an
    insertion) or ``"rewrite"`` (the old text is shown to the model). ``None`` means
    rewrite when there is an instruction and fill otherwise. ``related`` is text from
    elsewhere that the model reads before what stands before a span.
    """

    source: str
    spans: tuple[Span, ...]
    language: str
    instruction: str | None = None
    mode: Mode | None = None
    seed: int = 0
    candidates: int = 1
    deadline_ms: int | None = None
    path: str | None = None
    related: str = ""

    @property
    def effective_mode(self) -> Mode:
        """The mode after the default has been applied."""
        return self.mode or ("rewrite" if self.instruction else "fill")


@dataclass(frozen=True, slots=True)
class Finding:
    """One reason why an edit was not accepted.

    ``position`` is a code point: of the new text where the gate itself speaks, of
    ``EditResult.source`` (then the old text) in a result.
    """

    kind: str
    message: str
    position: int


@dataclass(frozen=True, slots=True)
class Verdict:
    """What the gate says of an edit."""

    ok: bool
    findings: tuple[Finding, ...] = ()


@dataclass(frozen=True, slots=True)
class Edit:
    """The replacement of one span of the *original* text.

    ``confidence`` is the geometric mean of the probabilities of the tokens written,
    in [0, 1].
    """

    span: Span
    text: str
    confidence: float


@dataclass(frozen=True, slots=True)
class Stats:
    """What an edit cost. Times are in milliseconds.

    ``context_tokens`` were read around the spans, ``context_tokens_reused`` of them not anew.
    """

    steps: int = 0
    forward_passes: int = 0
    tokens: int = 0
    milliseconds: float = 0.0
    context_milliseconds: float = 0.0
    denoise_milliseconds: float = 0.0
    gate_milliseconds: float = 0.0
    context_tokens: int = 0
    context_tokens_reused: int = 0

    @property
    def tokens_per_forward(self) -> float:
        """Tokens written for each forward pass over a canvas."""
        return self.tokens / self.forward_passes if self.forward_passes else 0.0

    @property
    def context_hit_rate(self) -> float:
        """Share of the context that was in the model's cache, in [0, 1]."""
        return self.context_tokens_reused / self.context_tokens if self.context_tokens else 0.0


@dataclass(frozen=True, slots=True)
class EditResult:
    """The outcome: ``source`` is the whole new text, or the old one if nothing validated."""

    source: str
    edits: tuple[Edit, ...]
    verdict: Verdict
    stats: Stats = field(default_factory=Stats)
