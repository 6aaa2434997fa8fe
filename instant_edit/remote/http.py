"""One conversation with an endpoint at a time: bounded, cancellable, never redirected."""

from __future__ import annotations

import asyncio
import contextlib
import json
import queue
from collections.abc import Callable, Generator, Mapping, Sequence
from typing import TYPE_CHECKING, Any, Final

from instant_edit.errors import ModelError, RemoteError
from instant_edit.remote.answers import printable
from instant_edit.remote.background import Background

if TYPE_CHECKING:
    import httpx2

    from instant_edit.remote.endpoint import Endpoint
    from instant_edit.remote.limits import Limits

POLL = 0.01  # seconds between two looks at the limits
PATIENCE = 120.0  # seconds for one answer, where the request has no deadline
CONNECTING = 10.0  # seconds
MOST_BYTES = 4 * 1024 * 1024  # of one answer
PAUSES = (0.25, 1.0)  # seconds before asking again
LONGEST_PAUSE = 10.0  # seconds, whatever Retry-After says
BUSY = (429, 502, 503, 504)
_DONE: Final = object()


class NoAnswerYet(Exception):  # noqa: N818 - it becomes an error only when nobody asks again
    """Nothing of an answer has come, so the same may be asked again; ``after`` seconds, if said."""

    def __init__(self, error: RemoteError, after: float | None = None) -> None:
        super().__init__(str(error))
        self.error, self.after = error, after


