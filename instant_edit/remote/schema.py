"""The messages of our own protocol, ``POST /v1/infill``, as both sides read and write them.

``docs/infill.schema.json`` says the same for others; a test holds the two together.
"""

from __future__ import annotations

from dataclasses import asdict, dataclass
from typing import Any

from instant_edit.reading import (
    FieldError,
    Fields,
    each,
    flag,
    integer,
    number,
    one_of,
    text,
    within,
)
from instant_edit.remote.answers import Answer, Candidate
from instant_edit.remote.steps import Piece
from instant_edit.request import EditRequest, Finding, Span

PATH = "/infill"
VERSION = 1
MOST_CANDIDATES, MOST_SPANS = 64, 64
LARGEST = 2**63 - 1


@dataclass(frozen=True, slots=True)
class InfillRequest:
    """What is asked. Offsets are code points of ``text``.

    Args:
        request: the edit; its ``source`` is the message's ``text``.
        model: which model, where the server has several.
        stream: whether drafts are wanted while it denoises.
    """

    request: EditRequest
    model: str | None = None
    stream: bool = False

    def to_json(self) -> dict[str, Any]:
        """The message."""
        one = self.request
        return {
            "version": VERSION,
            "model": self.model,
            "text": one.source,
            "spans": [asdict(span) for span in one.spans],
            "language": one.language,
            "name": one.path,
            "mode": one.effective_mode,
            "instruction": one.instruction,
            "seed": one.seed,
            "candidates": one.candidates,
            "deadline_ms": one.deadline_ms,
            "stream": self.stream,
        }

    @classmethod
    def parse(cls, raw: object) -> InfillRequest:
        """Read a message; raises ``FieldError``."""
        fields = Fields(raw, "")
        fields.required("version", within(VERSION, VERSION))
        model = fields.optional("model", text)
        mode = fields.optional("mode", one_of("fill", "rewrite"))
        request = EditRequest(
            source=fields.required("text", text),
            spans=fields.required("spans", each(_span)),
            language=fields.required("language", text),
            path=fields.optional("name", text),
            mode="rewrite" if mode == "rewrite" else "fill" if mode else None,
            instruction=fields.optional("instruction", text),
            seed=fields.optional("seed", within(0, LARGEST)) or 0,
            candidates=fields.optional("candidates", within(1, MOST_CANDIDATES)) or 1,
            deadline_ms=fields.optional("deadline_ms", within(1, 2**31 - 1)),
        )
        stream = fields.optional("stream", flag) or False
        fields.finish()
        if not 1 <= len(request.spans) <= MOST_SPANS:
            raise FieldError(f"spans: expected 1 to {MOST_SPANS} spans, got {len(request.spans)}")
        return cls(request, model, stream)


@dataclass(frozen=True, slots=True)
class ModelName:
    """Which model answered."""

    id: str
    digest: str


@dataclass(frozen=True, slots=True)
class InfillAnswer:
    """What came of it: candidates, best first, or the findings against them.

    Args:
        candidates: each with one replacement a span, in the request's order.
        findings: why there is none; positions are those of the message's ``text``.
        model: which model answered.
        steps: denoising steps.
        forward_passes: passes of the model.
        tokens: tokens written.
    """

    candidates: tuple[Candidate, ...]
    findings: tuple[Finding, ...]
    model: ModelName
    steps: int = 0
    forward_passes: int = 0
    tokens: int = 0

    def to_json(self) -> dict[str, Any]:
        """The message."""
        return {"type": "result", **asdict(self)}

    @classmethod
    def parse(cls, raw: object, spans: int) -> InfillAnswer:
        """Read a message about that many spans; raises ``FieldError``."""
        fields = Fields(raw, "")
        fields.required("type", one_of("result"))
        candidates = fields.required("candidates", each(each(_answer)))
        model = fields.required("model", _model)
        found = cls(
            candidates,
            fields.optional("findings", each(_finding)) or (),
            model,
            *(fields.optional(key, integer) or 0 for key in ("steps", "forward_passes", "tokens")),
        )
        for index, candidate in enumerate(candidates):
            if len(candidate) != spans:
                raise FieldError(
                    f"candidates[{index}]: expected {spans} replacements, got {len(candidate)}"
                )
        if not candidates and not found.findings:
            raise FieldError("candidates: none, and no findings that say why")
        return found


@dataclass(frozen=True, slots=True)
class InfillDraft:
    """The drafts of all spans after one step, while it denoises."""

    drafts: tuple[tuple[Piece, ...], ...]
    step: int

    def to_json(self) -> dict[str, Any]:
        """The message."""
        return {"type": "draft", **asdict(self)}

    @classmethod
    def parse(cls, raw: object, spans: int) -> InfillDraft:
        """Read a message about that many spans; raises ``FieldError``."""
        fields = Fields(raw, "")
        fields.required("type", one_of("draft"))
        drafts = fields.required("drafts", each(each(_piece)))
        if len(drafts) != spans:
            raise FieldError(f"drafts: expected {spans}, got {len(drafts)}")
        return cls(drafts, fields.optional("step", integer) or 0)


def _span(raw: object, path: str) -> Span:
    fields = Fields(raw, path)
    return Span(fields.required("start", integer), fields.required("end", integer))


def _probability(raw: object, path: str) -> float:
    value = number(raw, path)
    if not 0 <= value <= 1:
        raise FieldError(f"{path}: expected a number from 0 to 1, got {value}")
    return value


def _answer(raw: object, path: str) -> Answer:
    fields = Fields(raw, path)
    return Answer(fields.required("text", text), fields.optional("confidence", _probability) or 0.0)


def _piece(raw: object, path: str) -> Piece:
    fields = Fields(raw, path)
    return Piece(fields.required("text", text), fields.optional("confidence", _probability) or 0.0)


def _finding(raw: object, path: str) -> Finding:
    fields = Fields(raw, path)
    return Finding(
        fields.required("kind", text),
        fields.required("message", text),
        fields.optional("position", integer) or 0,
    )


def _model(raw: object, path: str) -> ModelName:
    fields = Fields(raw, path)
    return ModelName(fields.required("id", text), fields.optional("digest", text) or "")
