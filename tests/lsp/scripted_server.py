"""The real server in a process of its own, over editors that do as they are told.

``scripted_server.py`` runs the real engine over a scripted denoiser: context, canvas, steps,
splice and gate are what a user gets. ``scripted_server.py plain`` has an editor without an
engine (and so without torch, which takes seconds to load) for tests of the server alone, and
``scripted_server.py plain impatient`` soon gives up an editor that does not answer.

The instruction of a request is its script, see ``Script``; none means ``{"texts": ["FILLED"]}``.
The model ``broken`` cannot be opened; ``until:PATH`` is there as soon as the file is.
"""

from __future__ import annotations

import json
import os
import sys
import time
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

sys.path.insert(0, str(Path(__file__).resolve().parents[2]))

from instant_edit import languages
from instant_edit.errors import EditCancelled, ModelError
from instant_edit.lsp.server import create_server
from instant_edit.lsp.stdio import serve
from instant_edit.request import Edit, EditRequest, EditResult, Stats, Verdict
from instant_edit.splice import splice
from instant_edit.validate import validate

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence

    from instant_edit.interface import OnStep
    from instant_edit.lsp.denoising import Cancelled, EditorLike

PATIENCE = 50.0  # seconds: what is waited for comes, however slow the machine
IMPATIENCE = 0.2  # seconds, of the server "impatient": for editors that never say a word
HELD = "held + back + until + told"  # enough tokens for several steps


@dataclass(frozen=True)
class Script:
    """What an edit is to do.

    Args:
        texts: what to write into each span.
        hold: wait after the first step until cancelled.
        until: wait after the first step, deaf to cancellation, until this file exists.
        say: print this first, with print() and on the file descriptor.
        crash: raise this.
        busy: seconds to work after the first step.
        ungated: leave out the gate (the plain editor).
        note: write into this file what the requests tell of other texts.
    """

    texts: tuple[str, ...] = ()
    hold: bool = False
    until: str = ""
    say: str = ""
    crash: str = ""
    busy: float = 0.0
    ungated: bool = False
    note: str = ""

    @classmethod
    def of(cls, requests: Sequence[EditRequest]) -> Script:
        """The script in the instruction that the requests share."""
        raw: dict[str, Any] = json.loads(requests[0].instruction or "{}")
        default = HELD if "hold" in raw or "until" in raw else "FILLED"
        spans = sum(len(request.spans) for request in requests)
        raw["texts"] = tuple(raw.get("texts", [default] * spans))
        return cls(**raw)

    def begin(self) -> None:
        """What is to be done before the first step."""
        if self.say:
            print(self.say, flush=True)
            os.write(1, self.say.encode())
        if self.crash:
            raise RuntimeError(self.crash)

    def wait(self, cancelled: Callable[[], bool]) -> None:
        """What is to be done after the first step."""
        time.sleep(self.busy)
        while (self.until and not Path(self.until).exists()) or (self.hold and not cancelled()):
            time.sleep(0.002)


@dataclass(frozen=True)
class Info:
    id: str = "scripted"
    digest: str = "sha256:0"
    description: str = "a script"


class ScriptedEditor:
    """What both editors share."""

    model = Info()

    def edit(self, request: EditRequest, *, cancelled: Cancelled, on_step: OnStep) -> EditResult:
        return self.edit_many([request], cancelled=cancelled, on_step=on_step)[0]

    def edit_many(
        self, requests: Sequence[EditRequest], *, cancelled: Cancelled, on_step: OnStep
    ) -> tuple[EditResult, ...]:
        script = Script.of(requests)
        if script.note:
            Path(script.note).write_text("".join(request.related for request in requests))
        script.begin()
        return self.run(script, requests, cancelled, on_step)

    def run(
        self, script: Script, requests: Sequence[EditRequest], cancelled: Cancelled, on_step: OnStep
    ) -> tuple[EditResult, ...]:
        raise NotImplementedError

    def close(self) -> None:
        print("editor closed", file=sys.stderr)


class EngineEditor(ScriptedEditor):
    """The real ``Editor``, with a denoiser made for each request from its script."""

    def run(
        self, script: Script, requests: Sequence[EditRequest], cancelled: Cancelled, on_step: OnStep
    ) -> tuple[EditResult, ...]:
        asked = None if script.until else cancelled
        return write(requests, script.texts, lambda: script.wait(cancelled), asked, on_step)


def write(
    requests: Sequence[EditRequest],
    texts: Sequence[str],
    after_first: Callable[[], None],
    cancelled: Cancelled | None,
    on_step: OnStep,
) -> tuple[EditResult, ...]:
    """Have the real engine write ``texts``; ``after_first`` is called before each later pass."""
    from instant_edit.engine import Editor
    from tests.lsp.scripting import denoiser_for_all

    with Editor(denoiser_for_all(requests, texts, after_first)) as editor:
        if len(requests) == 1:
            return (editor.edit(requests[0], cancelled=cancelled, on_step=on_step),)
        return editor.edit_many(requests, cancelled=cancelled, on_step=on_step)


@dataclass(frozen=True)
class PlainPiece:
    text: str
    confidence: float


@dataclass(frozen=True)
class PlainStep:
    number: int
    masked: int
    pieces: Sequence[Sequence[PlainPiece]]


class PlainEditor(ScriptedEditor):
    """No engine: two steps, the texts of the script, and the real gate."""

    def run(
        self, script: Script, requests: Sequence[EditRequest], cancelled: Cancelled, on_step: OnStep
    ) -> tuple[EditResult, ...]:
        on_step(PlainStep(1, 7, [[PlainPiece("▒", 0.0)] for _ in script.texts]))
        script.wait(cancelled)
        if cancelled() and not script.until:
            raise EditCancelled("cancelled at step 2")
        on_step(PlainStep(2, 0, [[PlainPiece(text, 0.5)] for text in script.texts]))
        texts = iter(script.texts)
        return tuple(self._result(request, texts, script.ungated) for request in requests)

    def _result(self, request: EditRequest, texts: Iterator[str], ungated: bool) -> EditResult:
        pairs = zip(request.spans, texts, strict=False)
        edits = tuple(Edit(span, text, 0.5) for span, text in pairs)
        after = splice(request.source, edits)
        verdict = validate(request.source, after, edits, languages.get(request.language))
        if not verdict.ok and not ungated:
            return EditResult(request.source, (), verdict, Stats(steps=2))
        return EditResult(after, edits, Verdict(True), Stats(steps=2))


def open_editor(model: str) -> EditorLike:
    if model.startswith("until:"):
        while not Path(model.removeprefix("until:")).exists():
            time.sleep(0.002)
    if model == "broken":
        raise ModelError("broken.gguf: the file is cut short; download it again")
    return PlainEditor() if "plain" in sys.argv else EngineEditor()


if __name__ == "__main__":
    patience = IMPATIENCE if "impatient" in sys.argv else PATIENCE
    sys.exit(serve(create_server(open_editor, "scripted", patience)))