class Http:
    """A client of one endpoint. Its connections live on a thread of their own.

    Args:
        endpoint: the only one that anything is sent to.
        key: sent as ``Authorization: Bearer``.
        pauses: seconds before each further try, where nothing of an answer had come.
    """

    def __init__(
        self, endpoint: Endpoint, key: str | None, pauses: Sequence[float] = PAUSES
    ) -> None:
        try:
            import httpx2
        except ImportError:
            raise ModelError(
                "endpoints need the package httpx2: pip install 'instant-edit[remote]'"
            ) from None
        self._httpx = httpx2
        self._endpoint, self._pauses = endpoint, tuple(pauses)
        headers = {"accept-encoding": "identity", "user-agent": "instant-edit"}
        if key is not None:
            headers["authorization"] = f"Bearer {key}"
        self._client = httpx2.AsyncClient(
            headers=headers,
            timeout=httpx2.Timeout(None, connect=CONNECTING),  # the whole has one: PATIENCE
            follow_redirects=False,  # elsewhere is not where the user said
            trust_env=not endpoint.loopback,  # a proxy is elsewhere, too
        )
        self._background = Background("remote")

    def ask(self, path: str, body: Mapping[str, object], limits: Limits) -> Generator[Any]:
        """Post some JSON; the JSON that comes back, event by event where it is a stream.

        The connection is closed when the caller stops iterating, and when the limits say so.

        Raises:
            RemoteError: the endpoint cannot be reached or its answer cannot be used.
            EditCancelled: see ``Limits.check``.
            DeadlinePassed: see ``Limits.check``.
        """
        limits.check()
        inbox: queue.SimpleQueue[object] = queue.SimpleQueue()
        future = self._background.submit(self._converse(path, body, inbox.put))
        future.add_done_callback(lambda _: inbox.put(_DONE))
        try:
            while (item := _next(inbox, limits)) is not _DONE:
                yield item
            future.result()
        finally:
            future.cancel()

    def close(self) -> None:
        """Close the connections."""
        self._background.submit(self._client.aclose()).result()
        self._background.close()

    async def _converse(
        self, path: str, body: Mapping[str, object], put: Callable[[object], None]
    ) -> None:
        """Ask, and ask again as long as nothing of an answer has come."""
        for pause in (*self._pauses, None):
            try:
                await self._once(path, body, put)
            except NoAnswerYet as none:
                if pause is None:
                    raise none.error from None
                wait = pause if none.after is None else min(none.after, LONGEST_PAUSE)
                await asyncio.sleep(wait)
            else:
                return

    async def _once(
        self, path: str, body: Mapping[str, object], put: Callable[[object], None]
    ) -> None:
        begun = False
        try:
            async with asyncio.timeout(PATIENCE):
                request = self._client.stream("POST", self._endpoint.url + path, json=body)
                async with request as response:
                    begun = True
                    if response.status_code in BUSY:
                        raise NoAnswerYet(await self._refusal(response), _retry_after(response))
                    if response.status_code != self._httpx.codes.OK:
                        raise await self._refusal(response)
                    await self._read(response, put)
        except TimeoutError:
            raise self._error(f"gave no answer within {PATIENCE:.0f} s") from None
        except self._httpx.SSEError as error:
            raise self._error(f"sent an answer that is too long: {error}") from None
        except self._httpx.RequestError as error:
            raise self._broken(error, begun=begun) from None
        except self._httpx.InvalidURL as error:
            raise self._error(f"has a URL that cannot be used: {error}") from None

    def _broken(self, error: httpx2.RequestError, *, begun: bool) -> Exception:
        reason = str(error) or type(error).__name__
        if "CERTIFICATE_VERIFY_FAILED" in reason:
            advice = "certificates are always verified; SSL_CERT_FILE names further authorities"
            return self._error(f"has no certificate that is trusted here ({advice}): {reason}")
        if begun:
            return self._error(f"broke its answer off: {reason}")
        return NoAnswerYet(self._error(f"cannot be reached: {reason}"))

    async def _read(self, response: httpx2.Response, put: Callable[[object], None]) -> None:
        if response.headers.get("content-encoding", "identity") != "identity":
            raise self._error("compressed its answer, which was not asked for")
        kind = response.headers.get("content-type", "").partition(";")[0].strip().lower()
        if kind != "text/event-stream":
            put(self._parsed(await self._body(response)))
            return
        size = 0
        async for event in self._httpx.EventSource(response, max_event_size=MOST_BYTES):
            size += len(event.data)
            self._check_size(size)
            if event.data == "[DONE]":
                return
            put(self._parsed(event.data))

    async def _body(self, response: httpx2.Response) -> bytes:
        body = bytearray()
        async for part in response.aiter_raw():
            body += part
            self._check_size(len(body))
        return bytes(body)

    def _check_size(self, size: int) -> None:
        if size > MOST_BYTES:
            raise self._error(f"sent an answer that is too long, of more than {MOST_BYTES} bytes")

    def _parsed(self, text: bytes | str) -> object:
        if not text:
            raise self._error("sent an empty answer")
        try:
            return json.loads(text)
        except (ValueError, RecursionError):
            start = text[:40]
            raise self._error(f"sent an answer that is not JSON; it begins {start!r}") from None

    async def _refusal(self, response: httpx2.Response) -> RemoteError:
        """What a status other than 200 means, with what the endpoint says of it."""
        code = response.status_code
        said = ""
        with contextlib.suppress(RemoteError, self._httpx.RequestError):
            said = _message(await self._body(response))
        hints = {
            401: "; put its key into the environment or the keyring",
            403: "; its key may not do this",
            404: "; is its base right, as in https://host/v1, and its protocol?",
            429: "; it is asked too often",
        }
        hint = "; it wants to send us elsewhere" if response.is_redirect else hints.get(code, "")
        return self._error(f"answered {code}{f' ({said})' if said else ''}{hint}")

    def _error(self, what: str) -> RemoteError:
        return RemoteError(f"the endpoint {self._endpoint.url} {what}")


def _next(inbox: queue.SimpleQueue[object], limits: Limits) -> object:
    """The next thing that comes; looks at the limits while it waits, and when it is there."""
    while True:
        with contextlib.suppress(queue.Empty):
            item = inbox.get(timeout=POLL)
            limits.check()
            return item
        limits.check()


def _retry_after(response: httpx2.Response) -> float | None:
    """The seconds of a ``Retry-After``; a date there is left out."""
    text = response.headers.get("retry-after", "")
    return float(text) if text.isascii() and text.isdigit() else None


def _message(body: bytes) -> str:
    """The message in an error's JSON, or its beginning, as one printable line."""
    text = body.decode("utf-8", "replace")
    with contextlib.suppress(ValueError, RecursionError):
        document = json.loads(text)
        error = document.get("error", document) if isinstance(document, dict) else document
        found = error.get("message", error) if isinstance(error, dict) else error
        text = found if isinstance(found, str) else text
    line = " ".join(text.split())
    return printable(line)
