"""Latency of a warm single-line fill in 512 tokens of context.

Takes single lines of Python's own standard library, each with about 512 tokens of its
surroundings, and has the same weights fill every one twice: by diffusion and left to right,
interleaved so that both meet the same machine. Prints p50 and p95, where the time goes, and the
ratio pair by pair.

    python benchmarks/latency.py [--edits 20] [--tokens 512] [--model embedded] [--json FILE]
"""

from __future__ import annotations

import argparse
import heapq
import json
import platform
import statistics
import sys
import textwrap
from dataclasses import asdict
from pathlib import Path
from typing import TYPE_CHECKING

from instant_edit import Editor, EditRequest, Span
from instant_edit.evaluation.metrics import percentile

if TYPE_CHECKING:
    from collections.abc import Iterator

    from instant_edit import Stats

PREFIX_SHARE = 2 / 3
SOURCES = (textwrap, heapq, argparse, statistics, json.decoder)


def requests(editor: Editor, tokens: int) -> Iterator[EditRequest]:
    """Yield fills of one line of code each, no two of them in the same place."""
    for module in SOURCES:
        lines = Path(str(module.__file__)).read_text("utf-8").splitlines(keepends=True)
        for number in range(60, len(lines) - 30, 23):
            line = lines[number]
            if line.startswith("        ") and line.strip(" \n\"'#"):
                yield one_request(editor, lines, number, tokens)


def one_request(editor: Editor, lines: list[str], number: int, tokens: int) -> EditRequest:
    """Cut about ``tokens`` tokens around a line, and make the line's code the span."""
    first = last = number
    before = after = 0
    while first > 0 and before < tokens * PREFIX_SHARE:
        first -= 1
        before += editor.count_tokens(lines[first])
    while last < len(lines) - 1 and before + after < tokens:
        last += 1
        after += editor.count_tokens(lines[last])
    line = lines[number]
    start = sum(map(len, lines[first:number])) + len(line) - len(line.lstrip())
    span = Span(start, start + len(line.strip()))
    return EditRequest("".join(lines[first : last + 1]), (span,), "python", mode="fill")


def describe(name: str, stats: list[Stats]) -> str:
    """Put the figures of one way of decoding on one line."""
    times = [one.milliseconds for one in stats]
    passes = sum(one.forward_passes for one in stats)
    return (
        f"{name:<10} p50 {percentile(times, 50):6.0f} ms  p95 {percentile(times, 95):6.0f} ms"
        f"  | context {statistics.mean(one.context_milliseconds for one in stats):5.0f}"
        f"  denoise {statistics.mean(one.denoise_milliseconds for one in stats):5.0f}"
        f"  gate {statistics.mean(one.gate_milliseconds for one in stats):4.0f} (mean ms)"
        f"  | {passes / len(stats):.1f} passes, "
        f"{sum(one.tokens for one in stats) / max(passes, 1):.2f} tokens a pass"
    )


def main() -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--edits", type=int, default=20, help="how many lines (default 20)")
    parser.add_argument("--tokens", type=int, default=512, help="of context (default 512)")
    parser.add_argument("--model", default="embedded")
    parser.add_argument("--json", type=Path, metavar="FILE", help="write every figure here")
    options = parser.parse_args()

    ways: dict[str, list[Stats]] = {"diffusion": [], "ar": []}
    with (
        Editor.open(options.model) as diffusion,
        Editor.open(options.model, decoding="ar") as left_to_right,
    ):
        editors = {"diffusion": diffusion, "ar": left_to_right}
        todo = list(requests(diffusion, options.tokens))[: options.edits + 1]
        for editor in editors.values():  # warm up on a request that is not measured
            editor.edit(todo[0])
        for number, request in enumerate(todo[1:], 1):
            for name, editor in editors.items():
                ways[name].append(editor.edit(request).stats)
            print(f"\r{number}/{len(todo) - 1}", end="", file=sys.stderr, flush=True)
        print(file=sys.stderr)
        model = diffusion.model

    pairs = zip(ways["ar"], ways["diffusion"], strict=True)
    ratio = statistics.median(ar.milliseconds / one.milliseconds for ar, one in pairs)
    print(
        f"{model.id} {model.digest}, {model.dtype}, {model.threads} threads, {platform.machine()}"
    )
    print(f"{len(todo) - 1} single-line fills in {options.tokens} tokens of context")
    for name, stats in ways.items():
        print(describe(name, stats))
    print(f"left to right / diffusion, median of the pairs: {ratio:.2f}")
    if options.json:
        document = {name: [asdict(one) for one in stats] for name, stats in ways.items()}
        options.json.write_text(json.dumps({"ratio": ratio, **document}, indent=1) + "\n")


if __name__ == "__main__":
    main()
