"""What the server tells the client of itself: ``window/logMessage``, ``$/logTrace``."""

from __future__ import annotations

import contextlib
import logging
from typing import TYPE_CHECKING

from lsprotocol import types

if TYPE_CHECKING:
    import asyncio

    from instant_edit.lsp.server import InstantEditServer
    from instant_edit.lsp.settings import LogLevel

ROOT = "instant_edit"
LEVELS: dict[LogLevel, int] = {
    "off": logging.CRITICAL + 1,
    "error": logging.ERROR,
    "warning": logging.WARNING,
    "info": logging.INFO,
    "debug": logging.DEBUG,
}


class ClientLog(logging.Handler):
    """Sends log records to the client. No record holds source text or an instruction."""

    def __init__(self, ls: InstantEditServer, loop: asyncio.AbstractEventLoop) -> None:
        super().__init__(LEVELS[ls.settings.log_level])
        self._ls = ls
        self._loop = loop
        logging.getLogger(ROOT).addHandler(self)
        self.choose(ls.settings.log_level)

    def choose(self, level: LogLevel) -> None:
        """Send records of this level and above."""
        self.setLevel(LEVELS[level])
        logging.getLogger(ROOT).setLevel(min(LEVELS[level], logging.WARNING))

    def emit(self, record: logging.LogRecord) -> None:
        """Send one record, from whatever thread."""
        with contextlib.suppress(RuntimeError):  # the loop has ended: nobody listens
            self._loop.call_soon_threadsafe(self._send, record)

    def _send(self, record: logging.LogRecord) -> None:
        message = types.LogMessageParams(_type(record.levelno), record.getMessage())
        self._ls.window_log_message(message)


def trace(ls: InstantEditServer, message: str, verbose: str | None = None) -> None:
    """Send ``$/logTrace`` if the client has switched it on with ``$/setTrace``."""
    if ls.protocol.trace != types.TraceValue.Off:
        more = verbose if ls.protocol.trace == types.TraceValue.Verbose else None
        ls.protocol.notify(types.LOG_TRACE, types.LogTraceParams(message, more))


def _type(level: int) -> types.MessageType:
    if level >= logging.ERROR:
        return types.MessageType.Error
    if level >= logging.WARNING:
        return types.MessageType.Warning
    return types.MessageType.Info if level >= logging.INFO else types.MessageType.Log
