"""A run learns, says how it goes, and an interrupted one ends where a whole one does."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
import torch
from torch import Tensor

from instant_edit.models.network import Network
from instant_edit.training.batch import Batch, Batches
from instant_edit.training.export import trained_tensors
from instant_edit.training.loop import Average, Places, Schedule, train
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


def run(folder: Path, name: str, steps: int, batches: Batches | None = None) -> dict[str, Tensor]:
    """Train a fresh tiny network, saving after every step."""
    schedule = Schedule(steps=steps, batch=2, peak=1e-2, warmup=1)
    places = Places(folder / name, minutes_between_checkpoints=0)
    batches = batches or make_batches(folder / "corpus")
    return train(network(), batches, schedule, places, CPU, compiled=False)


def log(folder: Path, name: str) -> list[dict[str, Any]]:
    return [json.loads(line) for line in (folder / name / "log.jsonl").read_text().splitlines()]


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    write_corpus(tmp_path / "corpus")
    return tmp_path


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


def test_a_resumed_run_ends_with_the_weights_of_a_whole_one(folder: Path) -> None:
    whole = run(folder, "whole", 6)
    stopped = make_batches(folder / "corpus")
    stopped.__class__ = Interrupted
    with pytest.raises(KeyboardInterrupt):
        run(folder, "halves", 6, stopped)
    assert torch.load(folder / "halves" / "checkpoint.pt", weights_only=True)["step"] == 3
    resumed = run(folder, "halves", 6)
    assert resumed.keys() == whole.keys()
    assert all(torch.equal(resumed[name], whole[name]) for name in whole)


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
