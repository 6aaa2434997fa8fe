"""The language server as an editor meets it: over stdio, with the embedded model.

Prints the time from request to answer, the time to the first draft, the time that a ping (any other
request) waits while the server denoises, what cancelling takes in steps and in milliseconds, and
the server's memory after 10 edits and after ``--edits``. Run it alone on the machine.

    python benchmarks/server.py [--edits 1000] [--timed 40] [--model embedded] [--json FILE]
"""

from __future__ import annotations

import argparse
import asyncio
import itertools
import json
import platform
import sys
import time
from collections.abc import Callable
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Any

import psutil

from instant_edit import Editor, EditRequest, Span
from instant_edit.errors import EditCancelled
from instant_edit.evaluation.metrics import percentile

if TYPE_CHECKING:
    from instant_edit.denoise import Step

FIXTURE = Path(__file__).resolve().parents[1] / "fixtures" / "inventory.py"
URI = "file:///benchmark.py"
PING = "instantEdit/status"
EARLY = 10  # edits before the first look at the memory


class Server:
    """A server process; answers and notifications go to whoever waits for them."""

    def __init__(self, process: asyncio.subprocess.Process) -> None:
        self.process = process
        self.numbers = itertools.count(1)
        self.waiting: dict[object, asyncio.Future[Any]] = {}
        self.on_draft: Callable[[dict[str, Any]], None] = lambda _: None
        self.reader = asyncio.create_task(self._read())

    @classmethod
    async def start(cls, model: str) -> Server:
        """Start a server and shake hands; the model is not loaded yet."""
        pipe, null = asyncio.subprocess.PIPE, asyncio.subprocess.DEVNULL
        command = [sys.executable, "-m", "instant_edit", "lsp"]
        server = cls(
            await asyncio.create_subprocess_exec(*command, stdin=pipe, stdout=pipe, stderr=null)
        )
        options = {"model": model, "preload": False}
        await server.request("initialize", {"capabilities": {}, "initializationOptions": options})
        server.send("initialized", {})
        return server

    def send(self, method: str, params: object, number: int | None = None) -> None:
        """Write a request, or a notification where it has no number."""
        assert self.process.stdin is not None
        message = {"jsonrpc": "2.0", "method": method, "params": params}
        body = json.dumps(message if number is None else {**message, "id": number}).encode()
        self.process.stdin.write(b"Content-Length: %d\r\n\r\n%s" % (len(body), body))

    def request(self, method: str, params: object = None) -> asyncio.Future[Any]:
        """Send a request; the future has its whole answer."""
        number = next(self.numbers)
        self.waiting[number] = asyncio.get_running_loop().create_future()
        self.send(method, params, number)
        self.last = number
        return self.waiting[number]

    async def _read(self) -> None:
        assert self.process.stdout is not None
        while head := await self.process.stdout.readuntil(b"\r\n\r\n"):
            size = int(head.lower().split(b"content-length:")[1].split()[0])
            message = json.loads(await self.process.stdout.readexactly(size))
            if "method" not in message:
                self.waiting.pop(message["id"]).set_result(message)
            elif message["method"] == "instantEdit/draft":
                self.on_draft(message["params"])

    def megabytes(self) -> float:
        """The resident memory of the process."""
        return float(psutil.Process(self.process.pid).memory_info().rss) / 2**20

    async def stop(self) -> None:
        """Shut the server down as the protocol has it."""
        await self.request("shutdown")
        self.send("exit", None)
        self.reader.cancel()
        await self.process.wait()


class Typist:
    """Edits one line of the fixture after another, each in a new version of the document."""

    def __init__(self, server: Server) -> None:
        self.server = server
        self.text = FIXTURE.read_text("utf-8")
        lines = self.text.splitlines()
        self.lines = itertools.cycle(
            number for number, line in enumerate(lines) if line.startswith("        ") and line[8:]
        )
        self.all = lines
        self.version = 1
        item = {"uri": URI, "languageId": "python", "version": 1, "text": self.text}
        server.send("textDocument/didOpen", {"textDocument": item})

    def ask(self) -> asyncio.Future[Any]:
        """Ask for the fill of the next line, with drafts."""
        number = next(self.lines)
        line = self.all[number]
        start, end = len(line) - len(line.lstrip()), len(line)
        ends = [{"line": number, "character": character} for character in (start, end)]
        return self.server.request(
            "instantEdit/edit",
            {
                "textDocument": {"uri": URI, "version": self.version},
                "range": dict(zip(("start", "end"), ends, strict=True)),
                "draftToken": "benchmark",
            },
        )

    def type(self) -> None:
        """Send the same text as the next version."""
        self.version += 1
        changes = {"contentChanges": [{"text": self.text}]}
        document = {"uri": URI, "version": self.version}
        self.server.send("textDocument/didChange", {"textDocument": document, **changes})


