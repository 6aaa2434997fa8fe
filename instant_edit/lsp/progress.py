"""Work-done progress of one edit: step k, tokens left, and the client's cancel button."""

from __future__ import annotations

import asyncio
import contextlib
import logging
import uuid
from typing import TYPE_CHECKING

from lsprotocol import types
from pygls.exceptions import JsonRpcException, JsonRpcInvalidParams

if TYPE_CHECKING:
    import threading

    from instant_edit.lsp.denoising import StepLike
    from instant_edit.lsp.server import InstantEditServer

logger = logging.getLogger(__name__)
TITLE = "Instant edit"


class Progress:
    """Reports under the client's token, under one asked of the client, or not at all.

    ``loading`` and ``step`` may be called from any thread, the others from the event loop.
    """

    def __init__(self, ls: InstantEditServer, stop: threading.Event) -> None:
        self._progress = ls.work_done_progress
        self._may_create = _creates(ls.client_capabilities)
        self._loop = asyncio.get_running_loop()
        self._stop = stop
        self._token: types.ProgressToken | None = None
        self._creating: asyncio.Task[None] | None = None

    def begin(self, token: types.ProgressToken) -> None:
        """Start reporting under the client's token."""
        if token in self._progress.tokens:
            raise JsonRpcInvalidParams(f"workDoneToken: {token!r} is in use by another edit")
        self._start(token)

    def create(self) -> None:
        """Ask the client for a token, where it can make one; reports start when it answers."""
        if self._may_create:
            self._creating = self._loop.create_task(self._create())

    def loading(self) -> None:
        """Say that the model is being loaded."""
        self._say("loading the model")

    def step(self, step: StepLike) -> None:
        """Say how far the denoising is."""
        self._say(f"step {step.number}, {step.masked} tokens left")

    def end(self) -> None:
        """Stop reporting and forget the token, which pygls would keep for ever."""
        if self._creating is not None:
            self._creating.cancel()
        if self._token is not None:
            self._progress.end(self._token, types.WorkDoneProgressEnd())
            self._progress.tokens.pop(self._token, None)
            self._token = None

    async def _create(self) -> None:
        token = str(uuid.uuid4())
        try:
            await self._progress.create_async(token)
        except JsonRpcException as error:
            logger.info("the client gives no progress token: %s", error)
        else:
            self._start(token)

    def _start(self, token: types.ProgressToken) -> None:
        self._token = token
        self._progress.begin(token, types.WorkDoneProgressBegin(title=TITLE, cancellable=True))
        # The client's cancel cancels this future, and pygls does nothing else with it.
        self._progress.tokens[token].add_done_callback(lambda _: self._stop.set())

    def _say(self, message: str) -> None:
        with contextlib.suppress(RuntimeError):  # the loop has ended: nobody listens
            self._loop.call_soon_threadsafe(self._report, message)

    def _report(self, message: str) -> None:
        if self._token is not None:
            self._progress.report(self._token, types.WorkDoneProgressReport(message=message))


def _creates(capabilities: types.ClientCapabilities) -> bool:
    return bool(capabilities.window and capabilities.window.work_done_progress)
