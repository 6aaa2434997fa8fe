"""Start-up times and resident memory, measured on real processes.

``instant-edit --help``; the time from starting ``instant-edit lsp`` to its answer to
``initialize``; the server's resident memory before the first edit and after one.

    python benchmarks/startup.py [--runs 7] [--no-edit]
"""

from __future__ import annotations

import argparse
import json
import statistics
import subprocess
import sys
import time
from typing import IO, Any

import psutil

COMMAND = [sys.executable, "-m", "instant_edit"]
URI = "file:///benchmark.py"
SOURCE = "def area(width, height):\n    return width * height\n"


class Server:
    """A language server process, spoken to over its pipes."""

    def __init__(self) -> None:
        self.process = subprocess.Popen(
            [*COMMAND, "lsp"],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
        )
        assert self.process.stdin is not None
        assert self.process.stdout is not None
        self.stdin: IO[bytes] = self.process.stdin
        self.stdout: IO[bytes] = self.process.stdout

    def send(self, method: str, params: Any, number: int | None = None) -> None:
        """Write a request, or a notification where it has no number."""
        message = {"jsonrpc": "2.0", "method": method, "params": params}
        if number is not None:
            message["id"] = number
        body = json.dumps(message).encode()
        self.stdin.write(b"Content-Length: %d\r\n\r\n" % len(body) + body)
        self.stdin.flush()

    def answer(self, number: int) -> Any:
        """Read until the answer to one request."""
        while True:
            length = 0
            while (line := self.stdout.readline().strip()) != b"":
                name, _, value = line.partition(b":")
                if name.lower() == b"content-length":
                    length = int(value)
            if not length:
                raise SystemExit("the server ended before it answered")
            message = json.loads(self.stdout.read(length))
            if message.get("id") == number and "method" not in message:
                if "error" in message:
                    raise SystemExit(f"the server answered: {message['error']}")
                return message["result"]

    def initialize(self) -> None:
        """Shake hands as a client without any capability."""
        self.send("initialize", {"processId": None, "rootUri": None, "capabilities": {}}, 1)
        self.answer(1)
        self.send("initialized", {})

    def edit(self) -> None:
        """Open a document and have one line filled."""
        item = {"uri": URI, "languageId": "python", "version": 1, "text": SOURCE}
        self.send("textDocument/didOpen", {"textDocument": item})
        span = {"start": {"line": 1, "character": 4}, "end": {"line": 1, "character": 25}}
        document = {"uri": URI, "version": 1}
        self.send("instantEdit/edit", {"textDocument": document, "range": span}, 2)
        self.answer(2)

    def megabytes(self) -> float:
        """Give the resident memory of the process and its children."""
        root = psutil.Process(self.process.pid)
        family = [root, *root.children(recursive=True)]
        return float(sum(one.memory_info().rss for one in family)) / 2**20

    def stop(self) -> None:
        """Shut the server down as the protocol has it."""
        self.send("shutdown", None, 3)
        self.answer(3)
        self.send("exit", None)
        self.process.wait(10)


def time_help() -> float:
    """Time one ``instant-edit --help`` in milliseconds."""
    start = time.perf_counter()
    subprocess.run([*COMMAND, "--help"], check=True, stdout=subprocess.DEVNULL)
    return (time.perf_counter() - start) * 1000


def time_initialize() -> tuple[float, float]:
    """Time one handshake in milliseconds, and weigh the idle server in megabytes."""
    start = time.perf_counter()
    server = Server()
    server.initialize()
    elapsed = (time.perf_counter() - start) * 1000
    time.sleep(0.5)  # let what the server does after the handshake settle
    size = server.megabytes()
    server.stop()
    return elapsed, size


def main() -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--runs", type=int, default=7, help="of each (default 7)")
    parser.add_argument("--no-edit", action="store_true", help="do not load the model")
    options = parser.parse_args()

    helps = [time_help() for _ in range(options.runs)]
    handshakes = [time_initialize() for _ in range(options.runs)]
    idle = statistics.median(size for _, size in handshakes)
    initialize = statistics.median(elapsed for elapsed, _ in handshakes)
    print(
        f"instant-edit --help         {statistics.median(helps):6.0f} ms (median of {len(helps)})"
    )
    print(f"LSP start to initialized    {initialize:6.0f} ms (median of {len(handshakes)})")
    print(f"resident before first edit  {idle:6.0f} MB")
    if not options.no_edit:
        server = Server()
        server.initialize()
        server.edit()
        print(f"resident with the model     {server.megabytes():6.0f} MB")
        server.stop()


if __name__ == "__main__":
    main()
