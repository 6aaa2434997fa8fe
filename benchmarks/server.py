"""The language server as an editor meets it: over stdio, with the embedded model.

Prints the time from request to answer and to the first draft, the time that a ping (any other
request) waits while the server denoises, also in a document of 500 kB, what cancelling takes in
steps and in milliseconds, and the server's memory after 10 edits and after ``--edits``: right
after the last of them, and at rest, when the server has given back what it can. Most of those are
fills of a short line with a short deadline. Run it alone on the machine: four minutes.

    python benchmarks/server.py [--edits 1000] [--timed 24] [--seconds 190] [--json FILE]
"""

from __future__ import annotations

import argparse
import asyncio
import json
import platform
import sys
import time
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Any

sys.path.insert(0, str(Path(__file__).resolve().parents[1]))

import psutil

from benchmarks.session import Asked, Server, Typist
from instant_edit import Editor, EditRequest, Span
from instant_edit.errors import EditCancelled
from instant_edit.evaluation.metrics import percentile

if TYPE_CHECKING:
    from collections.abc import Sequence

    from instant_edit.denoise import Step

FIXTURE = Path(__file__).resolve().parents[1] / "fixtures" / "inventory.py"
SHORT = "def area(width, height):\n    return 0\n\ndef half(number):\n    return 1\n"
SHORT_DEADLINE = 40  # milliseconds to denoise a short fill
LARGE = 500_000  # characters
PING = "instantEdit/status"
EARLY = 10  # edits before the first look at the memory
AT_REST = 2.5  # seconds after the last edit


async def timed_edit(typist: Typist) -> tuple[float, float | None]:
    """Milliseconds from the request to the answer, and to the first draft."""
    asked = typist.ask()
    answer = await asked.answer
    waited = since(asked.began)
    if "error" in answer:
        raise SystemExit(f"the server answered: {answer['error']}")
    return waited, asked.first_draft


async def pings(typist: Typist) -> list[float]:
    """Milliseconds that pings wait while one edit is computed."""
    asked, waits = typist.ask(), list[float]()
    while not asked.answer.done():
        began = time.perf_counter()
        await typist.server.request(PING)
        waits.append(since(began))
        await asyncio.sleep(0.005)
    return waits


async def cancelled(typist: Typist) -> tuple[float, float] | None:
    """Milliseconds from a cancel to its answer, and to the first draft of the next edit.

    None where the edit was ready before it could be cancelled.
    """
    first = typist.ask()
    if not await drafted(first):
        return None
    began = time.perf_counter()
    typist.server.cancel(first)
    following = typist.ask()
    refused = "error" in await first.answer
    waited = since(began)
    freed = await drafted(following)
    await following.answer
    return (waited, 1000 * (freed - began)) if refused and freed else None


async def drafted(asked: Asked) -> float | None:
    """When the first draft of an edit came; None where its answer came without one."""
    drafted = asyncio.ensure_future(asked.drafted.wait())
    await asyncio.wait([drafted, asked.answer], return_when=asyncio.FIRST_COMPLETED)
    drafted.cancel()
    return asked.drafts[0] if asked.drafts else None


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


async def measure(options: argparse.Namespace) -> dict[str, Any]:
    """What an editor sees, in one session; each figure is printed as soon as it is there."""
    began, server = time.perf_counter(), await Server.start(options.model)
    found: dict[str, Any] = {"memory": [server.megabytes()], "busy": []}
    fixture = FIXTURE.read_text("utf-8").replace("from __future__ import annotations\n", "")
    typist = Typist(server, "file:///fixture.py", fixture)
    short = Typist(server, "file:///short.py", SHORT, deadlineMs=SHORT_DEADLINE)
    await many_edits(typist, EARLY)  # the first of them loads the model
    await weigh(server, found)
    timed = [await timed_edit(typist) for _ in range(options.timed)]
    found["answer"] = [whole for whole, _ in timed]
    print(line("request to answer", found["answer"]))
    found["draft"] = [draft for _, draft in timed if draft is not None]
    print(line("request to first draft", found["draft"]))
    found["ping"] = [wait for _ in range(options.timed // 4) for wait in await pings(typist)]
    print(line("ping while denoising", found["ping"]))
    found["cancel"] = [await cancelled(typist) for _ in range(options.timed // 4)]
    answers, freed = zip(*filter(None, found["cancel"]), strict=True)
    print(line("cancel to its answer", answers))
    print(line("cancel to the next edit's draft", freed))
    large = Typist(server, "file:///large.py", fixture * (LARGE // len(fixture)))
    found["large"] = [wait for _ in range(2) for wait in await pings(large)]
    print(line("ping, document of 500 kB", found["large"]))
    large.close()
    so_far = EARLY + 3 * (options.timed // 4) + options.timed + 2
    left = options.seconds - since(began) / 1000
    found["edits"] = so_far + await many_edits(short, options.edits - so_far, left)
    await weigh(server, found)
    idle, *rest = found["memory"]
    print(
        f"resident: {idle:.0f} MB before the first edit, after {EARLY} and {found['edits']} edits"
    )
    for name, (early, late) in (("at rest", rest), ("at once", found["busy"])):
        print(f"  {name} {early:.0f} MB and {late:.0f} MB: {100 * (late / early - 1):+.1f} %")
    await server.stop()
    return found


async def weigh(server: Server, found: dict[str, Any]) -> None:
    """Note the server's memory right after an edit, and once it rests."""
    found["busy"].append(server.megabytes())
    await asyncio.sleep(AT_REST)
    found["memory"].append(server.megabytes())


async def many_edits(typist: Typist, count: int, seconds: float = 1e9) -> int:
    """Edit and type in turns, for so long at most; how many edits were made."""
    began = time.perf_counter()
    for number in range(count):
        if since(began) > 1000 * seconds:
            return number
        typist.type()
        await timed_edit(typist)
    return count


def line(name: str, values: Sequence[float], unit: str = "ms") -> str:
    """The figures of one thing on one line."""
    return (
        f"{name:<34} p50 {percentile(values, 50):7.1f} {unit}  p95 {percentile(values, 95):7.1f} "
        f"{unit}  max {max(values):7.1f} {unit}  ({len(values)})"
    )


def main() -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--edits", type=int, default=1000, help="for the memory (default 1000)")
    parser.add_argument("--timed", type=int, default=24, help="edits that are timed (default 24)")
    parser.add_argument("--seconds", type=float, default=190, help="for all edits (190)")
    parser.add_argument("--model", default="embedded")
    parser.add_argument("--json", type=Path, metavar="FILE", help="write every figure here")
    options = parser.parse_args()
    print(f"{platform.machine()}, {psutil.cpu_count()} processors, model {options.model}")
    found = asyncio.run(measure(options))
    found["steps"] = steps_after_cancel(options.model)
    print(f"steps taken after a cancel         at most {max(found['steps'])}")
    if options.json:
        options.json.write_text(json.dumps(found, indent=1) + "\n")


if __name__ == "__main__":
    main()
