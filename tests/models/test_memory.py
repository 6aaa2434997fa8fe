"""Memory is counted before a model is loaded, and what does not fit is refused with figures."""

from __future__ import annotations

from pathlib import Path

import pytest
import torch
from safetensors.torch import save_file

from instant_edit.errors import ModelError
from instant_edit.models import memory
from instant_edit.models.naming import parse


@pytest.fixture
def weights(tmp_path: Path) -> tuple[Path, ...]:
    first, second = tmp_path / "a.safetensors", tmp_path / "b.safetensors"
    save_file({"x": torch.zeros(10, 20), "y": torch.zeros(5)}, first, metadata={"format": "pt"})
    save_file({"z": torch.zeros(())}, second)
    return first, second


def test_parameters_are_counted_without_reading_them(weights: tuple[Path, ...]) -> None:
    assert memory.parameters_of(weights) == 206


def test_a_file_that_is_no_safetensors_is_named(tmp_path: Path) -> None:
    file = tmp_path / "a.safetensors"
    for data in (b"", b"\xff" * 64, b"\2\0\0\0\0\0\0\0[]"):
        file.write_bytes(data)
        with pytest.raises(ModelError, match=r"a\.safetensors has no header"):
            memory.parameters_of([file])


def test_what_does_not_fit_is_refused_with_figures(
    weights: tuple[Path, ...], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(memory, "parameters_of", lambda files: 7_600_000_000)
    monkeypatch.setattr(memory, "available", lambda device: 12_000_000_000)
    with pytest.raises(ModelError) as caught:
        memory.check("dream-7b", weights, "cuda", "bfloat16")
    said = str(caught.value)
    assert "needs about 16.7 GB of memory on cuda (7.60B parameters in bfloat16)" in said
    assert "12.0 GB are free" in said
    assert "dream-7b@int8 would fit" in said
    memory.check("dream-7b", weights, "cuda", "int8")


def test_where_nobody_knows_nothing_is_refused(
    weights: tuple[Path, ...], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(memory, "available", lambda device: None)
    memory.check("x", weights, "cpu", "float32")


def test_a_containers_limit_counts(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    meminfo = tmp_path / "meminfo"
    meminfo.write_text("MemTotal: 9 kB\nMemAvailable:    4000000 kB\n")
    monkeypatch.setattr(memory, "MEMINFO", meminfo)
    monkeypatch.setattr(memory, "CGROUP", tmp_path)
    assert memory.available("cpu") == 4_096_000_000
    (tmp_path / "memory.current").write_text("400\n")
    (tmp_path / "memory.max").write_text("max\n")
    assert memory.available("cpu") == 4_096_000_000
    (tmp_path / "memory.max").write_text("1000\n")
    assert memory.available("cpu") == 600


@pytest.mark.parametrize(
    ("name", "parts"),
    [
        ("dream-7b@int8", ("dream-7b", "int8")),
        ("dream:/a@b/c@int4", ("dream:/a@b/c", "int4")),
        ("/a@b/c", ("/a@b/c", None)),
        ("@int8", ("@int8", None)),
    ],
)
def test_a_precision_is_the_end_of_a_name(name: str, parts: tuple[str, str | None]) -> None:
    named = parse(name)
    assert (named.base, named.precision) == parts


@pytest.mark.parametrize(
    ("name", "parts"),
    [
        ("dream-7b@reuse", ("dream-7b", None, 0.05)),
        ("dream:/a@b@reuse=0.2@int8", ("dream:/a@b", "int8", 0.2)),
        ("@reuse", ("@reuse", None, None)),
    ],
)
def test_reuse_is_the_end_of_a_name_too(
    name: str, parts: tuple[str, str | None, float | None]
) -> None:
    named = parse(name)
    assert (named.base, named.precision, named.reuse) == parts
