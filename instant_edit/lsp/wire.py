"""pygls' JSON-RPC protocol with its traps mended (pygls 2.1.1).

What differs from ``LanguageServerProtocol``, and why:

- a request that cannot be understood is answered (-32600, -32602) instead of dropped;
- a request before ``initialize`` or after ``shutdown`` is answered too;
- a late answer to a request of ours that was cancelled is ignored instead of raising;
- an expected error is one line on stderr, not a traceback;
- params of our own methods stay plain JSON instead of becoming named tuples;
- cancelling ``workspace/executeCommand`` reaches the command;
- a request of ours that was given up is forgotten, answered or not.
"""

from __future__ import annotations

import logging
import re
import uuid
from typing import TYPE_CHECKING, Any

from cattrs import transform_error
from lsprotocol import types
from pygls.exceptions import (
    JsonRpcException,
    JsonRpcInternalError,
    JsonRpcInvalidParams,
    JsonRpcInvalidRequest,
    JsonRpcRequestCancelled,
    JsonRpcServerNotInitialized,
)
from pygls.protocol import (
    JsonRPCNotification,
    JsonRPCRequestMessage,
    LanguageServerProtocol,
    lsp_method,
)
from pygls.protocol.json_rpc import JsonRPCResponseMessage, MsgId

if TYPE_CHECKING:
    from collections.abc import Callable
    from concurrent.futures import Future

logger = logging.getLogger(__name__)


