"""How long `apply` takes to find its places in many files, and the memory that it needs for it.

Makes a tree of Python files of a real size in a temporary folder, and then searches it as
`instant-edit apply TREE --query …` does, without a model.

    python benchmarks/selection.py --files 10000
"""

from __future__ import annotations

import argparse
import os
import tempfile
import time
from pathlib import Path

from instant_edit.apply.choosing import choose
from instant_edit.apply.options import ApplyOptions
from instant_edit.benchmarking.memory import peak_megabytes

SOURCE = Path(__file__).resolve().parents[1] / "instant_edit" / "text.py"
QUERY = "(return_statement (call function: (identifier) @target))"


def grow(folder: Path, count: int) -> int:
    """Write that many files, a hundred to a folder; return their bytes."""
    text = SOURCE.read_text("utf-8")
    for number in range(count):
        file = folder / f"p{number // 100:03}" / f"m{number:05}.py"
        file.parent.mkdir(exist_ok=True)
        file.write_text(f"NUMBER = {number}\n{text}", "utf-8")
    return count * len(text)


def main() -> None:
    """Grow the tree, search it, and print how it went."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--files", type=int, default=10_000)
    parser.add_argument("--jobs", type=int, default=None)
    given = parser.parse_args()
    with tempfile.TemporaryDirectory() as name:
        size = grow(Path(name), given.files)
        os.chdir(name)
        options = ApplyOptions(paths=(Path(),), query=QUERY, instruction="-", jobs=given.jobs)
        began = time.perf_counter()
        chosen = choose(options)
        seconds = time.perf_counter() - began
        os.chdir("/")
    places = sum(len(one.tasks) for one in chosen.selected)
    memory = peak_megabytes()
    print(f"{chosen.looked_at} files, {size / 1e6:.0f} MB: {places} places in {seconds:.1f} s")
    print(f"peak memory of this process: {memory:.0f} MB")


if __name__ == "__main__":
    main()
