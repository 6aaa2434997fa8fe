"""Whether the model writes truer lines when it is told what it cannot see.

Takes single lines of installed packages that call a function or class imported from a sibling
module, hides each, and asks the causal pass for the log-likelihood of the true line: after the
prefix alone, and with more in front of it. What is compared, pair by pair:

- signatures: those of names used around the line, from the modules that this one imports and two
  that it does not (`instant_edit/related.py`; what the server does). The hidden line has no say.
- named: the first, and the name that the hidden line calls is asked for first: what is to be had
  when the old text names what the new one will use.
- head: the beginning of the module that the name comes from, as it stands.
- diagnostic: a linter's message on a misspelt name of the line, as a comment above it.

    python -m benchmarks.related [--rows 200] [--seed 0] [--exact 0] [--packages NAME ...]
"""

from __future__ import annotations

import argparse
import ast
import importlib.util
import json
import random
import re
import time
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

import numpy as np

from instant_edit import Editor, EditRequest, Span, languages
from instant_edit.job import Job
from instant_edit.models import load
from instant_edit.models.protocol import Denoiser
from instant_edit.related import LIMIT, Neighbour, related

PACKAGES = ("asyncio", "email", "unittest", "importlib", "multiprocessing", "concurrent", "logging",
    "json", "xml", "http", "pygls", "cattrs", "hypothesis", "_pytest", "click", "rich",
    "pip._internal", "instant_edit")  # fmt: skip
PYTHON = languages.get("python")
EACH = 3  # rows of one module at most
UNRELATED = 2  # modules among the neighbours that are not imported
RESAMPLES = 4000


@dataclass(frozen=True)
class Row:
    """A line to be written, and what stands beside its module."""

    module: str
    source: str
    span: Span
    name: str
    origin: Neighbour
    neighbours: tuple[Neighbour, ...]

    @property
    def line(self) -> str:
        """The true line."""
        return self.source[self.span.start : self.span.end]


def rows(packages: Sequence[str], count: int, seed: int) -> list[Row]:
    """Lines of the packages' modules, drawn by a seed."""
    chance = random.Random(seed)
    found: list[Row] = []
    for package in packages:
        for path in modules(package):
            candidates = list(rows_of(path, chance))
            found += chance.sample(candidates, min(EACH, len(candidates)))
    return chance.sample(found, min(count, len(found)))


def modules(package: str) -> list[Path]:
    """The files of an installed package."""
    spec = importlib.util.find_spec(package)
    if spec is None or not spec.submodule_search_locations:
        return []
    return sorted(Path(spec.submodule_search_locations[0]).rglob("*.py"))


def rows_of(path: Path, chance: random.Random) -> Iterator[Row]:
    """Each line in a function of a module that calls what a sibling module defines."""
    source = path.read_text("utf-8", "replace")
    if not 1500 <= len(source) <= 100_000 or not source.isascii():
        return
    imported = dict(imports(path, source))
    siblings = sorted(set(imported.values()))
    others = [one for one in sorted(path.parent.glob("*.py")) if one not in {path, *siblings}]
    beside = tuple(
        Neighbour(one.name, one.read_text("utf-8", "replace"), "python")
        for one in [*siblings, *chance.sample(others, min(UNRELATED, len(others)))]
    )
    by_name = {one.name: one for one in beside}
    at = 0
    for line in source.splitlines(keepends=True):
        start, at = at + len(line) - len(line.lstrip()), at + len(line)
        called = [name for name in re.findall(r"\b(\w+)\(", line) if name in imported]
        if called and line.startswith(" ") and 12 <= len(line.strip()) <= 90 and whole(line):
            span = Span(start, start + len(line.strip()))
            yield Row(str(path), source, span, called[0], by_name[imported[called[0]].name], beside)


def imports(path: Path, source: str) -> Iterator[tuple[str, Path]]:
    """Names that a module imports from the files beside it which define them."""
    try:
        tree = ast.parse(source)
    except SyntaxError:
        return
    for node in ast.walk(tree):
        if isinstance(node, ast.ImportFrom) and node.module:
            file = path.parent / f"{node.module.rsplit('.', 1)[-1]}.py"
            if (
                file.is_file()
                and file != path
                and (node.level == 1 or path.parent.name in node.module)
            ):
                text = file.read_text("utf-8", "replace")
                for name in node.names:
                    if re.search(rf"^(def|class|async def) {name.name}\b", text, re.M):
                        yield name.asname or name.name, file


def whole(line: str) -> bool:
    """Whether a line is a statement of its own."""
    try:
        ast.parse(line.strip())
    except SyntaxError:
        return False
    return not line.strip().startswith(("#", '"', "import", "from"))


def signatures(row: Row) -> str:
    """What the server puts in front of the prefix."""
    return related(row.source, (row.span,), PYTHON, row.neighbours)


def named(row: Row) -> str:
    """The same as ``signatures`` where the old text names what is called."""
    hint = row.source[: row.span.start] + row.name + " " + row.source[row.span.start :]
    moved = Span(row.span.start + len(row.name) + 1, row.span.end + len(row.name) + 1)
    return related(hint, (moved,), PYTHON, row.neighbours)


