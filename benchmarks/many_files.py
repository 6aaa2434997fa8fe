"""The memory of `apply` over few files and over many, with everything in it but the network.

Makes trees of Python files, edits a place in each with a scripted model, and reports them as JSON,
as a patch and in a journal: what a run keeps for its reports is in the figure, and a network's
own memory, which does not depend on the number of files, is not.

    python -m benchmarks.many_files --files 100 1500
"""

from __future__ import annotations

import argparse
import os
import tempfile
import time
from concurrent.futures import ProcessPoolExecutor
from contextlib import redirect_stderr, redirect_stdout
from multiprocessing import get_context
from pathlib import Path

from benchmarks.selection import grow
from instant_edit.benchmarking.memory import peak_megabytes

QUERY = "(assignment left: (identifier) right: (integer) @target)"


def measured(files: int) -> tuple[float, float, int]:
    """Edit a tree of so many files: seconds, MB at the peak, and the files that were written."""
    from instant_edit.apply.command import run
    from instant_edit.apply.options import ApplyOptions
    from tests.apply.scripting import AnsweringEditor, opener

    with tempfile.TemporaryDirectory() as name:
        grow(Path(name), files)
        os.chdir(name)
        options = ApplyOptions(
            paths=(Path(),),
            globs=("p*/**",),
            query=QUERY,
            write=True,
            output="json",
            patch_out=Path("all.patch"),
            resume=Path("journal"),
        )
        editor = AnsweringEditor(lambda request: ["-1" for _ in request.spans])
        editor.requests = Forgetful()
        editor.options = Forgetful()
        began = time.perf_counter()
        with (
            Path(os.devnull).open("w") as nowhere,
            redirect_stdout(nowhere),
            redirect_stderr(nowhere),
        ):
            code = run(options, opener(editor))
        seconds = time.perf_counter() - began
        assert code == 0
        written = sum("= -1\n" in file.read_text() for file in Path().glob("p*/*.py"))
        os.chdir("/")
    return seconds, peak_megabytes(), written


class Forgetful(list):  # type: ignore[type-arg]
    """Keeps nothing: the scripted editor's own record is none of what is measured."""

    def append(self, item: object) -> None:
        """Forget it."""


def main() -> None:
    """Edit each tree in a process of its own."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--files", type=int, nargs="+", default=[100, 1500])
    given = parser.parse_args()
    for files in given.files:
        with ProcessPoolExecutor(1, mp_context=get_context("spawn")) as pool:
            seconds, memory, written = pool.submit(measured, files).result()
        print(f"{written} of {files} files written in {seconds:.1f} s: {memory:.0f} MB at the peak")


if __name__ == "__main__":
    main()
