"""What the server does when nobody has asked it for anything for a while: it gives memory back.

A denoising takes and frees hundreds of MB in blocks of ever other sizes, between which the C
library keeps what lasts; what is free there stays with the process until it is told to let go.
The next edit takes it anew, which costs a few milliseconds, so it is not done between two edits.
"""

from __future__ import annotations

import asyncio
import ctypes
import gc
import sys
from collections.abc import Callable

REST = 1.0  # seconds without an edit


class Resting:
    """Calls ``rest`` once when nothing has happened for ``seconds``; for the event loop."""

    def __init__(self, rest: Callable[[], object], seconds: float = REST) -> None:
        self._rest, self._seconds = rest, seconds
        self._timer: asyncio.TimerHandle | None = None

    def begin(self) -> None:
        """Something has been done: count from now."""
        self.end()
        loop = asyncio.get_running_loop()
        self._timer = loop.call_later(self._seconds, self._rest)

    def end(self) -> None:
        """Something is to be done, or everything is over: do not rest."""
        if self._timer is not None:
            self._timer.cancel()
            self._timer = None


def settle() -> None:
    """Take everything that is there now out of the garbage collector's sight.

    It looks at all objects with the interpreter in its hand: with torch loaded there are so many
    that nobody would be answered for a tenth of a second. These stay as long as the model does.
    """
    gc.collect()
    gc.freeze()


def give_back() -> bool:
    """Return free memory to the system; False where the C library has no way to."""
    if not sys.platform.startswith("linux"):
        return False
    try:
        trim = ctypes.CDLL(None).malloc_trim
    except (AttributeError, OSError):  # musl has none
        return False
    trim(0)
    return True
