"""The values of a selection: places to edit, and the requests that they become."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence
    from pathlib import Path

    from instant_edit.request import Mode, Span


@dataclass(frozen=True, slots=True)
class Target:
    """One place to edit, and by whose word.

    ``instruction`` and ``mode`` are its own; without them those of the run hold. ``cut`` is
    text outside the span that goes when the edit is applied (a marker comment). Targets that
    are ``joint`` are denoised together, as one edit; each other one stands or falls alone.
    """

    span: Span
    origin: str
    instruction: str | None = None
    mode: Mode | None = None
    cut: Span | None = None
    joint: bool = False
    kind: str | None = None


@dataclass(frozen=True, slots=True)
class Task:
    """What one request to the model covers: one target, or the joint ones of a file."""

    spans: tuple[Span, ...]
    origin: str
    instruction: str | None
    mode: Mode | None
    cut: Span | None = None
    kind: str | None = None


@dataclass(frozen=True, slots=True)
class Selected:
    """The tasks of one file, and the content that they are true of."""

    name: str
    path: Path
    digest: str
    language: str
    tasks: tuple[Task, ...]
    notes: tuple[str, ...] = ()


def tasks_of(
    targets: Sequence[Target], instruction: str | None, mode: Mode | None
) -> tuple[Task, ...]:
    """One task for the joint targets and one for each other, in the order of the file."""
    joint = [target for target in targets if target.joint]
    tasks = [_task([target], instruction, mode) for target in targets if not target.joint]
    if joint:
        tasks.append(_task(joint, instruction, mode))
    return tuple(sorted(tasks, key=lambda task: task.spans))


def _task(targets: Sequence[Target], instruction: str | None, mode: Mode | None) -> Task:
    first = targets[0]
    return Task(
        spans=tuple(sorted(target.span for target in targets)),
        origin=", ".join(_each_once(target.origin for target in targets)),
        instruction=first.instruction if first.instruction is not None else instruction,
        mode=first.mode or mode,
        cut=first.cut,
        kind=first.kind,
    )


def _each_once(names: Iterable[str]) -> list[str]:
    return list(dict.fromkeys(names))
