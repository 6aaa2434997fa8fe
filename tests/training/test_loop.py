"""A run learns, says how it goes, and an interrupted one ends where a whole one does."""

from __future__ import annotations

import json
import re
import shutil
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
import torch
from torch import Tensor

from instant_edit.models.network import Network
from instant_edit.training.batch import Batch, Batches
from instant_edit.training.checkpoint import Checkpoints, Stopped
from instant_edit.training.export import trained_tensors
from instant_edit.training.loop import Average, Places, Schedule, require_finite, train
from tests import tiny
from tests.scripted import tokenizer
from tests.training.material import make_batches, write_corpus

CPU = torch.device("cpu")


class Interrupted(Batches):
    """Batches of a run that is stopped before batch ``at``."""

    at = 3

    def get(self, number: int, *, held_out: bool = False) -> Batch:
        """See ``Batches.get``."""
        if number == self.at and not held_out:
            raise KeyboardInterrupt
        return super().get(number, held_out=held_out)


def network() -> Network:
    return tiny.network(vocabulary=tokenizer().vocabulary, adapters=False)


def run(
    folder: Path, name: str, steps: int, batches: Batches | None = None, peak: float = 1e-2
) -> dict[str, Tensor]:
    """Train a fresh tiny network, saving after every step."""
    schedule = Schedule(steps=steps, batch=2, peak=peak, warmup=1)
    places = Places(folder / name, minutes_between_checkpoints=0)
    batches = batches or make_batches(folder / "corpus")
    return train(network(), batches, schedule, places, CPU, compiled=False)


def log(folder: Path, name: str) -> list[dict[str, Any]]:
    return [json.loads(line) for line in (folder / name / "log.jsonl").read_text().splitlines()]


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    write_corpus(tmp_path / "corpus")
    return tmp_path


@pytest.fixture(scope="module")
def whole(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Tensor]:
    """The weights of a run of six steps that nothing happened to."""
    folder = tmp_path_factory.mktemp("whole")
    write_corpus(folder / "corpus")
    return run(folder, "whole", 6)