def head(row: Row) -> str:
    """The beginning of the module that the name comes from."""
    return f"# {row.origin.name}\n{row.origin.text[:LIMIT].rsplit(chr(10), 1)[0]}\n"


def diagnosed(row: Row) -> Row:
    """The row with a linter's message above the line."""
    at = len(row.name) // 2
    wrong = row.name[: at - 1] + row.name[at] + row.name[at - 1] + row.name[at + 1 :]
    margin = row.span.start - row.source.rfind("\n", 0, row.span.start) - 1
    note = f"# Undefined name `{wrong}`\n" + " " * margin
    start = row.span.start + len(note)
    source = row.source[: row.span.start] + note + row.source[row.span.start :]
    return replace(row, source=source, span=Span(start, start + len(row.line)))


def likelihood(denoiser: Denoiser, row: Row, before: str) -> float:
    """Log-likelihood of the true line left to right, in nats."""
    request = EditRequest(row.source, (row.span,), "python", mode="fill", related=before)
    (here,) = Job.of(request, denoiser.tokenizer, as_given=True).windows
    ids = denoiser.tokenizer.encode(here.forced.decode() + row.line)
    (told,) = denoiser.encode([replace(here.ids, tail=here.ids.tail[:1])]).forward([ids], [[]])
    assert told.causal is not None
    return sum(float(told.causal[place, token]) for place, token in enumerate(ids))


def exact(editor: Editor, row: Row, before: str) -> bool:
    """Whether a fill writes the true line."""
    request = EditRequest(row.source, (row.span,), "python", mode="fill", related=before)
    result = editor.edit(request, as_given=True)
    return result.verdict.ok and result.edits[0].text.strip() == row.line.strip()


def compare(name: str, gains: Sequence[float], modules: Sequence[str]) -> None:
    """Print a mean gain with its 95 % interval, modules resampled whole."""
    groups: dict[str, list[float]] = {}
    for gain, module in zip(gains, modules, strict=True):
        groups.setdefault(module, []).append(gain)
    sums = np.array([[sum(group), len(group)] for group in groups.values()])
    picks = np.random.default_rng(0).integers(0, len(sums), (RESAMPLES, len(sums)))
    means = sums[picks].sum(axis=1)
    low, high = np.percentile(means[:, 0] / means[:, 1], [2.5, 97.5])
    better = sum(gain > 0 for gain in gains) / len(gains)
    print(
        f"{name:<12} {np.mean(gains):+6.2f} nats a line ({low:+.2f} to {high:+.2f}), "
        f"better in {better:.0%} of {len(gains)} lines, {len(groups)} modules",
        flush=True,
    )


def gains(denoiser: Denoiser, row: Row) -> dict[str, float]:
    """What each addition is worth for a line, in nats; None where there is nothing to add."""
    plain = likelihood(denoiser, row, "")
    tellers = {"signatures": signatures, "named": named, "head": head}
    found = {name: tell(row) for name, tell in tellers.items()}
    told = {
        name: likelihood(denoiser, row, text) if text else plain for name, text in found.items()
    }
    told["diagnostic"] = likelihood(denoiser, diagnosed(row), "") if len(row.name) > 3 else plain
    return {"plain": plain, **{name: score - plain for name, score in told.items()}}


def main() -> None:
    """Measure and print."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--rows", type=int, default=200)
    parser.add_argument("--seconds", type=float, default=1e9, help="then no further row is begun")
    parser.add_argument("--seed", type=int, default=0)
    parser.add_argument("--exact", type=int, default=0, help="rows to fill too, with and without")
    parser.add_argument("--packages", nargs="+", default=PACKAGES)
    parser.add_argument("--json", type=Path, metavar="FILE", help="append a line for each row here")
    options = parser.parse_args()
    chosen = rows(options.packages, options.rows, options.seed)
    denoiser = load("embedded")
    found: list[dict[str, float]] = []
    began = time.monotonic()
    for row in chosen:
        if time.monotonic() - began > options.seconds:
            break
        found.append(gains(denoiser, row))
        if options.json:
            with options.json.open("a") as file:
                print(
                    json.dumps(
                        {"module": row.module, "line": row.line, **found[-1]},
                    ),
                    file=file,
                )
    report(found, [row.module for row in chosen])
    few = chosen[: options.exact]
    if few:
        editor = Editor(denoiser)
        pairs = [(exact(editor, row, ""), exact(editor, row, signatures(row))) for row in few]
        print(
            f"exact fills of {len(pairs)}: {sum(a for a, _ in pairs)} without, "
            f"{sum(b for _, b in pairs)} with signatures; only one of both: "
            f"{sum(a > b for a, b in pairs)} without, {sum(b > a for a, b in pairs)} with"
        )


def report(found: Sequence[dict[str, float]], modules: Sequence[str]) -> None:
    """Print what each addition gained."""
    print(f"without: {-np.mean([one['plain'] for one in found]):.2f} nats a line")
    for name in found[0]:
        if name != "plain":
            compare(name, [one[name] for one in found], modules[: len(found)])


if __name__ == "__main__":
    main()
