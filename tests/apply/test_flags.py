"""Every flag of ``apply`` through the command line, on real files: with it something is otherwise.

Each row is run twice, with its flag and without, and its effect may be seen only with it.
"""

from __future__ import annotations

import io
import json
import shlex
import subprocess
import sys
from collections.abc import Callable
from concurrent.futures import ProcessPoolExecutor
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click
import pytest

from instant_edit import cli
from instant_edit.apply import scanning
from tests.apply.scripting import TogetherEditor, old_texts

if TYPE_CHECKING:
    from instant_edit.request import EditRequest

FILES = {
    "a.py": "def a():\n    return 1\n",
    "b.py": "# instant-edit: two\ndef b(x):\n    return 1\n",
    "sub/c.go": "package c\n\nfunc c() int {\n\treturn 1\n}\n",
    "e.py": "try:\n    pass\nexcept:\n    pass\n",
    "odd.txt": "def odd():\n    return 1\n",
    "ignored.py": "def i():\n    return 1\n",
    ".gitignore": "ignored.py\n",
    "edits.jsonl": '{"path": "a.py", "lines": 2}\n',
    "ruff.json": json.dumps(
        [{"filename": "a.py", "location": {"row": 2, "column": 1}, "code": "X", "message": "m"}]
    ),
    "pyproject.toml": "",
}
ONES = "'(return_statement (integer) @n)'"
LINE = "a.py --lines 2"
TWO_CAPTURES = "b.py --query '(function_definition name: (identifier) @n body: (block) @b)'"


@dataclass
class Ran:
    """What a run did."""

    code: int = 0
    out: str = ""
    err: str = ""
    requests: list[EditRequest] = field(default_factory=list)
    batches: list[int] = field(default_factory=list)
    models: list[str] = field(default_factory=list)
    workers: list[int] = field(default_factory=list)

    @property
    def edited(self) -> bool:
        """Whether the diff on stdout edits a place."""
        return "+    return 2" in self.out


@dataclass(frozen=True)
class Row:
    """The other arguments of a run, the flag with its value, and what is to be seen of it."""

    flag: str
    beside: str
    effect: Callable[[Ran], bool]
    without: str = ""  # what stands in the flag's place the other time
    stdin: str = ""
    git: bool = False
    terminal: bool = False


def objects(ran: Ran) -> Any:
    return json.loads(ran.out)


ROWS = [
    Row("--lines 2", "a.py", lambda ran: ran.edited),
    Row("--symbol a", "a.py", lambda ran: ran.edited),
    Row(f"--query {ONES}", "a.py", lambda ran: ran.edited),
    Row("--capture @b", TWO_CAPTURES, lambda ran: ran.edited),
    Row("--marker", "b.py", lambda ran: ran.edited and "-# instant-edit: two" in ran.out),
    Row("--kind bare-except", "e.py --json", lambda ran: "--kind bare-except" in ran.out),
    Row("--diagnostics ruff.json", "a.py", lambda ran: ran.requests[0].instruction == "fix X: m"),
    Row("--edits edits.jsonl", "a.py", lambda ran: ran.edited),
    Row("--glob *.go", f". --query {ONES}", lambda ran: "a/a.py" not in ran.out),
    Row("--no-ignore", f". --query {ONES}", lambda ran: "a/ignored.py" in ran.out),
    Row("--deny a.*", f". --query {ONES}", lambda ran: "a/a.py" not in ran.out),
    Row("--language python", "odd.txt --lines 2", lambda ran: ran.edited),
    Row("--stdin-filename s.py", "- --lines 2", lambda ran: ran.edited, stdin=FILES["a.py"]),
    Row("--fail-on-empty", "a.py --query '(with_statement) @w'", lambda ran: ran.code == 2),
    Row("--jobs 2", f". --query {ONES}", lambda ran: ran.workers == [2], without="--jobs 1"),
    Row("--instruction text", LINE, lambda ran: ran.requests[0].instruction == "text"),
    Row("--mode rewrite", LINE, lambda ran: ran.requests[0].effective_mode == "rewrite"),
    Row("--seed 7", f"{LINE} --json", lambda ran: objects(ran)["seed"] == 7),
    Row("--candidates 3", LINE, lambda ran: ran.requests[0].candidates == 3),
    Row("--deadline-ms 60000", LINE, lambda ran: ran.requests[0].deadline_ms == 60000),
    Row("--batch 2", f"a.py b.py --query {ONES}", lambda ran: ran.batches == [2]),
    Row("--verify false", LINE, lambda ran: ran.code == 1 and "`false` exited with 1" in ran.err),
    Row(
        "--verify-timeout 0.2 --verify 'sleep 60'",
        LINE,
        lambda ran: "did not end within 0.2 s" in ran.err,
        without="--verify true",
    ),
    Row("--min-confidence 1", LINE, lambda ran: ran.code == 1 and "abstained" in ran.err),
    Row("--max-changed-lines 1", LINE, lambda ran: ran.code == 1 and "at most 1 may" in ran.err),
    Row("--write", LINE, lambda ran: "return 2" in Path("a.py").read_text()),
    Row("--check", LINE, lambda ran: (ran.code, ran.out) == (1, "")),
    Row(
        "--interactive",
        LINE,
        lambda ran: "return 2" in Path("a.py").read_text(),
        stdin="y\n",
    ),
    Row("--patch-out p", LINE, lambda ran: Path("p").exists() and Path("p").read_text() == ran.out),
    Row("--allow-dirty", f"{LINE} --write", lambda ran: ran.code == 0, git=True),
    Row("--output-format summary", LINE, lambda ran: "would change" in ran.out),
    Row("--json", LINE, lambda ran: ran.out.startswith("{\n")),
    Row("--json-stream", LINE, lambda ran: ran.out.startswith('{"type": "run"')),
    Row("--sarif", LINE, lambda ran: "sarif-2.1.0" in ran.out),
    Row("--report r", LINE, lambda ran: Path("r").exists() and '"edits"' in Path("r").read_text()),
    Row("--no-pager", LINE, lambda ran: not Path("paged").exists(), terminal=True),
    Row("--pager", LINE, lambda ran: Path("paged").exists(), without="--no-pager", terminal=True),
    Row("--resume j", LINE, lambda ran: Path("j").exists()),
    Row("--show-steps", LINE, lambda ran: "step   1" in ran.err),
    Row("--model other", LINE, lambda ran: ran.models == ["other"]),
]


