"""``instant-edit train``, from the repository to the table."""

from __future__ import annotations

import json
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

import click
import torch

from instant_edit.errors import ModelError
from instant_edit.models.embedded import WEIGHTS, EmbeddedDenoiser, choose_dtype, choose_threads
from instant_edit.models.registry import EMBEDDED, is_embedded, require_usable
from instant_edit.models.weights_file import digest
from instant_edit.training.devices import device_named
from instant_edit.training.shape import Shape
from instant_edit.tuning import report, rows
from instant_edit.tuning.comparison import Comparison, Sheet, compared
from instant_edit.tuning.examples import batches
from instant_edit.tuning.material import Material, gather
from instant_edit.tuning.measuring import measure
from instant_edit.tuning.plan import Asked, Plan
from instant_edit.tuning.repository import Repository
from instant_edit.tuning.training import (
    Course,
    forget_checkpoints,
    require_room,
    steps_in,
    trained,
)
from instant_edit.tuning.weights import trainable_network

if TYPE_CHECKING:
    from collections.abc import Callable

    from instant_edit.request import Mode
    from instant_edit.training.batch import Batches
    from instant_edit.tuning.rows import Rows

TOLD_EVERY = 20  # rows
MODES: tuple[tuple[str, Mode], ...] = (("fills", "fill"), ("rewrites", "rewrite"))


@dataclass(frozen=True, slots=True)
class Options:
    """The flags of the command; see ``--help``."""

    repo: Path
    out: Path
    model: str
    steps: int | None
    minutes: float | None
    held_out: int | None
    batch: int
    rate: float
    seed: int
    device: str
    as_json: bool


@dataclass(frozen=True, slots=True)
class Run:
    """A run of the command.

    Args:
        out: its folder.
        asked: what the user asked for.
        plan: what that came to; None where it is yet to be made.
        repository: split as the plan says.
        source: the weights that are trained further.
        device: where they are trained.
    """

    out: Path
    asked: Asked
    plan: Plan | None
    repository: Repository
    source: Path
    device: torch.device

    @classmethod
    def of(cls, options: Options) -> Run:
        """Look at all that can be wrong before anything takes time."""
        source, device = _weights(options.model), device_named(options.device)
        repository = Repository.split_at(options.repo, options.held_out)
        asked = _asked(options, repository, source)
        plan = Plan.of(options.out, asked)
        if plan is not None:  # whatever was committed since
            repository = Repository(repository.path, plan.head, plan.split, plan.held_out)
        return cls(options.out, asked, plan, repository, source, device)

    @property
    def report(self) -> Path:
        """Where its report is, once it has finished."""
        return self.out / report.NAME

    def finish(self) -> None:
        """All that takes time; its report lies in the folder at the end."""
        torch.set_num_threads(choose_threads())
        torch.manual_seed(self.asked.seed)
        before = EmbeddedDenoiser.load(self.source)
        material = gather(self.repository, before.tokenizer, Shape().window)
        measured_on = rows.held_out(self.repository, material.texts, self.asked.seed)
        _tell(_described(self.repository, material, measured_on))
        texts = sorted({row.source for row in measured_on.fills})
        seen = (before.tokenizer, Shape(), self.asked.batch, self.asked.seed)
        plan, weights = self._trained(batches(material, texts, *seen))
        after = EmbeddedDenoiser.load(weights)
        comparisons = _compared(measured_on, before, after, self.asked.seed)
        found = report.document(plan, material, measured_on, comparisons, weights, digest(weights))
        self.report.write_text(json.dumps(found, indent=1) + "\n", encoding="utf-8")
        forget_checkpoints(self.out)

    def _trained(self, made: Batches) -> tuple[Plan, Path]:
        """The weights file, trained to the end, and the plan that was followed."""
        asked, on_cpu = self.asked, self.device.type == "cpu"
        network = trainable_network(self.source, choose_dtype() if on_cpu else torch.bfloat16)
        require_room(self.out, network, self.source)
        plan = self.plan
        if plan is None:
            steps = asked.steps or steps_in(asked.minutes or 1, network, made, self.device)
            here = self.repository
            plan = Plan(asked, here.head, here.split, here.held_out, steps)
            plan.write(self.out)
        _tell(f"training: {plan.steps} steps")
        course = Course(plan.steps, asked.batch, asked.rate, asked.seed)
        return plan, trained(network, made, course, self.out, self.source, self.device)


def run(options: Options) -> int:
    """Train, measure, print the table; the exit code.

    Raises:
        InputError: the repository, the folder or the device cannot be used.
        InstantEditError: the training cannot go on.
    """
    task = Run.of(options)
    if task.plan is None or not task.report.is_file():
        try:
            task.finish()
        except KeyboardInterrupt:
            _tell(f"interrupted; give the same command to go on with what {task.out} holds")
            return 130
    found = json.loads(task.report.read_text("utf-8"))
    click.echo(json.dumps(found, indent=2) if options.as_json else report.table(found))
    _tell(report.conclusion(found))
    return 0


def _compared(
    measured_on: Rows, before: EmbeddedDenoiser, after: EmbeddedDenoiser, seed: int
) -> dict[str, Comparison]:
    sheets: dict[str, Sheet] = {}
    for kind, mode in MODES:
        here = measured_on.of(mode)
        if here:
            scores = [
                tuple(measure(model, here, mode, seed, _counting(f"{kind}, {name}", len(here))))
                for name, model in (("before", before), ("after", after))
            ]
            sheets[kind] = Sheet(here, *scores)
    sheets["all"] = sum(sheets.values(), Sheet())
    return {kind: compared(sheet) for kind, sheet in sheets.items()}


def _counting(what: str, total: int) -> Callable[[int], None]:
    def tell(done: int) -> None:
        if done % TOLD_EVERY == 0 or done == total:
            _tell(f"measuring: {what}: {done}/{total}")

    return tell


def _weights(model: str) -> Path:
    if not is_embedded(model):
        raise ModelError(
            f"only the embedded model can be trained here, not {model!r}; --model takes "
            f"{EMBEDDED!r}, or a .gguf file that this command has written"
        )
    require_usable(model)
    return WEIGHTS if model == EMBEDDED else Path(model).expanduser()


def _asked(options: Options, repository: Repository, source: Path) -> Asked:
    return Asked(
        repository=str(repository.path.resolve()),
        held_out=options.held_out,
        steps=options.steps,
        minutes=options.minutes,
        batch=options.batch,
        rate=options.rate,
        seed=options.seed,
        model=digest(source),
    )


def _described(repository: Repository, material: Material, found: Rows) -> str:
    return (
        f"{repository.path}: learning from {material.files} files and {len(material.edits)} edits "
        f"as of {repository.split[:12]}; held out are the {repository.held_out} commits after it, "
        f"with {found.all_fills} spans to fill and {found.all_rewrites} to rewrite"
    )


def _tell(line: str) -> None:
    click.echo(line, err=True)
