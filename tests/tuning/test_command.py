"""``instant-edit train``: the whole run, with a tiny network in the place of the real one."""

from __future__ import annotations

import json
import shutil
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest
from click.testing import CliRunner, Result

from instant_edit import cli
from instant_edit.errors import InstantEditError
from instant_edit.models import weights_file
from instant_edit.models.embedded import WEIGHTS
from instant_edit.models.weights_file import read_network
from instant_edit.training.batch import Batch, Batches
from instant_edit.training.shape import Shape
from instant_edit.tuning import command, measuring, rows, training
from instant_edit.tuning.examples import batches
from instant_edit.tuning.material import gather
from instant_edit.tuning.repository import Repository
from instant_edit.tuning.weights import trainable_network
from tests import tiny
from tests.scratch import Scratch
from tests.scripted import tokenizer
from tests.tuning.project import project

if TYPE_CHECKING:
    from collections.abc import Sequence

    from instant_edit.evaluation.cases import Case
    from instant_edit.models.protocol import Denoiser
    from instant_edit.request import Mode

SMALL = Shape(window=40, holes=2, tail=96, slots=24, longest=24)
FLAGS = ("--held-out", "3", "--batch", "1")


@pytest.fixture(scope="module")
def scratch(tmp_path_factory: pytest.TempPathFactory) -> Scratch:
    return project(tmp_path_factory.mktemp("project") / "shop")