class Terminal(io.TextIOWrapper):
    """A stdout that is a terminal."""

    def isatty(self) -> bool:
        """See ``IOBase.isatty``."""
        return True


class Run:
    """Runs the command line in a folder with fresh files, with a model that writes return 2."""

    def __init__(self, monkeypatch: pytest.MonkeyPatch, folder: Path, row: Row) -> None:
        folder.mkdir()
        for name, text in FILES.items():
            (folder / name).parent.mkdir(exist_ok=True)
            (folder / name).write_text(text)
        monkeypatch.chdir(folder)
        monkeypatch.setenv("PAGER", "cat > paged")
        monkeypatch.setattr(sys, "stdin", io.TextIOWrapper(io.BytesIO(row.stdin.encode())))
        if row.terminal:
            monkeypatch.setattr(sys, "stdout", Terminal(io.BytesIO()))
        if row.git:
            subprocess.run(["git", "init", "-q"], check=True)
        if "--jobs" in row.flag:
            monkeypatch.setattr(scanning, "WORTH_A_POOL", 2)
            monkeypatch.setattr(scanning, "BATCH", 1)
        monkeypatch.setattr(scanning, "ProcessPoolExecutor", self.pool)
        monkeypatch.setattr(cli, "open_editor", self.open_editor)
        self.ran = Ran()
        self.editor = TogetherEditor(two)

    def pool(self, workers: int, **how: Any) -> ProcessPoolExecutor:
        """Start real processes, and remember how many."""
        self.ran.workers.append(workers)
        return ProcessPoolExecutor(workers, **how)

    def open_editor(self, model: str) -> TogetherEditor:
        """Stand in for the model, and remember its name."""
        self.ran.models.append(model)
        return self.editor

    def __call__(self, capsys: pytest.CaptureFixture[str], arguments: str) -> Ran:
        """Run once."""
        capsys.readouterr()
        self.ran.code = cli.main(["apply", *shlex.split(arguments)])
        self.ran.out, self.ran.err = capsys.readouterr()
        self.ran.requests = self.editor.requests
        self.ran.batches = [len(batch) for batch in self.editor.batches]
        return self.ran


def two(request: EditRequest) -> list[str]:
    return [
        "2" if old == "1" else old.replace("return 1", "return 2") for old in old_texts(request)
    ]


@pytest.mark.parametrize("row", ROWS, ids=lambda row: row.flag)
def test_with_the_flag_something_is_otherwise(
    row: Row, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    with_it = Run(monkeypatch, tmp_path / "with", row)(capsys, f"{row.beside} {row.flag}")
    assert row.effect(with_it), with_it
    without = Run(monkeypatch, tmp_path / "without", row)(capsys, f"{row.beside} {row.without}")
    assert not seen(row.effect, without), without


def seen(effect: Callable[[Ran], bool], ran: Ran) -> bool:
    """Whether an effect is there; in a run that asked nothing of the model there may be none."""
    try:
        return effect(ran)
    except (IndexError, ValueError):
        return False


def test_no_flag_is_left_out() -> None:
    flags = {
        name
        for parameter in cli.cli.commands["apply"].params
        if isinstance(parameter, click.Option)
        for name in (*parameter.opts, *parameter.secondary_opts)
        if name.startswith("--")
    }
    assert flags == {word for row in ROWS for word in row.flag.split() if word.startswith("--")}
