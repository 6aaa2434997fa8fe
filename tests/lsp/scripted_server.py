"""The real server in a process of its own, over editors that do as they are told.

``scripted_server.py`` runs the real engine over a scripted denoiser: context, canvas, steps,
splice and gate are what a user gets. ``scripted_server.py plain`` has an editor without an
engine (and so without torch, which takes seconds to load) for tests of the wire alone.

The instruction of a request is its script, see ``Script``; none means ``{"texts": ["FILLED"]}``.
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

from instant_edit.errors import EditCancelled, ModelError
from instant_edit.lsp.server import create_server
from instant_edit.lsp.stdio import serve
from instant_edit.request import Edit, EditRequest, EditResult, Stats, Verdict
from instant_edit.splice import splice

if TYPE_CHECKING:
    from collections.abc import Callable

    from instant_edit.lsp.denoising import EditorLike, StepLike

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
    """

    texts: tuple[str, ...] = ()
    hold: bool = False
    until: str = ""
    say: str = ""
    crash: str = ""

    @classmethod
    def of(cls, request: EditRequest) -> Script:
        """The script in an instruction."""
        raw: dict[str, Any] = json.loads(request.instruction or "{}")
        default = HELD if "hold" in raw or "until" in raw else "FILLED"
        raw["texts"] = tuple(raw.get("texts", [default] * len(request.spans)))
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
        while (self.until and not Path(self.until).exists()) or (self.hold and not cancelled()):
            time.sleep(0.002)


class EngineEditor:
    """The real ``Editor``, with a denoiser made for each request from its script."""

    def edit(
        self,
        request: EditRequest,
        *,
        cancelled: Callable[[], bool] | None = None,
        on_step: Callable[[StepLike], None] | None = None,
    ) -> EditResult:
        from instant_edit.engine import Editor
        from tests.lsp.scripting import denoiser_for

        script = Script.of(request)
        script.begin()
        assert cancelled is not None
        denoiser = denoiser_for(request, script.texts, lambda: script.wait(cancelled))
        with Editor(denoiser) as editor:
            deaf = bool(script.until)
            return editor.edit(request, cancelled=None if deaf else cancelled, on_step=on_step)

    def close(self) -> None:
        print("editor closed", file=sys.stderr)


@dataclass(frozen=True)
class PlainStep:
    number: int
    masked: int


class PlainEditor:
    """No engine: two steps, and the texts of the script."""

    def edit(
        self,
        request: EditRequest,
        *,
        cancelled: Callable[[], bool] | None = None,
        on_step: Callable[[StepLike], None] | None = None,
    ) -> EditResult:
        script = Script.of(request)
        script.begin()
        assert cancelled is not None
        assert on_step is not None
        on_step(PlainStep(1, 7))
        script.wait(cancelled)
        if cancelled():
            raise EditCancelled("cancelled at step 2")
        on_step(PlainStep(2, 0))
        texts = zip(request.spans, script.texts, strict=True)
        edits = tuple(Edit(span, text, 0.5) for span, text in texts)
        return EditResult(splice(request.source, edits), edits, Verdict(True), Stats(steps=2))

    def close(self) -> None:
        print("editor closed", file=sys.stderr)


def open_editor(model: str) -> EditorLike:
    if model == "broken":
        raise ModelError("broken.gguf: the file is cut short; download it again")
    return PlainEditor() if "plain" in sys.argv else EngineEditor()


if __name__ == "__main__":
    sys.exit(serve(create_server(open_editor, "scripted")))
