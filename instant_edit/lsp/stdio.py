"""Serving on stdin and stdout, which nothing else in the process may touch meanwhile."""

from __future__ import annotations

import asyncio
import contextlib
import logging
import os
import sys
import threading
from typing import TYPE_CHECKING, BinaryIO

from pygls.io_ import StdinAsyncReader, run_async

if TYPE_CHECKING:
    from collections.abc import Iterator

    from instant_edit.lsp.server import InstantEditServer

logger = logging.getLogger(__name__)
# Seconds that a thread keeps the interpreter while others wait. A message passes through several
# hands, and each waits so long for the thread that parses or validates.
TURN = 0.001


class Output:
    """The client's end of the line; once it is gone, what is sent is dropped in silence."""

    def __init__(self, stream: BinaryIO) -> None:
        self._stream = stream
        self._gone = False

    def write(self, data: bytes) -> None:
        """Send one message."""
        if self._gone:
            return
        try:
            self._stream.write(data)
            self._stream.flush()
        except OSError as error:
            self._gone = True
            logger.error("the client is gone: %s", error)

    def close(self) -> None:
        """Send nothing more."""
        self._gone = True


def serve(server: InstantEditServer) -> int:
    """Serve until the client leaves; return the exit status."""
    logging.basicConfig(
        stream=sys.stderr, level=logging.WARNING, format="instant-edit: %(levelname)s: %(message)s"
    )
    # pygls logs a traceback for what we log in one line (wire.py, report_server_error).
    logging.getLogger("pygls").setLevel(logging.CRITICAL + 1)
    sys.setswitchinterval(TURN)
    with claimed_streams() as (stdin, stdout):
        try:
            with contextlib.suppress(SystemExit):  # how pygls ends on "exit"
                asyncio.run(_listen(server, stdin, stdout))
        except KeyboardInterrupt:
            # A thread still sits in read(); joining it would wait for the client.
            sys.stderr.flush()
            os._exit(130)
        finally:
            server.denoising.close()
    if not server.finished:
        logger.warning("the client left without shutdown")
    return 0 if server.finished else 1


async def _listen(server: InstantEditServer, stdin: BinaryIO, stdout: BinaryIO) -> None:
    server.protocol.set_writer(Output(stdout))
    await run_async(
        stop_event=threading.Event(),
        reader=StdinAsyncReader(stdin, server.thread_pool),
        protocol=server.protocol,
        logger=logging.getLogger("pygls"),
        error_handler=server.report_server_error,
    )


@contextlib.contextmanager
def claimed_streams() -> Iterator[tuple[BinaryIO, BinaryIO]]:
    """Our own copies of stdin and stdout.

    For the rest of the process stdin is empty and stdout is stderr, down to the file
    descriptors: neither a stray ``print`` nor a C library can break the protocol, and
    ``input()`` cannot eat a message.
    """
    sys.stdout.flush()
    stdin, stdout = os.fdopen(os.dup(0), "rb"), os.fdopen(os.dup(1), "wb")
    empty = os.open(os.devnull, os.O_RDONLY)
    os.dup2(empty, 0)
    os.close(empty)
    os.dup2(2, 1)
    sys.stdin, sys.stdout = open(0, encoding="utf-8", closefd=False), sys.stderr  # noqa: SIM115
    with contextlib.suppress(OSError), stdout:
        yield stdin, stdout