class InstantEditProtocol(LanguageServerProtocol):
    """JSON-RPC that answers every request exactly once, whatever it holds."""

    @property
    def finished(self) -> bool:
        """Whether the client has sent ``shutdown``."""
        return self._shutdown

    def send_request(
        self,
        method: str,
        params: object = None,
        callback: Callable[[Any], None] | None = None,
        msg_id: MsgId | None = None,
    ) -> Future[Any]:
        """Send a request; cancelling the future gives it up."""
        chosen = str(uuid.uuid4()) if msg_id is None else msg_id
        future = super().send_request(method, params, callback, chosen)
        future.add_done_callback(lambda _: self._forget(chosen))
        return future

    def give_up(self) -> None:
        """Wait for no answer any more: the session ends."""
        for msg_id in list(self._result_types):
            if (future := self._request_futures.get(msg_id)) is not None:
                future.cancel()

    def _forget(self, msg_id: MsgId) -> None:
        self._request_futures.pop(msg_id, None)
        self._result_types.pop(msg_id, None)

    def structure_message(self, data: dict[str, Any]) -> object:
        """Leave JSON as it is: pygls calls this for every nested object as well."""
        return data

    def handle_message(self, message: object) -> None:
        """Check and structure one message as it came from the client, then dispatch it."""
        if not isinstance(message, dict) or message.get("jsonrpc") != self.VERSION:
            self.refuse(None, JsonRpcInvalidRequest('not a JSON-RPC "2.0" message'))
        elif "method" not in message:
            self._handle_answer(message)
        elif "id" in message:
            self._handle_raw_request(message)
        else:
            self._handle_raw_notification(message)

    @lsp_method(types.WORKSPACE_EXECUTE_COMMAND)
    async def lsp_workspace__execute_command(  # type: ignore[override]
        self, params: types.ExecuteCommandParams
    ) -> object:
        """Run a command on its whole params; pygls' own goes on when the request is cancelled."""
        command = self.fm.commands.get(params.command)
        if command is None:
            known = ", ".join(self.fm.commands)
            raise JsonRpcInvalidParams(f"command: {params.command!r} is not known; known: {known}")
        return await command(params)

    def _handle_raw_request(self, message: dict[str, Any]) -> None:
        msg_id, method = message["id"], message["method"]
        if isinstance(msg_id, bool) or not isinstance(msg_id, int | str):
            self.refuse(None, JsonRpcInvalidRequest("id: expected a string or an integer"))
        elif not isinstance(method, str):
            self.refuse(msg_id, JsonRpcInvalidRequest("method: expected a string"))
        elif self._shutdown:
            self.refuse(msg_id, JsonRpcInvalidRequest(f"{method}: the server is shutting down"))
        elif self._workspace is None and method != types.INITIALIZE:
            self.refuse(msg_id, JsonRpcServerNotInitialized(f"{method}: send initialize first"))
        elif self._workspace is not None and method == types.INITIALIZE:
            self.refuse(msg_id, JsonRpcInvalidRequest("initialize: may be sent only once"))
        else:
            self._dispatch_request(msg_id, method, message)

    def _dispatch_request(self, msg_id: MsgId, method: str, message: dict[str, Any]) -> None:
        kind = self.get_message_type(method)
        if kind is None:
            plain = JsonRPCRequestMessage(msg_id, method, self.VERSION, message.get("params"))
            super().handle_message(plain)
            return
        try:
            structured = self._converter.structure(message, kind)
        except Exception as error:
            self.refuse(msg_id, JsonRpcInvalidParams(f"{method}: {_faults(error)}"))
        else:
            super().handle_message(structured)

    def _handle_raw_notification(self, message: dict[str, Any]) -> None:
        method = message["method"]
        if not isinstance(method, str) or (self._workspace is None and method != types.EXIT):
            logger.warning("ignoring notification %r", method)
            return
        kind = self.get_message_type(method)
        if kind is None:
            plain = JsonRPCNotification(method, self.VERSION, message.get("params"))
            super().handle_message(plain)
            return
        try:
            structured = self._converter.structure(message, kind)
        except Exception as error:
            logger.error("ignoring malformed %s: %s", method, _faults(error))
            return
        if method == types.CANCEL_REQUEST and not isinstance(structured.params.id, int | str):
            logger.error("ignoring malformed %s: id: expected a string or an integer", method)
            return
        super().handle_message(structured)

    def _handle_answer(self, message: dict[str, Any]) -> None:
        """An answer to a request of ours; nobody may be waiting for it any more."""
        msg_id = message.get("id")
        if not isinstance(msg_id, str) or msg_id not in self._result_types:
            logger.info("ignoring an answer to unknown request %r", msg_id)
            return
        kind = self._result_types.pop(msg_id) or JsonRPCResponseMessage
        future = self._request_futures.pop(msg_id, None)
        if future is None or not future.set_running_or_notify_cancel():
            return
        try:
            if "error" in message:
                answer = self._converter.structure(message, types.ResponseErrorMessage)
                fault = answer.error or types.ResponseError(-32603, "no reason given")
                future.set_exception(JsonRpcException.from_error(fault))
            else:
                future.set_result(self._converter.structure(message, kind).result)
        except Exception as error:
            future.set_exception(JsonRpcException(f"malformed answer: {_faults(error)}"))

    def _send_handler_result(self, future: Future[Any], *, msg_id: MsgId) -> None:
        """Answer a request: with its result, or with one clear error."""
        self._request_futures.pop(msg_id, None)
        if future.cancelled():
            self.refuse(msg_id, JsonRpcRequestCancelled("cancelled by the client"))
        elif (error := future.exception()) is None:
            self._send_response(msg_id, result=future.result())
        elif isinstance(error, JsonRpcException):
            self.refuse(msg_id, error)
        else:
            logger.error("request %r failed", msg_id, exc_info=error)
            self.refuse(msg_id, JsonRpcInternalError(f"{type(error).__name__}: {error}"))

    def refuse(self, msg_id: MsgId | None, error: JsonRpcException) -> None:
        """Answer a request with an error; its id is None where it could not be read."""
        logger.info("request %r refused: %s", msg_id, error.message)
        # Plain JSON: the typed message would leave a null id out, and the answer would be none.
        fault = error.to_response_error()
        self._send_data({"jsonrpc": self.VERSION, "id": msg_id, "error": fault})


def _faults(error: Exception) -> str:
    """Which keys are wrong, by the names they have on the wire."""
    try:
        faults = transform_error(error, path="")
    except Exception:  # a hook of lsprotocol's may raise what cattrs cannot explain
        faults = [f"{type(error).__name__}: {error}"]
    named = (fault.replace("@ .params.", "@ ").replace("@ .", "@ ") for fault in faults)
    return "; ".join(re.sub(r"_([a-z])", lambda m: m[1].upper(), fault) for fault in named)
