"""A shipped file can be trained further, on a device that is here."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest
import torch
from click.testing import CliRunner

from instant_edit.models.network import Network
from instant_edit.models.weights_file import write_network
from instant_edit.training.__main__ import main
from instant_edit.training.convert import begin_with
from tests import tiny


def written(path: Path, network: Network) -> Path:
    tensors = {name: (tensor.numpy(), "F32") for name, tensor in network.state_dict().items()}
    write_network(path, network.config, tensors)
    return path


def test_training_begins_with_what_was_trained_before(tmp_path: Path) -> None:
    before = tiny.network(seed=1)
    weights = written(tmp_path / "weights.gguf", before)
    begun, base = tiny.network(seed=2, adapters=False), tiny.network(seed=2).state_dict()
    trained = set(begin_with(begun, weights).trainable())
    assert trained
    for name, tensor in begun.state_dict().items():
        expected = before.state_dict()[name] if name in trained else base[name]
        assert torch.equal(tensor, expected), name
    assert all(tensor.requires_grad for tensor in begun.trainable().values())


def test_weights_of_other_sizes_are_refused(tmp_path: Path) -> None:
    weights = written(tmp_path / "weights.gguf", tiny.network())
    other = Network(replace(tiny.config(), layers=1))
    with pytest.raises(SystemExit, match=r"weights\.gguf has other sizes"):
        begin_with(other, weights)


@pytest.mark.parametrize("device", ["cuda:99", "no-such-device"])
def test_a_device_that_is_not_here_is_refused_before_the_work(tmp_path: Path, device: str) -> None:
    base = tmp_path / "base.gguf"
    base.write_bytes(b"")
    paths = ["--base", str(base), "--corpus", str(tmp_path), "--run", str(tmp_path / "run")]
    done = CliRunner().invoke(main, ["train", *paths, "--device", device])
    assert done.exit_code == 2
    assert f"--device {device} cannot be used" in done.stderr
    assert not (tmp_path / "run").exists()