@pytest.fixture(scope="module")
def weights(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A weights file of the shipped one's layout."""
    path = tmp_path_factory.mktemp("weights") / "tiny.gguf"
    network = tiny.network(vocabulary=tokenizer().vocabulary)
    kinds = {"special": "F16"}
    tensors = {
        name: (t.numpy(), kinds.get(name, "F32" if t.ndim == 1 else "Q8_0"))
        for name, t in network.state_dict().items()
    }
    weights_file.write_network(path, network.config, tensors)
    return path


def unedited(
    denoiser: Denoiser, rows: Sequence[Case], mode: Mode, *_: object
) -> list[measuring.Score]:
    """Rows of which no edit is made, for runs that are not about that."""
    return [measuring.Score(False, False, *measuring.surprise(denoiser, r, mode)) for r in rows]


@pytest.fixture(autouse=True)
def small(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(command, "Shape", lambda: SMALL)
    monkeypatch.setattr(command, "measure", unedited)


def train(scratch: Scratch, out: Path, weights: Path, *flags: str) -> Result:
    words = ["train", "--repo", str(scratch.folder), "--out", str(out), "--model", str(weights)]
    return CliRunner().invoke(cli.cli, [*words, *FLAGS, *flags], standalone_mode=False)


def document(result: Result) -> dict[str, Any]:
    assert result.exception is None, result.exception
    found: dict[str, Any] = json.loads(result.stdout)
    return found


@pytest.fixture(scope="module")
def run(
    scratch: Scratch, weights: Path, tmp_path_factory: pytest.TempPathFactory
) -> tuple[Path, dict[str, Any]]:
    """A finished run of two steps, and what it printed as JSON."""
    out = tmp_path_factory.mktemp("run") / "out"
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(command, "Shape", lambda: SMALL)
        patch.setattr(command, "measure", unedited)
        patch.setattr(rows, "held_out", partial(rows.held_out, most=1))
        result = train(scratch, out, weights, "--steps", "2", "--json")
    return out, document(result)


def test_a_run_ends_with_a_model_that_can_be_loaded(
    run: tuple[Path, dict[str, Any]], weights: Path
) -> None:
    import torch

    out, found = run
    assert found["model"]["path"] == str(out / "model.gguf")
    tuned = read_network(out / "model.gguf", torch.float32).state_dict()
    before = read_network(weights, torch.float32)
    trained = {name for name in tuned if "adapter" in name or name == "special"}
    changed = {name for name in tuned if not torch.equal(tuned[name], before.state_dict()[name])}
    assert changed
    assert changed <= trained, "what is frozen is byte for byte what it was"


def test_a_report_has_both_models_on_the_same_rows(run: tuple[Path, dict[str, Any]]) -> None:
    _, found = run
    assert found["learned"]["edits"] == 2
    assert found["rows"] == {"fills": 3, "rewrites": 2}
    everything = found["measured"]["all"]
    assert everything["rows"] == 2, "one of each kind"
    assert everything["exact"]["before"]["of"] == everything["exact"]["after"]["of"] == 2
    assert everything["loss"]["before"] != everything["loss"]["after"]
    assert found["verdict"] == "not shown to be better", "so few show nothing"


def test_a_finished_run_is_shown_again_and_nothing_is_trained(
    run: tuple[Path, dict[str, Any]], scratch: Scratch, weights: Path
) -> None:
    out, found = run
    assert not list(out.rglob("*.pt"))
    digest = (out / "model.gguf").stat().st_mtime_ns
    result = train(scratch, out, weights, "--steps", "2")
    assert result.return_value == 0
    assert (out / "model.gguf").stat().st_mtime_ns == digest
    head, *lines = result.stdout.splitlines()
    assert head.split() == ["before", "after", "change", "(95", "%)", "rows", "commits"]
    assert lines[0].startswith("fills: exact matches")
    assert f"{found['measured']['fills']['loss']['after']:.3f}" in lines[2]
    assert lines[-1] == "verdict: not shown to be better"
    assert "was not shown to be better. Measured on 2 spans that" in result.stderr
    assert f"--model {out / 'model.gguf'}" in result.stderr


def test_another_run_does_not_take_its_folder(
    run: tuple[Path, dict[str, Any]], scratch: Scratch, weights: Path
) -> None:
    out, _ = run
    result = train(scratch, out, weights, "--steps", "3")
    assert isinstance(result.exception, InstantEditError)
    assert "holds a run with steps 2, not 3: name another --out" in str(result.exception)


def test_an_interrupted_run_goes_on_and_ends_as_a_whole_one(
    run: tuple[Path, dict[str, Any]],
    scratch: Scratch,
    weights: Path,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    whole, _ = run
    monkeypatch.setattr(training, "MINUTES_BETWEEN_CHECKPOINTS", 0.0)
    get = Batches.get

    def stopped(self: Batches, number: int, *, held_out: bool = False) -> Batch:
        if number == 1 and not held_out:
            raise KeyboardInterrupt
        return get(self, number, held_out=held_out)

    monkeypatch.setattr(Batches, "get", stopped)
    result = train(scratch, tmp_path / "out", weights, "--steps", "2")
    assert result.return_value == 130
    assert "interrupted; give the same command to go on" in result.stderr
    monkeypatch.setattr(Batches, "get", get)
    result = train(scratch, tmp_path / "out", weights, "--steps", "2")
    assert result.return_value == 0
    assert "resumed at step 1" in result.stderr
    ours, theirs = tmp_path / "out/model.gguf", whole / "model.gguf"
    assert ours.read_bytes() == theirs.read_bytes()


def test_minutes_become_steps_and_change_no_weight(scratch: Scratch, weights: Path) -> None:
    import torch

    network = trainable_network(weights, torch.float32)
    before = {name: tensor.clone() for name, tensor in network.state_dict().items()}
    repository = Repository.split_at(scratch.folder)
    material = gather(repository, tokenizer(), SMALL.window)
    made = batches(material, [], tokenizer(), SMALL, 1, 0)
    few, more = (training.steps_in(m, network, made, torch.device("cpu")) for m in (1e-9, 100))
    assert few == training.FEWEST_STEPS < more
    assert all(torch.equal(t, before[name]) for name, t in network.state_dict().items())
    assert all(tensor.grad is None for tensor in network.trainable().values())


@pytest.mark.parametrize(
    ("flags", "message"),
    [
        (("--model", "dream-7b"), "only the embedded model can be trained here"),
        (("--model", "missing.gguf"), "weights file missing.gguf is missing"),
        (("--device", "no-such-device"), "--device no-such-device cannot be used"),
        (("--steps", "2", "--minutes", "3"), "give either --steps or --minutes"),
        (("--held-out", "6"), "has 6 commits on its main line, and 7 are needed"),
    ],
)
def test_what_cannot_be_done_is_said_before_the_work(
    scratch: Scratch, weights: Path, tmp_path: Path, flags: tuple[str, ...], message: str
) -> None:
    result = train(scratch, tmp_path / "out", weights, *flags)
    assert result.exception is not None
    assert message in str(getattr(result.exception, "message", result.exception))
    assert not (tmp_path / "out").exists()


def test_a_folder_without_rights_or_room_is_refused_before_the_work(
    scratch: Scratch, weights: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "file").touch()
    result = train(scratch, tmp_path / "file" / "out", weights, "--steps", "1")
    assert "file/out cannot be written: Not a directory" in str(result.exception)
    usage = shutil.disk_usage(tmp_path)._replace(free=1_000)
    monkeypatch.setattr(shutil, "disk_usage", lambda path: usage)
    result = train(scratch, tmp_path / "out", weights, "--steps", "1")
    assert "0 MB are free, and the run needs" in str(result.exception)


def test_after_a_full_disk_a_run_goes_on_with_its_own_commits(
    scratch: Scratch, weights: Path, tmp_path: Path
) -> None:
    out = tmp_path / "out"
    out.mkdir()
    (out / "model.gguf.partial").symlink_to("/dev/full")
    result = train(scratch, out, weights, "--steps", "1")
    assert "model.gguf cannot be written (No space left on device)" in str(result.exception)
    assert not (out / "model.gguf").exists()
    head = scratch.git("rev-parse", "HEAD").strip()
    scratch.change("Rename names to titles", "def names", "def titles", day="2025-07-01")
    try:
        result = train(scratch, out, weights, "--steps", "1", "--json")
    finally:
        scratch.git("reset", "-q", "--hard", head)
    assert "resumed at step 1" in result.stderr, "nothing is trained twice"
    found = document(result)
    assert (found["head"], found["measured"]["all"]["rows"]) == (head, 5)


@pytest.mark.slow
@pytest.mark.timeout(600)
def test_the_real_weights_are_trained_and_edit(
    scratch: Scratch, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    out = tmp_path / "out"
    monkeypatch.setattr(command, "measure", measuring.measure)
    monkeypatch.setattr(command, "Shape", lambda: Shape(window=64, holes=2, tail=96, slots=24))
    result = train(scratch, out, WEIGHTS, "--steps", "5", "--json")
    assert document(result)["measured"]["all"]["rows"] == 5
    file = scratch.folder / "shop.py"
    words = ["apply", str(file), "--lines", "2:2", "--json", "--model", str(out / "model.gguf")]
    edited = CliRunner().invoke(cli.cli, words, standalone_mode=False)
    report = json.loads(edited.stdout)
    assert report["model"]["digest"] == document(result)["model"]["digest"]
    assert report["summary"]["selected"] == 1
