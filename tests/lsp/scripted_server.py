"""The real server in a process of its own, over an editor that does as it is told.

Run as a script. The instruction of a request is its script, see ``ScriptedEditor``.
"""

from __future__ import annotations

import json
import os
import sys
import time
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
sys.path.insert(0, str(ROOT))

from instant_edit.errors import EditCancelled, ModelError  # noqa: E402
from instant_edit.lsp.denoising import EditorLike, StepLike  # noqa: E402
from instant_edit.lsp.server import create_server  # noqa: E402
from instant_edit.lsp.stdio import serve  # noqa: E402
from instant_edit.request import (  # noqa: E402
    Edit,
    EditRequest,
    EditResult,
    Finding,
    Stats,
    Verdict,
)
from instant_edit.splice import splice  # noqa: E402


@dataclass(frozen=True)
class ScriptedStep:
    number: int
    masked: int


class ScriptedEditor:
    """Obeys the instruction, a JSON object (none at all means ``{"texts": ["FILLED"]}``).

    ``texts``: what to write into each span · ``reject``: the finding to reject it with ·
    ``hold``: take steps until cancelled · ``until``: take steps, deaf to cancellation, until
    this file exists · ``say``: print this on stdout first, with print() and with os.write().
    """

    def edit(
        self,
        request: EditRequest,
        *,
        cancelled: Callable[[], bool] | None = None,
        on_step: Callable[[StepLike], None] | None = None,
    ) -> EditResult:
        script = json.loads(request.instruction or '{"texts": ["FILLED"]}')
        if "say" in script:
            print(script["say"], flush=True)
            os.write(1, script["say"].encode())
        steps = 0
        while True:
            steps += 1
            if cancelled is not None and cancelled() and "until" not in script:
                raise EditCancelled(f"cancelled at step {steps}")
            if on_step is not None:
                on_step(ScriptedStep(steps, 7))
            waiting = script.get("hold") or (
                "until" in script and not Path(script["until"]).exists()
            )
            if not waiting:
                break
            time.sleep(0.002)
        if "crash" in script:
            raise RuntimeError(script["crash"])
        texts = script.get("texts", ["FILLED"] * len(request.spans))
        edits = tuple(
            Edit(span, text, 0.5) for span, text in zip(request.spans, texts, strict=True)
        )
        stats = Stats(steps=steps, forward_passes=2, tokens=5, milliseconds=1.0)
        if "reject" in script:
            finding = Finding("syntax", script["reject"], edits[0].span.start)
            return EditResult(request.source, edits, Verdict(False, (finding,)), stats)
        return EditResult(splice(request.source, edits), edits, Verdict(True), stats)

    def close(self) -> None:
        print("editor closed", file=sys.stderr)


def open_editor(model: str) -> EditorLike:
    if model == "broken":
        raise ModelError("broken.gguf: the file is cut short; download it again")
    return ScriptedEditor()


if __name__ == "__main__":
    sys.exit(serve(create_server(open_editor, "scripted")))
