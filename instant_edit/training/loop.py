"""The training loop: checkpoints, resumes, and says how it goes. The same on CPU and CUDA."""

from __future__ import annotations

import json
import math
import queue
import sys
import threading
import time
from collections.abc import Iterator
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

import torch
from torch import Tensor

from instant_edit.models.network import Block, Network
from instant_edit.training.batch import Batch, Batches
from instant_edit.training.checkpoint import Checkpoints, Stopped
from instant_edit.training.objective import denoising_loss, left_to_right_loss


@dataclass(frozen=True, slots=True)
class Schedule:
    """How long and how fast to learn (warm-up, stable, decay: Hu et al. 2024)."""

    steps: int = 3000
    batch: int = 8
    peak: float = 1e-3
    warmup: int = 100
    decay: float = 0.25
    weight_decay: float = 0.01
    ema: float = 0.998
    seed: int = 0

    def rate(self, step: int) -> float:
        """Learning rate of a step."""
        start = self.steps * (1 - self.decay)
        fall = max(0.0, (step - start) / max(1.0, self.steps - start))
        return self.peak * min(1.0, (step + 1) / self.warmup) * (1 - math.sqrt(fall) * 0.98)


@dataclass(frozen=True, slots=True)
class Places:
    """Where the run lives: checkpoints and log, outside the work tree."""

    run: Path
    minutes_between_checkpoints: float = 8.0

    @property
    def checkpoints(self) -> Checkpoints:
        """The run's checkpoints."""
        return Checkpoints(self.run)

    def log(self, record: dict[str, Any]) -> None:
        """Append one line of JSON to the run's log.

        Raises:
            Stopped: it cannot be written.
        """
        path = self.run / "log.jsonl"
        try:
            with path.open("a") as handle:
                handle.write(json.dumps(record) + "\n")
        except OSError as error:
            raise Stopped(
                f"training: step {record.get('step', 0)}: {path} cannot be written "
                f"({error.strerror or error}); the last checkpoint is as it was. "
                "Make room, then give the same command to go on from there"
            ) from error


class Average:
    """Exponential moving average of the trained tensors."""

    def __init__(self, tensors: dict[str, Tensor], decay: float) -> None:
        self.decay = decay
        self.tensors = {name: t.detach().clone() for name, t in tensors.items()}

    def update(self, tensors: dict[str, Tensor], step: int) -> None:
        """Move towards the current tensors; faster in the first steps."""
        decay = min(self.decay, (1 + step) / (10 + step))
        for name, tensor in tensors.items():
            self.tensors[name].lerp_(tensor.detach(), 1 - decay)


def groups(trained: dict[str, Tensor]) -> list[dict[str, Any]]:
    """Parameter groups: what leaves an adapter, and the special rows, learn faster than what
    enters it (LoRA+, Hayou et al., arXiv 2402.12354).
    """
    times = {"up": 4.0, "special": 3.0, "down": 1.0}
    return [
        {"params": [t for name, t in trained.items() if name.endswith(end)], "times": factor}
        for end, factor in times.items()
    ]


def prefetch(batches: Batches, first: int, last: int) -> Iterator[Batch]:
    """Batches ``first`` to ``last``, made one ahead on another thread."""
    ready: queue.Queue[Batch | BaseException] = queue.Queue(maxsize=2)

    def work() -> None:
        try:
            for number in range(first, last):
                ready.put(batches.get(number))
        except BaseException as error:
            ready.put(error)

    threading.Thread(target=work, daemon=True).start()
    for _ in range(first, last):
        item = ready.get()
        if isinstance(item, BaseException):
            raise item
        yield item


