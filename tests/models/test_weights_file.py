"""What is written to a weights file is read back; a bad one is named, with its mend."""

from __future__ import annotations

import hashlib
from pathlib import Path
from typing import Any

import gguf
import numpy as np
import pytest
import torch
from hypothesis import given, settings
from hypothesis import strategies as st
from numpy.typing import NDArray

from instant_edit import models
from instant_edit.errors import ModelError
from instant_edit.models.embedded import TOKENIZER, EmbeddedDenoiser
from instant_edit.models.network import Network
from instant_edit.models.weights_file import digest, expand, read_network, write_network
from tests import tiny

KINDS = ("Q4_1", "Q5_0", "Q8_0")
Tensors = dict[str, tuple[NDArray[Any], str]]


def tensors(network: Network) -> Tensors:
    """The tensors of a network with the kinds that the shipped file has."""
    out: Tensors = {}
    for name, parameter in network.state_dict().items():
        kind = "Q4_1"
        if parameter.ndim == 1:
            kind = "F32"
        elif name in ("special", "embedding"):
            kind = {"special": "F16", "embedding": "Q5_0"}[name]
        elif ".adapter." in name:
            kind = "Q8_0"
        out[name] = (parameter.numpy(), kind)
    return out


@pytest.fixture
def file(tmp_path: Path) -> Path:
    path = tmp_path / "tiny.gguf"
    write_network(path, tiny.config(), tensors(tiny.network()))
    return path


def refusal(path: Path) -> str:
    """What is said of a bad file: one line that names it and says how to mend it."""
    with pytest.raises(ModelError) as caught:
        read_network(path, torch.float32)
    message = str(caught.value)
    assert str(path) in message
    assert "pip install" in message
    return message


def test_a_network_is_read_back_as_it_was_written(file: Path) -> None:
    written, read = tiny.network(), read_network(file, torch.float32)
    assert read.config == written.config
    for name, (array, kind) in tensors(written).items():
        exact = gguf.quantize(array, gguf.GGMLQuantizationType[kind])
        expected = gguf.dequantize(exact, gguf.GGMLQuantizationType[kind])
        assert np.allclose(read.state_dict()[name].numpy(), expected, rtol=1e-6), name


def test_a_network_that_was_read_runs_as_the_one_written(tmp_path: Path) -> None:
    ids, rows, path = torch.tensor([[0, 20, 4, 30]]), torch.arange(4)[None], tmp_path / "f32.gguf"
    written = tiny.network()
    whole = {name: (array, "F32") for name, (array, _) in tensors(written).items()}
    write_network(path, written.config, whole)
    read = read_network(path, torch.float32)
    one, two = (n.logits(n(ids, rows, adapted=2)[0]) for n in (written, read))
    assert torch.allclose(one, two, atol=1e-5)
    assert not any(p.requires_grad for p in read.parameters())


def test_a_smaller_type_is_for_matrices_only(file: Path) -> None:
    read = read_network(file, torch.bfloat16).state_dict()
    assert read["blocks.0.qkv.weight"].dtype == torch.bfloat16
    assert read["special"].dtype == torch.bfloat16
    assert read["norm.weight"].dtype == torch.float32


@settings(max_examples=20, deadline=None)
@given(
    st.sampled_from(KINDS),
    st.integers(1, 5),
    st.integers(1, 4),
    st.integers(0, 99),
    st.sampled_from([1e-4, 1.0, 300.0]),
)
def test_blocks_are_expanded_as_the_library_does(
    kind: str, rows: int, blocks: int, seed: int, scale: float
) -> None:
    values = scale * np.random.default_rng(seed).standard_normal((rows, 32 * blocks))
    block_type = gguf.GGMLQuantizationType[kind]
    packed = gguf.quantize(values.astype(np.float32), block_type)
    expected = gguf.dequantize(packed, block_type)
    assert np.allclose(expand(packed, kind, torch.float32).numpy(), expected, rtol=1e-6)


