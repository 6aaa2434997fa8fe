"""One denoising step in every runtime that is installed, over the same canvases.

Latency by width of the canvas over 512 tokens of context, start-up, memory, size of what must be
installed, and how often the token of a slot is that of float32. Each runtime has a process of its
own, and comes up once in each round, since a machine is not as fast at one minute as at the next;
the figures are medians over the rounds. What is not installed is skipped with a word; to have all:
pip install torchao onnxruntime onnx openvino. The ONNX files are kept in the temporary folder, and
made outside the timing.

    python -m benchmarks.runtimes [--only NAME]... [--rounds 3] [--out FOLDER]
"""

from __future__ import annotations

import argparse
import json
import subprocess
import sys
import tempfile
from collections.abc import Mapping, Sequence
from importlib import metadata, util
from pathlib import Path
from statistics import median
from typing import Any

import torch

from benchmarks.runtimes.canvases import contexts
from benchmarks.runtimes.child import SLOTS, WAYS
from instant_edit.benchmarking.report import as_markdown, processor, rounded
from instant_edit.benchmarking.table import Row

REFERENCE = "torch float32"
NEEDED = {
    "torch": ("torch",),
    "torchao": ("torch", "torchao"),
    "onnxruntime": ("onnxruntime", "numpy"),
    "openvino": ("openvino", "numpy"),
}


def main() -> None:
    """Measure, print a table, and write it where it is wanted."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--only", action="append", choices=list(WAYS), help="besides float32")
    parser.add_argument("--rounds", type=int, default=3, help="of all runtimes (default 3)")
    parser.add_argument("--out", type=Path, help="folder for runtimes.json and runtimes.md")
    options = parser.parse_args()
    kept = options.out / "runtimes.json" if options.out else None
    found: dict[str, Any] = json.loads(kept.read_text()) if kept and kept.is_file() else {}
    names = [name for name in WAYS if not options.only or name in (*options.only, REFERENCE)]
    with tempfile.TemporaryDirectory() as folder:
        torch.save(list(contexts()), Path(folder) / "contexts.pt")
        found |= measured(names, Path(folder), options.rounds)
    found = {name: found[name] for name in WAYS if name in found}
    rows = [row(name, found[name], found[REFERENCE]) for name in found]
    print(as_markdown(rows))
    if kept is not None:
        kept.write_text(json.dumps(rounded(found)) + "\n")
        told = f"# Runtimes\n\nWritten by `python -m benchmarks.runtimes` on {processor()}.\n\n"
        kept.with_suffix(".md").write_text(told + as_markdown(rows) + "\n")


def measured(names: list[str], folder: Path, rounds: int) -> dict[str, Any]:
    """What each runtime's processes said, as one; those that cannot be had are named on stderr."""
    said: dict[str, list[dict[str, Any]]] = {}
    for name in names:
        package = WAYS[name][0]
        if util.find_spec(package) is None:
            print(f"{name}: skipped, {package} is not installed", file=sys.stderr)
        else:
            said[name] = []
    for number in range(rounds):
        for name in list(said):
            print(f"measuring: round {number + 1} of {rounds}, {name}", file=sys.stderr)
            command = [sys.executable, "-m", "benchmarks.runtimes.child", name, str(folder)]
            done = subprocess.run(command, capture_output=True, text=True, check=False)
            if done.returncode != 0:
                print(f"{name}: failed: {done.stderr.strip()[-600:]}", file=sys.stderr)
                del said[name]
            else:
                said[name].append(json.loads(done.stdout.splitlines()[-1]))
    return {name: together(rounds) for name, rounds in said.items()}


def together(said: Sequence[Mapping[str, Any]]) -> dict[str, Any]:
    """The medians of what one runtime said in each round; the tokens are those of the first."""
    return {
        **{key: median(one[key] for one in said) for key in said[0] if key not in ("ms", "tokens")},
        "ms": {slots: median(one["ms"][slots] for one in said) for slots in said[0]["ms"]},
        "tokens": said[0]["tokens"],
    }


def row(name: str, found: dict[str, Any], reference: dict[str, Any]) -> Row:
    """One runtime's line of the table."""
    pairs = [
        (one, other)
        for mine, theirs in zip(found["tokens"], reference["tokens"], strict=True)
        for one, other in zip(mine, theirs, strict=True)
    ]
    return {
        "runtime": name,
        **{f"{slots} slots ms": found["ms"][str(slots)] for slots in SLOTS},
        "first step ms": found["first step ms"],
        "all widths ms": found["all widths ms"],
        "peak MB": found["peak MB"],
        "installed MB": sum(installed(one) for one in NEEDED[WAYS[name][0]]),
        "same tokens": sum(one == other for one, other in pairs) / len(pairs),
    }


def installed(distribution: str) -> float:
    """Megabytes of a package's files."""
    files = metadata.files(distribution) or []
    sizes = (Path(str(file.locate())) for file in files)
    return sum(path.stat().st_size for path in sizes if path.is_file()) / 2**20


if __name__ == "__main__":
    main()
