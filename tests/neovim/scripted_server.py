"""The real language server over an editor that writes what it is told: no torch, no weights.

Requests, tracking, drafts and answers are the real ones, and so is the gate. What is written is the
request's instruction, read as a ``Script`` where it is JSON; without one it is ``FILLED``.

Run as ``instant-edit lsp`` or ``instant-edit doctor --json``.
"""

from __future__ import annotations

import json
import os
import re
import sys
import time
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Any

from instant_edit import doctor
from instant_edit.errors import EditCancelled, ModelError
from instant_edit.languages import get
from instant_edit.lsp.server import create_server
from instant_edit.lsp.stdio import serve
from instant_edit.models.protocol import ModelInfo
from instant_edit.request import Edit, EditRequest, EditResult, Stats
from instant_edit.splice import splice
from instant_edit.validate import validate

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

OPEN, SURE, DOUBTFUL = "▒", 0.9, 0.2


@dataclass(frozen=True)
class Piece:
    """A word of a draft."""

    text: str
    confidence: float


@dataclass(frozen=True)
class Step:
    """A denoising step: the first draft has its last words open, and every second is doubtful."""

    number: int
    masked: int
    pieces: tuple[tuple[Piece, ...], ...]

    @property
    def texts(self) -> tuple[str, ...]:
        return tuple("".join(piece.text for piece in pieces) for pieces in self.pieces)

    @property
    def confidence(self) -> tuple[tuple[float, ...], ...]:
        return tuple(tuple(piece.confidence for piece in pieces) for pieces in self.pieces)


@dataclass(frozen=True)
class Script:
    """What an edit is to do.

    Args:
        texts: what to write into each span.
        seeds: the same for each seed, the first for seed 0.
        hold: wait after the first step until cancelled.
        until: wait after the first step until cancelled or this file exists.
        die: end the process after the first step.
        words: the instruction as it came, where it is no script.
    """

    texts: Sequence[str] = ()
    seeds: Sequence[Sequence[str]] = ()
    hold: bool = False
    until: str = ""
    die: bool = False
    words: str = field(default="FILLED")

    @classmethod
    def of(cls, instruction: str | None) -> Script:
        """The script in an instruction."""
        if instruction is None:
            return cls()
        try:
            raw: dict[str, Any] = json.loads(instruction)
        except json.JSONDecodeError:
            return cls(words=re.sub(r"\W+", "_", instruction))
        return cls(**raw)

    def written(self, request: EditRequest) -> Sequence[str]:
        """The texts for a request's spans."""
        if self.seeds:
            return self.seeds[request.seed % len(self.seeds)]
        return self.texts or [self.words] * len(request.spans)

    def wait(self, cancelled: Callable[[], bool]) -> None:
        """What is to be done after the first step."""
        if self.die:
            os._exit(3)
        while not cancelled() and (self.hold or (self.until and not Path(self.until).exists())):
            time.sleep(0.002)


class ScriptedEditor:
    """Two steps, the texts of the script, and the verdict of the real gate."""

    model = ModelInfo("scripted", "sha256:0", "float32", 1, 0, "a script")

    def edit(
        self,
        request: EditRequest,
        *,
        cancelled: Callable[[], bool] | None = None,
        on_step: Callable[[Step], None] | None = None,
        **_: object,
    ) -> EditResult:
        script = Script.of(request.instruction)
        texts = script.written(request)
        if cancelled is None or on_step is None:  # the doctor asks without
            return _judged(request, texts)
        on_step(Step(1, 3, tuple(_draft(text, written=1) for text in texts)))
        script.wait(cancelled)
        if cancelled():
            raise EditCancelled("cancelled at step 2")
        on_step(Step(2, 0, tuple(_draft(text) for text in texts)))
        return _judged(request, texts)

    def edit_many(self, requests: Sequence[EditRequest], **watch: Any) -> tuple[EditResult, ...]:
        return tuple(self.edit(request, **watch) for request in requests)

    def __enter__(self) -> ScriptedEditor:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def close(self) -> None:
        """Nothing is held."""


def _draft(text: str, written: int | None = None) -> tuple[Piece, ...]:
    words = re.findall(r"\s*\S+|\s+", text)
    known = len(words) if written is None else written
    return tuple(
        Piece(word, DOUBTFUL if index % 2 else SURE) if index < known else Piece(OPEN, 0.0)
        for index, word in enumerate(words)
    )


def _judged(request: EditRequest, texts: Sequence[str]) -> EditResult:
    edits = tuple(Edit(span, text, 0.5) for span, text in zip(request.spans, texts, strict=True))
    after = splice(request.source, edits)
    path = str(request.path or "text")
    verdict = validate(request.source, after, edits, get(request.language), path)
    return EditResult(after, edits, verdict, Stats(steps=2))


def open_editor(model: str) -> ScriptedEditor:
    """Opens at once; the model "broken" does not open."""
    if model == "broken":
        raise ModelError("broken.gguf: the file is cut short; download it again")
    return ScriptedEditor()


if __name__ == "__main__":
    if sys.argv[1:] == ["lsp"]:
        sys.exit(serve(create_server(open_editor, "scripted")))
    sys.exit(doctor.run(ScriptedEditor, as_json=True))
