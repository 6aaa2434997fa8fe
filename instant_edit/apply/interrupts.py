"""Ctrl-C, or a CI system's SIGTERM, as a wish: the work stops between two denoising steps.

Nothing is left half done.
"""

from __future__ import annotations

import signal
import threading
from contextlib import contextmanager
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from types import FrameType

_WISHES = (signal.SIGINT, signal.SIGTERM)


@contextmanager
def interruptible(*, at_once: bool = False) -> Iterator[Callable[[], bool]]:
    """Give a function that says whether the user asked to stop; asked twice, it is by force.

    ``at_once`` leaves Ctrl-C as it is: a question at the terminal must not outlive it. Outside
    the main thread, where signals cannot be caught, the answer is always no.
    """
    asked = threading.Event()

    def ask(number: int, frame: FrameType | None) -> None:
        if asked.is_set():
            signal.default_int_handler(number, frame)
        asked.set()

    if at_once or threading.current_thread() is not threading.main_thread():
        yield asked.is_set
        return
    before = {number: signal.signal(number, ask) for number in _WISHES}
    try:
        yield asked.is_set
    finally:
        for number, handler in before.items():
            signal.signal(number, handler)