@pytest.mark.parametrize("kind", KINDS)
def test_many_blocks_are_expanded_as_the_library_does(kind: str) -> None:
    values = np.random.default_rng(0).standard_normal((129, 32 * 65)).astype(np.float32)
    block_type = gguf.GGMLQuantizationType[kind]
    packed = gguf.quantize(values, block_type)
    got = expand(packed, kind, torch.float32).numpy()
    assert np.allclose(got, gguf.dequantize(packed, block_type), rtol=1e-6)


def test_blocks_that_are_ready_are_written_as_they_are(tmp_path: Path) -> None:
    ready = tensors(tiny.network())
    array, kind = ready["blocks.0.qkv.weight"]
    packed = gguf.quantize(array, gguf.GGMLQuantizationType[kind])
    ready["blocks.0.qkv.weight"] = (packed, kind)
    path = tmp_path / "ready.gguf"
    write_network(path, tiny.config(), ready)
    (found,) = [t for t in gguf.GGUFReader(str(path)).tensors if t.name == "blocks.0.qkv.weight"]
    assert np.array_equal(found.data, packed)


def test_a_missing_file_is_named(tmp_path: Path) -> None:
    assert "missing" in refusal(tmp_path / "none.gguf")


@pytest.mark.parametrize("share", [0.0, 0.001, 0.05, 0.5, 0.99])
def test_a_file_cut_short_is_named(file: Path, share: float) -> None:
    data = file.read_bytes()
    file.write_bytes(data[: int(share * len(data))])
    assert "corrupt" in refusal(file)


@pytest.mark.parametrize("data", [b"garbage", b"GGUF", b"GGUF" + b"\xff" * 60, bytes(4096)])
def test_garbage_is_named(tmp_path: Path, data: bytes) -> None:
    path = tmp_path / "garbage.gguf"
    path.write_bytes(data)
    assert "corrupt" in refusal(path)


def test_the_weights_of_another_model_are_named(tmp_path: Path) -> None:
    path = tmp_path / "llama.gguf"
    writer = gguf.GGUFWriter(str(path), "llama")
    writer.add_uint32("llama.block_count", 2)
    writer.add_tensor("token_embd.weight", np.zeros((4, 32), np.float32))
    writer.write_header_to_file()
    writer.write_kv_data_to_file()
    writer.write_tensors_to_file()
    writer.close()
    assert "another model" in refusal(path)


def test_a_file_without_one_of_the_tensors_is_named(tmp_path: Path) -> None:
    some = tensors(tiny.network())
    del some["blocks.1.down.weight"]
    path = tmp_path / "some.gguf"
    write_network(path, tiny.config(), some)
    assert "blocks.1.down.weight" in refusal(path)


def test_the_digest_is_that_of_the_files_bytes(file: Path) -> None:
    assert digest(file) == "sha256:" + hashlib.sha256(file.read_bytes()).hexdigest()


def test_a_weights_file_can_be_opened_by_its_path(file: Path) -> None:
    denoiser = models.load(str(file))
    assert denoiser.info.digest == digest(file)
    assert "tiny.gguf" in denoiser.info.description
    assert denoiser.info.parameters == sum(p.numel() for p in tiny.network().parameters())


def test_an_unknown_model_is_named_beside_those_known() -> None:
    with pytest.raises(ModelError, match=r"'no-such-model'; known: embedded"):
        models.load("no-such-model")


def test_a_weights_file_that_is_not_there_is_named(tmp_path: Path) -> None:
    with pytest.raises(ModelError, match=r"none\.gguf is missing"):
        models.load(str(tmp_path / "none.gguf"))


@pytest.mark.parametrize("data", [None, b"", b"{}", b"\xff"])
def test_a_bad_tokenizer_file_is_named(file: Path, tmp_path: Path, data: bytes | None) -> None:
    path = tmp_path / "tokenizer.json"
    if data is not None:
        path.write_bytes(data)
    with pytest.raises(ModelError) as caught:
        EmbeddedDenoiser.load(file, path)
    assert str(path) in str(caught.value)
    assert "pip install" in str(caught.value)


def test_the_tokenizer_that_ships_loads_with_any_weights(file: Path) -> None:
    assert EmbeddedDenoiser.load(file, TOKENIZER, torch.float32, 1).info.threads == 1
