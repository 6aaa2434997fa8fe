"""The training itself: steps in the time there is, into a weights file."""

from __future__ import annotations

import shutil
import time
from dataclasses import dataclass
from typing import TYPE_CHECKING

import torch

from instant_edit.errors import InputError, InstantEditError
from instant_edit.training.checkpoint import Stopped
from instant_edit.training.loop import Places, Schedule, train
from instant_edit.training.objective import denoising_loss
from instant_edit.tuning.weights import write_tuned

if TYPE_CHECKING:
    from pathlib import Path

    from instant_edit.models.network import Network
    from instant_edit.training.batch import Batches

RUN = "run"
FEWEST_STEPS = 10
TIMED = 2  # steps that are timed, after one that warms up
KEPT = 3  # checkpoints on the disk at once: two, and one that is being written
COPIES = 4  # of what is trained, in a checkpoint: itself, two moments, the average
MINUTES_BETWEEN_CHECKPOINTS = 1.0


@dataclass(frozen=True, slots=True)
class Course:
    """How to train.

    Args:
        steps: how many.
        batch: windows a step.
        rate: peak learning rate.
        seed: of the run.
    """

    steps: int
    batch: int
    rate: float
    seed: int

    @property
    def schedule(self) -> Schedule:
        """As the training loop takes it."""
        warmup = max(1, min(100, self.steps // 10))
        return Schedule(
            steps=self.steps, batch=self.batch, peak=self.rate, warmup=warmup, seed=self.seed
        )


def steps_in(minutes: float, network: Network, batches: Batches, device: torch.device) -> int:
    """How many steps take so long on this machine, measured on a few that change nothing."""
    network.to(device)
    began = time.monotonic()
    for number in range(TIMED + 1):
        if number == 1:
            began = time.monotonic()
        loss = denoising_loss(network, batches.get(number).to(device))
        loss.value.backward()  # type: ignore[no-untyped-call]
        float(loss.accuracy)  # waits for an accelerator
    network.zero_grad(set_to_none=True)
    seconds = (time.monotonic() - began) / TIMED
    return max(FEWEST_STEPS, int(60 * minutes / seconds))


def require_room(folder: Path, network: Network, source: Path) -> None:
    """Refuse what the disk has no room for, before anything is trained.

    Raises:
        InputError: the folder cannot be written, or has too little room; with figures.
    """
    need = source.stat().st_size + KEPT * COPIES * sum(
        tensor.numel() * tensor.element_size() for tensor in network.trainable().values()
    )
    try:
        (folder / RUN).mkdir(parents=True, exist_ok=True)
        probe = folder / RUN / "probe"
        probe.touch()
        probe.unlink()
    except OSError as error:
        raise InputError(f"--out {folder} cannot be written: {error.strerror}") from None
    free = shutil.disk_usage(folder).free
    if free < need:
        raise InputError(
            f"--out {folder}: {free / 1e6:,.0f} MB are free, and the run needs "
            f"{need / 1e6:,.0f} MB; make room or name another --out"
        )


def trained(
    network: Network,
    batches: Batches,
    course: Course,
    folder: Path,
    source: Path,
    device: torch.device,
) -> Path:
    """Train a network, or go on where that was interrupted; the weights file.

    Args:
        network: of the file ``source``.
        batches: what it learns from.
        course: for how long, and how fast.
        folder: of the run.
        source: the weights file whose frozen part is kept.
        device: where to train.

    Raises:
        InstantEditError: the training cannot go on; what is kept is in the text.
    """
    places = Places(folder / RUN, minutes_between_checkpoints=MINUTES_BETWEEN_CHECKPOINTS)
    out = folder / "model.gguf"
    try:
        found = train(network, batches, course.schedule, places, device, compiled=False)
        write_tuned(source, found, out)
    except Stopped as stopped:
        raise InstantEditError(str(stopped).replace("--run", "--out")) from stopped
    except OSError as error:
        raise InstantEditError(
            f"{out} cannot be written ({error.strerror or error}); the checkpoints are kept: make "
            "room, then give the same command to go on"
        ) from error
    return out


def forget_checkpoints(folder: Path) -> None:
    """Remove what is needed only to go on; the log stays."""
    for path in (folder / RUN).glob("*.pt"):
        path.unlink()
