"""Work-done progress: step k, tokens left, and the client's cancel button."""

from __future__ import annotations

import asyncio
import logging
import uuid
from collections.abc import Callable
from typing import TYPE_CHECKING

from lsprotocol import types
from pygls.exceptions import JsonRpcException, JsonRpcInvalidParams

if TYPE_CHECKING:
    from instant_edit.interface import StepLike
    from instant_edit.lsp.server import InstantEditServer

logger = logging.getLogger(__name__)
TITLE = "Instant edit"


class Progress:
    """Reports under the client's token, under one asked of the client, or not at all.

    Args:
        ls: whom to report through.
        cancel: called when the user presses the cancel button; None shows no button.
    """

    def __init__(self, ls: InstantEditServer, cancel: Callable[[], None] | None = None) -> None:
        self._progress = ls.work_done_progress
        self._may_create = _creates(ls.client_capabilities)
        self._cancel = cancel
        self._token: types.ProgressToken | None = None
        self._message = ""
        self._creating: asyncio.Task[None] | None = None

    def begin(self, token: types.ProgressToken) -> None:
        """Start reporting under the client's token."""
        if token in self._progress.tokens:
            raise JsonRpcInvalidParams(f"workDoneToken: {token!r} is in use by another edit")
        self._start(token)

    def create(self) -> None:
        """Ask the client for a token, where it can make one; reports start when it answers."""
        if self._may_create:
            self._creating = asyncio.create_task(self._create())

    def loading(self) -> None:
        """Say that the model is being loaded."""
        self._report("loading the model")

    def step(self, step: StepLike) -> None:
        """Say how far the denoising is."""
        self._report(f"step {step.number}, {step.masked} tokens left")

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
        cancel = self._cancel
        cancellable = cancel is not None
        self._progress.begin(token, types.WorkDoneProgressBegin(TITLE, cancellable=cancellable))
        if cancel is not None:
            # The client's cancel cancels this future, and pygls does nothing else with it.
            self._progress.tokens[token].add_done_callback(lambda _: cancel())
        if self._message:  # said while the client was making the token
            self._report(self._message)

    def _report(self, message: str) -> None:
        self._message = message
        if self._token is not None:
            self._progress.report(self._token, types.WorkDoneProgressReport(message=message))


def _creates(capabilities: types.ClientCapabilities) -> bool:
    return bool(capabilities.window and capabilities.window.work_done_progress)
