"""The flags of ``apply``, in the groups in which its help shows them."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any, TypeVar, get_args

import click

from instant_edit.apply.options import ApplyOptions, OutputFormat
from instant_edit.flags import candidates_option, seed_option

Command = TypeVar("Command", bound=Callable[..., object])
Flag = Callable[[Any], Any]

_PATH = click.Path(path_type=Path)
_EXISTING = click.Path(path_type=Path, exists=True, dir_okay=False)
_FORMATS = {
    "--json": ("json", "Print one JSON object instead of a diff."),
    "--json-stream": ("json-stream", "Print a JSON object a line, each file as it is done."),
    "--sarif": ("sarif", "Print a SARIF 2.1.0 log whose results carry fixes."),
}

_SELECTION: tuple[Flag, ...] = (
    click.argument("paths", nargs=-1, metavar="[FILES]...", type=_PATH),
    click.option(
        "--lines",
        multiple=True,
        metavar="A:B",
        help="The lines to rewrite, 1-based and inclusive; repeat it for several spans.",
    ),
    click.option(
        "--symbol",
        "symbols",
        multiple=True,
        metavar="NAME",
        help="The function, class or method to rewrite; dotted, as in Shop.total.",
    ),
    click.option(
        "--query", metavar="TSQUERY", help="Every node that a tree-sitter query captures."
    ),
    click.option("--capture", metavar="@NAME", help="Which capture of --query to rewrite."),
    click.option(
        "--marker",
        is_flag=True,
        help="What stands below comments such as `instant-edit: add type hints`.",
    ),
    click.option(
        "--kind",
        "kinds",
        multiple=True,
        metavar="KIND",
        help="The places of a kind of edit; `instant-edit kinds` lists them.",
    ),
    click.option(
        "--diagnostics",
        type=_EXISTING,
        metavar="FILE",
        help="The lines of findings: SARIF, or the JSON of ruff.",
    ),
    click.option(
        "--edits",
        type=_EXISTING,
        metavar="FILE",
        help="A list of edits: JSON lines or YAML with path, lines and instruction.",
    ),
)
_SEARCH: tuple[Flag, ...] = (
    click.option(
        "--glob",
        "globs",
        multiple=True,
        metavar="PATTERN",
        help="Search directories only for such files; ! in front leaves them out.",
    ),
    click.option(
        "--no-ignore",
        "ignore",
        flag_value=False,
        default=True,
        help="Search ignored files too (.gitignore, .ignore, .instanteditignore).",
    ),
    click.option(
        "--deny",
        multiple=True,
        metavar="PATTERN",
        help="Never touch files of this name, beside secrets and lock files.",
    ),
    click.option("--language", metavar="ID", help="Use this language, whatever a file is called."),
    click.option(
        "--stdin-filename", metavar="NAME", help="What the text on stdin (-) would be called."
    ),
    click.option("--fail-on-empty", is_flag=True, help="Exit 2 if nothing is selected."),
    click.option(
        "--jobs",
        type=click.IntRange(min=1),
        metavar="N",
        help="Processes that search many files.  [default: one a core]",
    ),
)
_ASKING: tuple[Flag, ...] = (
    click.option("-m", "--instruction", metavar="TEXT", help="What to do with what is selected."),
    click.option(
        "--mode",
        type=click.Choice(["fill", "rewrite"]),
        help="Hide the old text, or show it to the model.  "
        "[default: rewrite with an instruction, fill without]",
    ),
    seed_option,
    candidates_option,
    click.option(
        "--deadline-ms",
        type=click.IntRange(min=1),
        metavar="N",
        help="Stop denoising an edit after this long.",
    ),
    click.option(
        "--batch",
        type=click.IntRange(1, 64),
        default=1,
        show_default=True,
        metavar="N",
        help="Denoise so many requests together.",
    ),
)
_TRUST: tuple[Flag, ...] = (
    click.option(
        "--verify",
        metavar="CMD",
        help="Run this on a copy of the project; an edit with which it fails is not made. "
        "{file} stands for the file.",
    ),
    click.option(
        "--verify-timeout",
        type=click.FloatRange(min=0, min_open=True),
        default=120.0,
        show_default=True,
        metavar="SECONDS",
        help="Give --verify up after this long.",
    ),
    click.option(
        "--min-confidence",
        type=click.FloatRange(0.0, 1.0),
        default=0.0,
        show_default=True,
        metavar="P",
        help="Abstain from edits below this confidence.",
    ),
    click.option(
        "--max-changed-lines",
        type=click.IntRange(min=1),
        metavar="N",
        help="Reject an edit that takes out and puts in more lines.",
    ),
)
_ENDS: tuple[Flag, ...] = (
    click.option("--write", is_flag=True, help="Change the files instead of printing a diff."),
    click.option("--check", is_flag=True, help="Print no diff; exit 1 if a file would change."),
    click.option(
        "-i", "--interactive", is_flag=True, help="Ask about each edit, and write those taken."
    ),
    click.option("--patch-out", type=_PATH, metavar="FILE", help="Also put the diffs in a file."),
    click.option(
        "--allow-dirty", is_flag=True, help="Write files with changes that git has no copy of."
    ),
    click.option(
        "--output-format",
        "output",
        type=click.Choice(get_args(OutputFormat)),
        default="diff",
        show_default=True,
        help="What stdout carries.",
    ),
    *(
        click.option(flag, "short_output", flag_value=value, default=None, help=text)
        for flag, (value, text) in _FORMATS.items()
    ),
    click.option(
        "--report", type=_PATH, metavar="FILE", help="Also put the object of --json in a file."
    ),
    click.option("--pager/--no-pager", default=True, help="Page the diff on a terminal."),
    click.option(
        "--resume",
        type=_PATH,
        metavar="FILE",
        help="Record in FILE what is done, and go on where it ends.",
    ),
    click.option("--show-steps", is_flag=True, help="Show on stderr how the text denoises."),
)


def apply_flags(command: Command) -> Command:
    """Give a command the flags of ``apply``."""
    for flag in reversed((*_SELECTION, *_SEARCH, *_ASKING, *_TRUST, *_ENDS)):
        command = flag(command)
    return command


def options_from(flags: Mapping[str, Any]) -> ApplyOptions:
    """The options that parsed flags stand for."""
    values = dict(flags)
    short = values.pop("short_output")
    if short is not None:
        if values["output"] not in ("diff", short):
            raise click.UsageError(f"--{short} and --output-format {values['output']} differ.")
        values["output"] = short
    return ApplyOptions(**values)
