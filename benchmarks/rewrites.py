"""What each method gives to rewrites: how many are right, and their time, with it off.

Edits of the catalogue, made of files that the model was not trained on, are asked for with every
method on and with one of them off, in turn; the checker of each kind tells what is right. The files
are those of ``instant-edit eval kinds``.

    python -m benchmarks.rewrites FILES [--limit 4] [--kind KIND]... [--out FOLDER]
"""

from __future__ import annotations

import argparse
import json
import time
from collections.abc import Mapping
from dataclasses import replace
from pathlib import Path
from statistics import median

from instant_edit import edit_kinds
from instant_edit.benchmarking.bench import forget
from instant_edit.benchmarking.report import as_markdown, conditions, rounded
from instant_edit.benchmarking.table import Row
from instant_edit.drafting import Sampler
from instant_edit.engine import Editor
from instant_edit.evaluation.kinds import KindResult, examples, run
from instant_edit.evaluation.kinds_command import source_files
from instant_edit.models import load

ALL = "all methods"
VARIANTS: Mapping[str, Sampler] = {
    ALL: Sampler(),
    "what changes nothing stays": replace(Sampler(), second=2.0),
    "a syntax error may stay": replace(Sampler(), mending=0),
    "nothing copied from the old text": replace(Sampler(), lookup=0),
    "nothing drafted by the canvas": replace(Sampler(), drafting=2.0),
    "no slots of their own to verify with": replace(Sampler(), stairs=0),
    "no repair": replace(Sampler(), repairs=0),
}


def row(name: str, results: list[KindResult], times: list[float], against: list[float]) -> Row:
    """One variant's line; its time against that of all methods, edit by edit."""
    return {
        "method off": name,
        "right": sum(one.passed for one in results) / len(results),
        "edited": sum(one.edited for one in results) / len(results),
        "p50 ms": median(times),
        "time ÷ all": median(mine / theirs for mine, theirs in zip(times, against, strict=True)),
    }


def main() -> None:
    """Measure and print; keep the rows where a folder is given."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("files", type=Path, nargs="+")
    parser.add_argument("--model", default="embedded")
    parser.add_argument("--limit", type=int, default=4, help="edits of each kind (default 4)")
    parser.add_argument("--kind", action="append", help="only this one; repeatable")
    parser.add_argument("--out", type=Path, help="folder for rewrites.json and rewrites.md")
    options = parser.parse_args()
    denoiser = load(options.model)
    editors = {name: Editor(denoiser, sampler) for name, sampler in VARIANTS.items()}
    kinds = [edit_kinds.get(kind) for kind in options.kind or ()] or [*edit_kinds.all_kinds()]
    count = editors[ALL].count_tokens
    todo = examples(kinds, source_files(options.files), options.limit, 0, count)
    results: dict[str, list[KindResult]] = {name: [] for name in VARIANTS}
    times: dict[str, list[float]] = {name: [] for name in VARIANTS}
    for example in todo:
        for name, editor in editors.items():
            forget(denoiser)
            began = time.perf_counter()
            results[name].append(run(editor, example))
            times[name].append(1000 * (time.perf_counter() - began))
    rows = [row(name, results[name], times[name], times[ALL]) for name in VARIANTS]
    table = as_markdown(rows)
    print(table)
    if options.out:
        document = {**conditions(denoiser.info), "edits": len(todo), "rows": rounded(rows)}
        (options.out / "rewrites.json").write_text(json.dumps(document, indent=1) + "\n")
        told = f"# Rewrites\n\n{len(todo)} edits, `python -m benchmarks.rewrites`.\n\n"
        (options.out / "rewrites.md").write_text(told + table + "\n")


if __name__ == "__main__":
    main()
