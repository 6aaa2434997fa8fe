"""The command ``instant-edit`` as the browser tests need it: the real server, a scripted model.

Each instruction is a script of ``SCRIPTS``. Steps take a while, so that drafts can be seen; a
script that holds goes on denoising until it is cancelled. ``$INSTANT_EDIT_PID`` names a file
into which the server writes its process id.
"""

from __future__ import annotations

import os
import sys
import time
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING

sys.path.insert(0, str(Path(__file__).resolve().parents[4]))

from instant_edit import cli
from instant_edit.lsp.server import create_server
from instant_edit.lsp.stdio import serve
from tests.lsp.scripted_server import EngineEditor

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence

    from instant_edit.engine import Editor
    from instant_edit.request import EditRequest

PACE = 0.12  # seconds a step takes
HOLD = "hold"
SCRIPTS: dict[str, tuple[str, ...]] = {  # one text for each seed
    "": ("len(prices) > 0", "prices"),
    "use sum": ("return sum(prices)", "return sum(price for price in prices)"),
    "in two lines": ("first = 1\n    return first + sum(prices)",),
    "name it amount": ("amount",),
    "break it": ("return (",),
    HOLD: ("return held + back + until + told + to + go",),
}


class PacedEditor(EngineEditor):
    """The real engine, over a denoiser that takes its time."""

    @contextmanager
    def _opened(
        self, requests: Sequence[EditRequest], cancelled: Callable[[], bool] | None
    ) -> Iterator[tuple[Editor, Callable[[], bool] | None]]:
        from instant_edit.engine import Editor
        from tests.lsp.scripting import denoiser_for_all

        instruction = requests[0].instruction or ""
        texts = SCRIPTS[instruction]
        spans = sum(len(request.spans) for request in requests)

        def wait() -> None:
            time.sleep(PACE)
            while instruction == HOLD and cancelled is not None and not cancelled():
                time.sleep(0.01)

        text = texts[requests[0].seed % len(texts)]
        with Editor(denoiser_for_all(requests, (text,) * spans, wait)) as editor:
            yield editor, cancelled


def main() -> int:
    """Be the command line, but for the model that the server opens."""
    if sys.argv[1:] != ["lsp"]:
        return cli.main()
    if "INSTANT_EDIT_PID" in os.environ:
        Path(os.environ["INSTANT_EDIT_PID"]).write_text(str(os.getpid()), "ascii")
    return serve(create_server(lambda _: PacedEditor(), "scripted"))


if __name__ == "__main__":
    sys.exit(main())
