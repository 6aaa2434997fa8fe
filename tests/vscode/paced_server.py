"""The command ``instant-edit`` for tests in a browser: the real server over a scripted model.

Each instruction is a script of ``SCRIPTS``. Steps take a while, so that drafts can be seen; a
script that holds goes on denoising until it is cancelled or told to go on, and after the
instruction to lie the server names a version that it has never seen, as no honest server does.

``$INSTANT_EDIT_FOLDER`` is where the tests and the server meet: the server writes its process id
into ``pid``, goes on where it holds when there is a file ``go``, and dies at its start while there
is a file ``dying``.
"""

from __future__ import annotations

import os
import re
import sys
import time
from pathlib import Path
from typing import TYPE_CHECKING

sys.path.insert(0, str(Path(__file__).resolve().parents[2]))

from instant_edit import cli
from instant_edit.lsp import stdio
from instant_edit.lsp.server import create_server
from tests.lsp.scripted_server import ScriptedEditor, write

if TYPE_CHECKING:
    from collections.abc import Sequence

    from instant_edit.interface import OnStep
    from instant_edit.lsp.denoising import Cancelled
    from instant_edit.request import EditRequest, EditResult

PACE = 0.12  # seconds a step takes
HOLD, LIE = "hold", "lie"
SCRIPTS: dict[str, tuple[str, ...]] = {  # one text for each seed
    "": ("len(prices) > 0", "prices"),
    "use sum": ("return sum(prices)", "return sum(price for price in prices)"),
    "in two lines": ("first = 1\n    return first + sum(prices)",),
    "name it amount": ("amount",),
    "break it": ("return (",),
    "at length": (f"return [{', '.join(f'prices[{n}] + {n}' for n in range(40))}]",),
    LIE: ("return None",),
    HOLD: ("return held + back + until + told + to + go",),
}


lying = False


class LyingOutput(stdio.Output):
    """Adds one to every version that an edit names, when told to lie."""

    def write(self, data: bytes) -> None:
        """See ``Output.write``."""
        body = data.partition(b"\r\n\r\n")[2]
        if lying and b"documentChanges" in body:
            text = re.sub(
                r'("version":\s*)(\d+)', lambda m: f"{m[1]}{int(m[2]) + 1}", body.decode()
            )
            body = text.encode()
            data = b"Content-Length: %d\r\n\r\n%s" % (len(body), body)
        super().write(data)


def told(name: str) -> bool:
    """Whether a test has put a file of this name into the folder where it meets the server."""
    folder = os.environ.get("INSTANT_EDIT_FOLDER")
    return folder is not None and Path(folder, name).exists()


class PacedEditor(ScriptedEditor):
    """The real engine, over a denoiser that takes its time."""

    def edit_many(
        self, requests: Sequence[EditRequest], *, cancelled: Cancelled, on_step: OnStep
    ) -> tuple[EditResult, ...]:
        """See ``Editor.edit_many``."""
        global lying
        instruction = requests[0].instruction or ""
        lying = instruction == LIE
        texts = SCRIPTS[instruction]
        spans = sum(len(request.spans) for request in requests)

        def wait() -> None:
            time.sleep(PACE)
            while instruction == HOLD and not told("go") and not cancelled():
                time.sleep(0.01)

        text = texts[requests[0].seed % len(texts)]
        return write(requests, (text,) * spans, wait, cancelled, on_step)


def main() -> int:
    """Be the command line, but for the model that the server opens."""
    if sys.argv[1:] != ["lsp"]:
        return cli.main()
    if told("dying"):
        return 1
    if "INSTANT_EDIT_FOLDER" in os.environ:
        Path(os.environ["INSTANT_EDIT_FOLDER"], "pid").write_text(str(os.getpid()), "ascii")
    stdio.Output = LyingOutput  # type: ignore[misc]
    return stdio.serve(create_server(lambda _: PacedEditor(), "scripted"))


if __name__ == "__main__":
    sys.exit(main())