async def timed_edit(server: Server, typist: Typist) -> tuple[float, float | None]:
    """Milliseconds from the request to the answer, and to the first draft."""
    began = time.perf_counter()
    drafts: list[float] = []
    server.on_draft = lambda _: drafts.append(since(began))
    answer = await typist.ask()
    if "error" in answer:
        raise SystemExit(f"the server answered: {answer['error']}")
    return since(began), drafts[0] if drafts else None


async def pings(server: Server, typist: Typist) -> list[float]:
    """Milliseconds that pings wait while one edit is computed."""
    edit, waits = typist.ask(), list[float]()
    while not edit.done():
        began = time.perf_counter()
        await server.request(PING)
        waits.append(since(began))
        await asyncio.sleep(0.005)
    return waits


async def cancelled(server: Server, typist: Typist) -> tuple[float, float] | None:
    """Milliseconds from a cancel to its answer, and to the first draft of the next edit.

    None where the edit was ready before it could be cancelled.
    """
    drafted = asyncio.Event()
    server.on_draft = lambda _: drafted.set()
    edit = typist.ask()
    number = server.last
    await drafted.wait()
    began = time.perf_counter()
    server.send("$/cancelRequest", {"id": number})
    following = typist.ask()
    if "error" not in await edit:
        await following
        return None
    waited = since(began)
    drafted.clear()
    await drafted.wait()
    freed = since(began)
    await following
    return waited, freed


def steps_after_cancel(model: str) -> list[int]:
    """How many steps the engine still takes once it is cancelled, after its first, second, ..."""
    text = FIXTURE.read_text("utf-8")
    start = text.index("pass")
    request = EditRequest(text, (Span(start, start + len("pass")),), "python")
    counts = []
    with Editor.open(model) as editor:
        for wait in range(1, 5):
            steps: list[Step] = []
            try:
                editor.edit(request, cancelled=partial(reached, steps, wait), on_step=steps.append)
            except EditCancelled:
                counts.append(len(steps) - wait)
    return counts


def reached(steps: list[Step], wait: int) -> bool:
    """Whether this many steps have been taken."""
    return len(steps) >= wait


def since(began: float) -> float:
    """Milliseconds since a moment."""
    return 1000 * (time.perf_counter() - began)


def line(name: str, values: list[float], unit: str = "ms") -> str:
    """The figures of one thing on one line."""
    return (
        f"{name:<34} p50 {percentile(values, 50):7.1f} {unit}  p95 {percentile(values, 95):7.1f} "
        f"{unit}  max {max(values):7.1f} {unit}  ({len(values)})"
    )


async def measure(options: argparse.Namespace) -> dict[str, Any]:
    """What an editor sees, in one session."""
    server = await Server.start(options.model)
    typist = Typist(server)
    memory = [server.megabytes()]
    await many_edits(server, typist, EARLY)  # the first of them loads the model
    memory.append(server.megabytes())
    timed = [await timed_edit(server, typist) for _ in range(options.timed)]
    waits = [wait for _ in range(options.timed // 4) for wait in await pings(server, typist)]
    cancels = [await cancelled(server, typist) for _ in range(options.timed // 4)]
    await many_edits(server, typist, options.edits - EARLY)
    memory.append(server.megabytes())
    await server.stop()
    return {
        "answer": [whole for whole, _ in timed],
        "first draft": [draft for _, draft in timed if draft is not None],
        "ping": waits,
        "cancel": [cancel for cancel in cancels if cancel is not None],
        "memory": memory,
    }


async def many_edits(server: Server, typist: Typist, count: int) -> None:
    """Edit and type in turns."""
    for number in range(count):
        typist.type()
        await timed_edit(server, typist)
        if sys.stderr.isatty():
            print(f"\r{number + 1}/{count} ", end="", file=sys.stderr, flush=True)


def report(found: dict[str, Any], options: argparse.Namespace) -> None:
    """Print the figures."""
    print(f"{platform.machine()}, {psutil.cpu_count()} processors, model {options.model}")
    print(line("request to answer", found["answer"]))
    print(line("request to first draft", found["first draft"]))
    print(line("ping while denoising", found["ping"]))
    if found["cancel"]:
        answers, freed = zip(*found["cancel"], strict=True)
        print(line("cancel to its answer", list(answers)))
        print(line("cancel to the next edit's draft", list(freed)))
    print(f"steps taken after a cancel         at most {max(found['steps'])}")
    idle, early, late = found["memory"]
    print(f"resident: {idle:.0f} MB before the first edit, {early:.0f} MB after {EARLY},")
    print(f"  {late:.0f} MB after {options.edits}: {100 * (late / early - 1):+.1f} %")


def main() -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--edits", type=int, default=1000, help="for the memory (default 1000)")
    parser.add_argument("--timed", type=int, default=40, help="edits that are timed (default 40)")
    parser.add_argument("--model", default="embedded")
    parser.add_argument("--json", type=Path, metavar="FILE", help="write every figure here")
    options = parser.parse_args()
    found = asyncio.run(measure(options))
    found["steps"] = steps_after_cancel(options.model)
    report(found, options)
    if options.json:
        options.json.write_text(json.dumps(found, indent=1) + "\n")


if __name__ == "__main__":
    main()
