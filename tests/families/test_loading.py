"""Checkpoints that are not what they should be: refused, and what is wrong is named."""

from __future__ import annotations

import json
import pickle
from collections.abc import Callable
from pathlib import Path

import pytest
import torch
from safetensors.torch import load_file, save_file

from instant_edit.errors import ModelError
from instant_edit.models.families.checkpoint import Checkpoint
from instant_edit.models.families.loading import read_stack
from tests.families import checkpoints

WEIGHTS = "model.safetensors"


@pytest.fixture(scope="module")
def whole(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return checkpoints.save(tmp_path_factory.mktemp("whole"), checkpoints.stock("Qwen2"))


@pytest.fixture
def folder(whole: Path, tmp_path: Path) -> Path:
    for file in whole.iterdir():
        (tmp_path / file.name).write_bytes(file.read_bytes())
    return tmp_path


def change(folder: Path, how: Callable[[dict[str, torch.Tensor]], object]) -> None:
    tensors = load_file(folder / WEIGHTS)
    how(tensors)
    save_file(tensors, folder / WEIGHTS)


def configure(folder: Path, **values: object) -> None:
    path = folder / "config.json"
    document = {**json.loads(path.read_text()), **values}
    path.write_text(json.dumps({k: v for k, v in document.items() if v is not ...}))


def refusal(folder: Path) -> str:
    with pytest.raises(ModelError) as raised:
        read_stack(Checkpoint(folder), "qwen2", torch.float32)
    return str(raised.value)


def test_a_missing_tensor_is_named(folder: Path) -> None:
    name = "model.layers.1.self_attn.k_proj.bias"
    change(folder, lambda tensors: tensors.pop(name))
    said = refusal(folder)
    assert "is missing 1 tensors" in said
    assert name in said


def test_unexpected_tensors_are_named_the_first_few_of_many(folder: Path) -> None:
    extra = {f"model.vision.{n}": torch.zeros(1) for n in range(9)}
    change(folder, lambda tensors: tensors.update(extra))
    said = refusal(folder)
    assert "has unexpected 9 tensors: model.vision.0" in said
    assert said.endswith("and 3 more")


def test_a_tensor_of_another_shape_is_named(folder: Path) -> None:
    name = "model.layers.0.mlp.down_proj.weight"
    change(folder, lambda tensors: tensors.update({name: torch.zeros(32, 47)}))
    said = refusal(folder)
    assert name in said
    assert "(32, 47)" in said
    assert "(32, 48)" in said


def test_parts_that_do_not_fit_together_are_named(folder: Path) -> None:
    name = "model.layers.0.self_attn.q_proj.weight"
    change(folder, lambda tensors: tensors.update({name: torch.zeros(32, 31)}))
    assert name in refusal(folder)


def test_buffers_that_are_derived_are_no_surprise(folder: Path) -> None:
    extra = {"model.layers.0.self_attn.rotary_emb.inv_freq": torch.zeros(4)}
    change(folder, lambda tensors: tensors.update(extra))
    read_stack(Checkpoint(folder), "qwen2", torch.float32)


def test_a_pickle_is_refused_unopened(folder: Path) -> None:
    class Trap:
        def __reduce__(self) -> tuple[Callable[..., None], tuple[Path]]:
            return Path.touch, (folder / "sprung",)

    (folder / WEIGHTS).unlink()
    (folder / "pytorch_model.bin").write_bytes(pickle.dumps(Trap()))
    said = refusal(folder)
    assert "pytorch_model.bin" in said
    assert "pickle" in said
    assert not (folder / "sprung").exists()


def test_a_file_cut_short_is_named(folder: Path) -> None:
    data = (folder / WEIGHTS).read_bytes()
    (folder / WEIGHTS).write_bytes(data[: len(data) // 2])
    assert f"{folder / WEIGHTS} is corrupt" in refusal(folder)


def test_a_shard_that_is_missing_or_outside_is_named(folder: Path) -> None:
    index = folder / "model.safetensors.index.json"
    index.write_text(json.dumps({"weight_map": {"a": "model-00002.safetensors"}}))
    assert "names files that are missing: model-00002.safetensors" in refusal(folder)
    index.write_text(json.dumps({"weight_map": {"a": "../other.safetensors"}}))
    assert "lie outside it: other.safetensors" in refusal(folder)


def test_shards_are_read_together(folder: Path) -> None:
    tensors = load_file(folder / WEIGHTS)
    (folder / WEIGHTS).unlink()
    names = sorted(tensors)
    shards = {f"model-{n}.safetensors": names[n::2] for n in range(2)}
    for file, inside in shards.items():
        save_file({name: tensors[name] for name in inside}, folder / file)
    placed = {name: file for file, inside in shards.items() for name in inside}
    index = folder / "model.safetensors.index.json"
    index.write_text(json.dumps({"weight_map": placed}))
    read_stack(Checkpoint(folder), "qwen2", torch.float32)


@pytest.mark.parametrize(
    ("values", "said"),
    [
        ({"hidden_size": ...}, "has no key 'hidden_size'; is it a qwen2 model?"),
        ({"rope_parameters": {"rope_type": "yarn", "rope_theta": 1.0}}, "'yarn' is not supported"),
        ({"use_sliding_window": True}, "sliding windows are not supported"),
    ],
)
def test_a_configuration_that_cannot_be_followed_is_refused(
    folder: Path, values: dict[str, object], said: str
) -> None:
    configure(folder, **values)
    assert said in refusal(folder)


def test_a_folder_or_file_that_is_not_there_is_named(tmp_path: Path) -> None:
    with pytest.raises(ModelError, match="nowhere does not exist"):
        Checkpoint(tmp_path / "nowhere")
    with pytest.raises(ModelError, match=r"config\.json is missing"):
        Checkpoint(tmp_path)
    (tmp_path / "config.json").write_text("{")
    with pytest.raises(ModelError, match=r"config\.json cannot be read"):
        Checkpoint(tmp_path)
    (tmp_path / "config.json").write_text("{}")
    with pytest.raises(ModelError, match=r"has no \.safetensors file"):
        Checkpoint(tmp_path)


def test_the_digest_tells_other_weights_apart(folder: Path) -> None:
    before = Checkpoint(folder).digest()
    assert Checkpoint(folder).digest() == before
    change(folder, lambda tensors: tensors["model.norm.weight"].add_(1))
    assert Checkpoint(folder).digest() != before
