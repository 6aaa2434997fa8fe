"""What the README shows must work as it is shown."""

from __future__ import annotations

import re
import shlex
from pathlib import Path
from typing import Any

import click
import pytest

from instant_edit.cli import cli

README = (Path(__file__).resolve().parents[1] / "README.md").read_text("utf-8")


def blocks(language: str) -> list[str]:
    return re.findall(rf"^```{language}\n(.*?)^```", README, flags=re.M | re.S)


def commands() -> list[list[str]]:
    lines = "".join(blocks("console")).splitlines()
    return [
        shlex.split(line, comments=True)[1:] for line in lines if line.startswith("instant-edit ")
    ]


@pytest.mark.parametrize("arguments", commands(), ids=" ".join)
def test_every_command_shown_is_understood(arguments: list[str]) -> None:
    command: click.Command = cli
    context: click.Context | None = None
    while isinstance(command, click.Group):
        name, found, arguments = command.resolve_command(click.Context(command), arguments)
        assert found is not None, name
        command, context = found, click.Context(found)
    assert context is not None
    command.parse_args(context, list(arguments))


@pytest.mark.slow
@pytest.mark.timeout(300)
@pytest.mark.parametrize("code", blocks("python"))
def test_every_python_example_runs(code: str, capsys: pytest.CaptureFixture[str]) -> None:
    values: dict[str, Any] = {}
    exec(compile(code, "README.md", "exec"), values)
    assert capsys.readouterr().out.strip()