def train(
    network: Network,
    batches: Batches,
    schedule: Schedule,
    places: Places,
    device: torch.device,
    *,
    compiled: bool = True,
) -> dict[str, Tensor]:
    """Train adapters and special rows; returns their averaged values.

    Resumes from the newest whole checkpoint when there is one. ``seconds`` in log and checkpoint
    count processor-bound time of the steps alone, not pauses of the process.
    """
    places.run.mkdir(parents=True, exist_ok=True)
    network.to(device)
    trained = network.trainable()
    optimizer = torch.optim.AdamW(
        groups(trained), schedule.peak, (0.9, 0.95), weight_decay=schedule.weight_decay, fused=True
    )
    average = Average(trained, schedule.ema)
    step, seconds, slots = 0, 0.0, 0
    state = places.checkpoints.load(device)
    if state is not None:
        network.load_state_dict(state["trained"], strict=False)
        optimizer.load_state_dict(state["optimizer"])
        average.tensors = state["average"]
        step, seconds, slots = state["step"], state["seconds"], state["slots"]
        print(f"training: resumed at step {step}, {seconds / 3600:.2f} h", file=sys.stderr)
    else:
        places.log({"schedule": asdict(schedule), "shape": asdict(batches.shape)})
    if compiled:
        Block.forward = torch.compile(Block.forward, dynamic=False)  # type: ignore[method-assign]
    saved = time.monotonic()
    shown: list[tuple[float, float]] = []
    for batch in prefetch(batches, step, schedule.steps):
        began = _busy(device)
        for group in optimizer.param_groups:
            group["lr"] = schedule.rate(step) * group["times"]
        loss = denoising_loss(network, batch.to(device))
        require_finite("loss", loss.value, step)
        optimizer.zero_grad(set_to_none=True)
        loss.value.backward()  # type: ignore[no-untyped-call]
        norm = torch.nn.utils.clip_grad_norm_(trained.values(), 1.0)
        require_finite("gradient", norm, step)
        optimizer.step()
        average.update(trained, step)
        step += 1
        seconds += _busy(device) - began
        slots += loss.supervised
        shown.append((float(loss.cross_entropy), float(loss.accuracy)))
        if step % 20 == 0 or step == schedule.steps:
            _report(places, schedule, step, seconds, slots, shown)
            shown.clear()
        if step % 400 == 0 or step == schedule.steps:
            places.log({"step": step, **held_out(network, batches, average, device)})
        due = time.monotonic() - saved > 60 * places.minutes_between_checkpoints
        if due or step == schedule.steps:
            _save(places, trained, optimizer, average, step, seconds, slots)
            saved = time.monotonic()
    return average.tensors


def require_finite(what: str, value: Tensor, step: int) -> None:
    """Stop before a step that would ruin the weights.

    Raises:
        Stopped: the value is infinite or not a number.
    """
    number = float(value.detach())
    if not math.isfinite(number):
        raise Stopped(
            f"training: step {step + 1}: the {what} is {number}; the step was not taken, and "
            "the checkpoints before it are as they were. Go on from there with a lower --rate, or "
            "with another --seed, which draws other examples"
        )


def _busy(device: torch.device) -> float:
    """Seconds of work: wall time on CUDA; on a CPU its time divided by the threads used."""
    if device.type == "cuda":
        torch.cuda.synchronize(device)
        return time.monotonic()
    return time.process_time() / torch.get_num_threads()


def _report(
    places: Places,
    schedule: Schedule,
    step: int,
    seconds: float,
    slots: int,
    shown: list[tuple[float, float]],
) -> None:
    loss = sum(s[0] for s in shown) / len(shown)
    accuracy = sum(s[1] for s in shown) / len(shown)
    rate = slots / max(seconds, 1e-9)
    left = (schedule.steps - step) * seconds / step / 60
    record = {"step": step, "loss": loss, "accuracy": accuracy, "seconds": seconds, "slots": slots}
    places.log(record)
    print(
        f"training: step {step}/{schedule.steps}  loss {loss:.3f}  accuracy {accuracy:.3f}  "
        f"{rate:,.0f} tokens/s  {seconds / 60:.1f} min, {left:.0f} min left",
        file=sys.stderr,
        flush=True,
    )


@torch.no_grad()
def held_out(
    network: Network, batches: Batches, average: Average, device: torch.device, count: int = 6
) -> dict[str, float]:
    """Loss and accuracy of the averaged weights on documents never trained on."""
    trained = network.trainable()
    kept = {name: t.detach().clone() for name, t in trained.items()}
    network.load_state_dict(average.tensors, strict=False)
    chosen = [batches.get(n, held_out=True).to(device) for n in range(count)]
    losses = [denoising_loss(network, batch) for batch in chosen]
    causal = [float(left_to_right_loss(network, batch)) for batch in chosen]
    network.load_state_dict(kept, strict=False)
    result = {
        "left_to_right_loss": sum(causal) / count,
        "held_out_loss": sum(float(x.cross_entropy) for x in losses) / count,
        "held_out_accuracy": sum(float(x.accuracy) for x in losses) / count,
    }
    print(f"training: {result}", file=sys.stderr, flush=True)
    return result


def _save(
    places: Places,
    trained: dict[str, Tensor],
    optimizer: torch.optim.Optimizer,
    average: Average,
    step: int,
    seconds: float,
    slots: int,
) -> None:
    state = {
        "trained": {name: t.detach() for name, t in trained.items()},
        "optimizer": optimizer.state_dict(),
        "average": average.tensors,
        "step": step,
        "seconds": seconds,
        "slots": slots,
    }
    places.checkpoints.save(state)