@pytest.fixture(scope="module")
def stopped(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The folder of such a run that was stopped after three steps; to be copied."""
    folder = tmp_path_factory.mktemp("stopped")
    write_corpus(folder / "corpus")
    batches = make_batches(folder / "corpus")
    batches.__class__ = Interrupted
    with pytest.raises(KeyboardInterrupt):
        run(folder, "run", 6, batches)
    return folder / "run"


@pytest.fixture
def halves(folder: Path, stopped: Path) -> Checkpoints:
    """The checkpoints of the run "run" in ``folder``, stopped after three of six steps."""
    shutil.copytree(stopped, folder / "run")
    return Checkpoints(folder / "run")


def same(one: dict[str, Tensor], other: dict[str, Tensor]) -> bool:
    return one.keys() == other.keys() and all(torch.equal(one[n], other[n]) for n in one)


def test_a_run_learns(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    run(folder, "run", 100, make_batches(folder / "corpus", size=1))
    records = log(folder, "run")
    first, *_, last = (record["loss"] for record in records if "loss" in record)
    assert last < first - 0.5
    assert records[-1]["step"] == 100
    assert records[-1]["held_out_loss"] > 0
    out, err = capsys.readouterr()
    assert out == ""
    assert "step 100/100" in err
    assert "tokens/s" in err
    assert "min left" in err


@pytest.mark.usefixtures("halves")
def test_a_resumed_run_ends_with_the_weights_of_a_whole_one(
    folder: Path, whole: dict[str, Tensor]
) -> None:
    assert torch.load(folder / "run" / "checkpoint.pt", weights_only=True)["step"] == 3
    assert same(run(folder, "run", 6), whole)


def cut(path: Path) -> None:
    path.write_bytes(path.read_bytes()[: path.stat().st_size // 2])


def zero(path: Path) -> None:
    """As a crash may leave a file: its length, and nothing in its middle."""
    data = bytearray(path.read_bytes())
    middle = len(data) // 2
    data[middle : middle + 4096] = bytes(4096)
    path.write_bytes(data)


@pytest.mark.parametrize("harm", [cut, zero, Path.unlink], ids=["cut off", "zeroed", "missing"])
def test_a_damaged_checkpoint_is_noticed_and_the_one_before_it_used(
    folder: Path,
    whole: dict[str, Tensor],
    halves: Checkpoints,
    capsys: pytest.CaptureFixture[str],
    harm: Callable[[Path], None],
) -> None:
    harm(halves.newest)
    resumed = run(folder, "run", 6)
    err = capsys.readouterr().err
    assert "resumed at step 2" in err
    said = "checkpoint.pt is damaged; going on with checkpoint-previous.pt, of step 2" in err
    assert said is (harm is not Path.unlink)
    assert same(resumed, whole)


def test_a_damaged_checkpoint_does_not_take_the_place_of_a_whole_one(halves: Checkpoints) -> None:
    before = halves.previous.read_bytes()
    cut(halves.newest)
    halves.save({"step": 9})
    assert halves.load(CPU) == {"step": 9}
    assert halves.previous.read_bytes() == before


def test_a_run_with_no_whole_checkpoint_is_not_begun_anew_by_itself(
    folder: Path, halves: Checkpoints
) -> None:
    cut(halves.newest)
    zero(halves.previous)
    with pytest.raises(Stopped, match=r"checkpoint\.pt and checkpoint-previous\.pt in .* cannot"):
        run(folder, "run", 6)


def test_an_export_takes_the_checkpoint_before_a_damaged_one(
    folder: Path, halves: Checkpoints
) -> None:
    expected = torch.load(halves.previous, weights_only=True)["average"]
    cut(halves.newest)
    assert same(trained_tensors(folder / "run"), expected)


def test_a_full_disk_ends_the_run_and_leaves_the_last_checkpoint(
    folder: Path, whole: dict[str, Tensor], halves: Checkpoints
) -> None:
    before = halves.newest.read_bytes()
    halves.partial.symlink_to("/dev/full")
    with pytest.raises(Stopped) as stopped:
        run(folder, "run", 6)
    assert "step 4: the checkpoint cannot be written" in str(stopped.value)
    assert "No space left on device" in str(stopped.value)
    assert "checkpoint.pt, of step 3, is as it was" in str(stopped.value)
    assert halves.newest.read_bytes() == before
    assert not halves.partial.is_symlink()
    assert same(run(folder, "run", 6), whole)


def test_a_log_that_cannot_be_written_ends_the_run_in_one_sentence(folder: Path) -> None:
    (folder / "run").mkdir()
    (folder / "run" / "log.jsonl").symlink_to("/dev/full")
    with pytest.raises(Stopped, match=r"log\.jsonl cannot be written \(No space left on device\)"):
        run(folder, "run", 2)


def test_a_loss_that_is_no_number_stops_before_the_step_is_taken(folder: Path) -> None:
    run(folder, "run", 2)
    with pytest.raises(Stopped) as stopped:
        run(folder, "run", 12, peak=1e30)
    found = re.search(r"step (\d+): the (loss|gradient) is (nan|inf)", str(stopped.value))
    assert found is not None
    state = Checkpoints(folder / "run").load(CPU)
    assert state is not None
    assert state["step"] == int(found[1]) - 1 > 2
    assert all(tensor.isfinite().all() for tensor in state["trained"].values())


@pytest.mark.parametrize("value", [float("nan"), float("inf"), float("-inf")])
def test_what_is_not_finite_is_named_with_its_step(value: float) -> None:
    require_finite("loss", torch.tensor(3.5), 6)
    with pytest.raises(Stopped, match=f"step 7: the gradient is {value}"):
        require_finite("gradient", torch.tensor(value), 6)


def test_a_finished_run_is_not_trained_on(folder: Path) -> None:
    first = run(folder, "run", 2)
    again = run(folder, "run", 2)
    assert all(torch.equal(first[name], again[name]) for name in first)


def test_a_checkpoint_holds_what_is_exported(folder: Path) -> None:
    averaged = run(folder, "run", 2)
    read = trained_tensors(folder / "run")
    assert read.keys() == network().trainable().keys()
    assert all(torch.equal(read[name], averaged[name]) for name in averaged)
    assert not (folder / "run" / "checkpoint.partial").exists()


def test_the_frozen_weights_stay_as_they_were(folder: Path) -> None:
    made, before = network(), network().state_dict()
    schedule, places = Schedule(steps=2, batch=2, warmup=1), Places(folder / "run")
    train(made, make_batches(folder / "corpus"), schedule, places, CPU, compiled=False)
    trained = set(made.trainable())
    changed = {name for name, t in made.state_dict().items() if not torch.equal(t, before[name])}
    assert changed
    assert changed <= trained


def test_the_rate_warms_up_stays_and_falls() -> None:
    schedule = Schedule(steps=1000, peak=1.0, warmup=100, decay=0.25)
    rates = [schedule.rate(step) for step in range(1000)]
    assert rates[0] == pytest.approx(0.01)
    assert rates[99:750] == [1.0] * 651
    assert rates[750:] == sorted(rates[750:], reverse=True)
    assert 0 < rates[-1] < 0.05


def test_an_average_moves_towards_what_it_is_shown() -> None:
    average = Average({"a": torch.zeros(1)}, decay=0.9)
    values = []
    for step in range(50):
        average.update({"a": torch.ones(1)}, step)
        values.append(float(average.tensors["a"]))
    assert values == sorted(values)
    assert 0.9 < values[-1] < 1
