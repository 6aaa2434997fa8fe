"""Flags that cannot stand together are refused before anything is read."""

from __future__ import annotations

from pathlib import Path

import pytest

from instant_edit import cli
from instant_edit.apply.options import ApplyOptions
from instant_edit.edit_kinds import all_kinds

CASES = {
    "f.py": "nothing is selected",
    "--query (a)@b": "no file is named",
    "f.py --lines 1 --write --check": "--write and --check exclude each other",
    "f.py g.py --lines 1": "--lines counts the lines of one file",
    ". --lines 1": "--lines counts the lines of one file",
    "f.py --lines 1 --capture @a": "--query, which is missing",
    "- --lines 1": "give --stdin-filename",
    "- f.py --symbol a --stdin-filename a.py": "cannot be mixed",
    "f.py --lines 1 --stdin-filename a.py": "give - as the file",
    "- --lines 1 --stdin-filename a.py --patch-out p": "no place on the disk",
    "f.py --lines 1 --json --output-format github": "differ",
    "f.py --lines 1 --interactive --json": "cannot print json",
    "f.py --lines 1 --interactive --resume j": "--show-steps or --resume away",
    "- --lines 1 --stdin-filename f.py --verify true": "no place on the disk",
    "f.py --kind magic": "known are: docstring",
}


@pytest.mark.parametrize(("arguments", "message"), CASES.items(), ids=CASES)
def test_contradictions_are_wrong_usage(
    arguments: str, message: str, capsys: pytest.CaptureFixture[str]
) -> None:
    assert cli.main(["apply", *arguments.split()]) == 2
    out, err = capsys.readouterr()
    assert out == ""
    assert message in err


def parsed(monkeypatch: pytest.MonkeyPatch, *arguments: str) -> ApplyOptions:
    seen: list[ApplyOptions] = []

    def run(options: ApplyOptions, open_editor: object) -> int:
        seen.append(options)
        return 0

    monkeypatch.setattr("instant_edit.apply.command.run", run)
    assert cli.main(["apply", *arguments]) == 0
    return seen[0]


def test_every_flag_reaches_its_option(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    file = tmp_path / "list"
    file.touch()
    flags = (
        f"a b --symbol s --query q --capture c --marker --kind k --diagnostics {file}"
        f" --edits {file} --glob g --no-ignore --deny d --language l --fail-on-empty --jobs 2"
        " -m text --mode fill"
        " --seed 3 --candidates 4 --deadline-ms 5 --batch 6 --verify v --verify-timeout 7"
        " --min-confidence 0.8 --max-changed-lines 9 --write --patch-out p --allow-dirty --sarif"
        " --report r --no-pager --show-steps --resume j"
    )
    assert parsed(monkeypatch, *flags.split()) == ApplyOptions(
        paths=(Path("a"), Path("b")),
        symbols=("s",),
        query="q",
        capture="c",
        marker=True,
        kinds=("k",),
        diagnostics=file,
        edits=file,
        globs=("g",),
        ignore=False,
        deny=("d",),
        language="l",
        fail_on_empty=True,
        jobs=2,
        instruction="text",
        mode="fill",
        seed=3,
        candidates=4,
        deadline_ms=5,
        batch=6,
        verify="v",
        verify_timeout=7.0,
        min_confidence=0.8,
        max_changed_lines=9,
        write=True,
        patch_out=Path("p"),
        allow_dirty=True,
        output="sarif",
        report=Path("r"),
        pager=False,
        show_steps=True,
        resume=Path("j"),
    )


def test_without_flags_the_options_are_their_defaults(monkeypatch: pytest.MonkeyPatch) -> None:
    given = parsed(monkeypatch, "f.py", "--lines", "1")
    assert given == ApplyOptions(paths=(Path("f.py"),), lines=("1",))
    assert parsed(monkeypatch, "f.py", "--lines", "1", "-i").interactive
    assert parsed(monkeypatch, "f.py", "--lines", "1", "--check").check
    stdin = parsed(monkeypatch, "-", "--lines", "1", "--stdin-filename", "f.py")
    assert (stdin.from_stdin, stdin.stdin_filename) == (True, "f.py")
    assert parsed(monkeypatch, "f.py", "--lines", "1", "--json-stream").output == "json-stream"


def test_the_kinds_are_listed_where_the_help_says(capsys: pytest.CaptureFixture[str]) -> None:
    assert cli.main(["apply", "--help"]) == 0
    assert "instant-edit kinds" in " ".join(capsys.readouterr().out.split())
    assert cli.main(["kinds"]) == 0
    shown = capsys.readouterr().out
    assert all(kind.id in shown for kind in all_kinds())
