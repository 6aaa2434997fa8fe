"""``--interactive``: each edit is shown, and taken, refused, asked for anew or changed by hand."""

from __future__ import annotations

import sys
from dataclasses import dataclass, replace
from pathlib import PurePath
from typing import TYPE_CHECKING

import click

from instant_edit.apply.outcome import TaskOutcome
from instant_edit.apply.reports.diff import coloured, unified_diff
from instant_edit.splice import conform
from instant_edit.text import SourceText

if TYPE_CHECKING:
    from collections.abc import Callable

    from instant_edit.apply.draft import Draft
    from instant_edit.apply.editing import Asking

HELP = {
    "y": "take this edit",
    "n": "refuse it and leave the text as it is",
    "r": "ask the model again, with the next seed",
    "e": "change it by hand in $EDITOR; it must still pass the gate",
    "q": "quit: keep what was taken so far, refuse the rest",
}
NO_EDIT = "nrq"


def ask_terminal(prompt: str) -> str:
    """Ask on stderr and read a line from stdin; its end means quit."""
    click.echo(prompt, nl=False, err=True)
    line = sys.stdin.readline()
    return line.strip().lower() if line else "q"


@dataclass
class Reviewer:
    """Asks about one outcome after the other; ``quit`` says that no more are wanted."""

    ask: Callable[[str], str] = ask_terminal
    quit: bool = False

    def review(
        self, asking: Asking, outcome: TaskOutcome, draft: Draft, new: Draft
    ) -> tuple[TaskOutcome, Draft]:
        """Settle one task with the user: the outcome that was agreed on, and its draft."""
        while True:
            choices = self._show(outcome, draft, new)
            answer = self._answer(choices)
            if answer == "y":
                return outcome, new
            if answer in ("n", "q"):
                self.quit = answer == "q"
                return replace(outcome, status="declined", edits=(), findings=()), draft
            if answer == "r":
                outcome, new = asking.settle(outcome.task, draft, outcome.seed + 1)
            elif answer == "e":
                outcome, new = by_hand(outcome, draft, new)

    def _show(self, outcome: TaskOutcome, draft: Draft, new: Draft) -> str:
        """Show what an outcome would do, and say which answers it allows."""
        if outcome.status != "edited":
            reasons = "; ".join(finding.message for finding in outcome.findings)
            line = draft.source.count("\n", 0, outcome.task.spans[0].start) + 1
            click.echo(f"{draft.name}:{line}: {outcome.status}: {reasons or 'same text'}", err=True)
            return NO_EDIT
        diff = unified_diff(draft.text, new.text, draft.name)
        painted = coloured(diff) if sys.stderr.isatty() else diff
        click.echo(painted, nl=False, err=True)
        return "".join(HELP) if len(new.changes[-1].edits) == 1 else "ynrq"

    def _answer(self, choices: str) -> str:
        while True:
            answer = self.ask(f"apply this edit [{','.join(choices)},?]? ")
            if answer and answer in choices:
                return answer
            for choice in choices:
                click.echo(f"{choice} - {HELP[choice]}", err=True)


def by_hand(outcome: TaskOutcome, draft: Draft, new: Draft) -> tuple[TaskOutcome, Draft]:
    """Let the user change an edit; what does not pass the gate is told and not taken."""
    change = new.changes[-1]
    (edit,) = change.edits
    answer = click.edit(edit.text, extension=PurePath(draft.name).suffix or ".txt")
    if answer is None:
        return outcome, new
    if not edit.text.endswith("\n"):
        answer = answer.removesuffix("\n")  # which the editor has put behind it
    text = conform(answer, SourceText(draft.source), edit.span)
    changed = replace(change, edits=(replace(edit, text=text),))
    edited = draft.with_change(changed)
    findings = edited.verdict().findings
    if findings:
        for finding in findings:
            click.echo(f"  {finding.kind}: {finding.message}", err=True)
        return outcome, new
    return replace(outcome, edits=changed.all_edits, by_hand=True), edited
