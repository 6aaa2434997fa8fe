"""From a name to a model, or to a reason why not."""

from __future__ import annotations

import json
import sys
from pathlib import Path

import pytest

from instant_edit import models
from instant_edit.errors import ModelError
from instant_edit.models import registry, store
from instant_edit.models.catalogue import catalogue

PLUGIN = """
from tests.scripted import ScriptedDenoiser


def good():
    return ScriptedDenoiser("x = 1")


def bad():
    raise RuntimeError("no luck")


def other():
    return 7
"""


@pytest.fixture
def empty_store(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setenv(store.VARIABLE, str(tmp_path / "models"))
    return tmp_path / "models"


@pytest.fixture
def package(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """An installed package that offers models."""
    (tmp_path / "offering.py").write_text(PLUGIN)
    info = tmp_path / "offering-1.0.dist-info"
    info.mkdir()
    (info / "METADATA").write_text("Metadata-Version: 2.1\nName: offering\nVersion: 1.0\n")
    names = "".join(f"{name} = offering:{name}\n" for name in ("good", "bad", "other"))
    (info / "entry_points.txt").write_text(f"[{registry.GROUP}]\n{names}")
    monkeypatch.syspath_prepend(str(tmp_path))
    monkeypatch.delitem(sys.modules, "offering", raising=False)


def test_an_unknown_name_is_told_the_known_ones(empty_store: Path) -> None:
    with pytest.raises(ModelError, match=r"unknown model 'tiny'; known: embedded, dream-7b"):
        models.load("tiny")


def test_a_model_that_was_not_fetched_says_how(empty_store: Path) -> None:
    with pytest.raises(
        ModelError, match=r"'dreamon-7b' is not on this machine .*models pull dreamon"
    ):
        models.load("dreamon-7b")


def test_a_fetched_model_is_found_in_the_store(empty_store: Path) -> None:
    entry = catalogue().model("dreamon-7b")
    assert not store.is_here(entry)
    folder = empty_store / "dreamon-7b"
    folder.mkdir(parents=True)
    (folder / "config.json").write_text("{}")
    assert store.is_here(entry)
    assert registry.locate("Dream-org/DreamOn-v0-7B") == (folder, entry.family)


def test_a_folder_says_its_family_or_is_told_it(tmp_path: Path) -> None:
    (tmp_path / "model.safetensors").touch()
    config = tmp_path / "config.json"
    config.write_text(json.dumps({"model_type": "llada"}))
    assert registry.locate(str(tmp_path))[1].id == "llada"
    config.write_text(json.dumps({"model_type": "Dream"}))
    with pytest.raises(ModelError, match=r"FAMILY:.*one of dream, dreamon, diffucoder"):
        registry.locate(str(tmp_path))
    folder, family = registry.locate(f"dreamon:{tmp_path}")
    assert (folder, family.id) == (tmp_path, "dreamon")


def test_a_package_offers_a_model(package: None) -> None:
    assert models.load("good").info.id == "scripted"
    assert {"good", "bad", "other"} <= set(models.names())


def test_a_package_whose_model_fails_is_named(package: None) -> None:
    with pytest.raises(ModelError, match=r"'bad' of offering:bad does not load: .*no luck"):
        models.load("bad")
    with pytest.raises(ModelError, match=r"'other' of offering:other is no Denoiser"):
        models.load("other")
