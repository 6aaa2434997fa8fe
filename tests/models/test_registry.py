"""From a name to a model, or to a reason why not."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from instant_edit import models
from instant_edit.errors import ModelError
from instant_edit.models import registry, store
from instant_edit.models.catalogue import catalogue
from instant_edit.models.manifest import Manifest, fingerprint
from tests import offering


@pytest.fixture
def empty_store(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setenv(store.VARIABLE, str(tmp_path / "models"))
    return tmp_path / "models"


@pytest.fixture
def package(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """An installed package that offers models."""
    points = {name: f"offering:{name}" for name in ("good", "bad", "other")}
    offering.install(tmp_path, monkeypatch, points)


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


@pytest.mark.parametrize(
    ("name", "message"),
    [
        ("good@int8", "'good' takes neither @int8, @int4 nor @reuse"),
        ("embedded@reuse", "'embedded' takes neither"),
        ("dream-7b@reuse=2", "@reuse=2 is no probability"),
        ("dream-7b@reuse=much", "@reuse=much is no probability"),
        ("dream-7b@int8@reuse", "'dream-7b' is not on this machine"),
        ("/nowhere/model.gguf", r"weights file /nowhere/model\.gguf is missing"),
    ],
)
def test_what_stands_behind_a_name_is_checked_before_anything_is_loaded(
    empty_store: Path, package: None, name: str, message: str
) -> None:
    with pytest.raises(ModelError, match=message):
        registry.require_usable(name)
    with pytest.raises(ModelError, match=message):
        models.load(name)


def test_only_what_fills_in_place_reuses_an_approximate_context(tmp_path: Path) -> None:
    (tmp_path / "model.safetensors").touch()
    (tmp_path / "config.json").write_text("{}")
    registry.require_usable(f"dream:{tmp_path}@reuse=0.1")
    with pytest.raises(ModelError, match="takes no @reuse: SDAR does not fill in place"):
        registry.require_usable(f"sdar:{tmp_path}@reuse")


def test_a_fetched_model_that_was_changed_is_not_loaded(empty_store: Path) -> None:
    folder = empty_store / "dreamon-7b"
    folder.mkdir(parents=True)
    config = folder / "config.json"
    config.write_text("{}")
    files, prints = {"config.json": 2}, {"config.json": fingerprint(config)}
    Manifest("Dream-org/DreamOn-v0-7B", "c0ffee" * 7, files, prints).write(folder)
    config.write_text("[]")
    said = (
        r"config\.json is not what was fetched from .* at c0ffeec0ffee; .*pull Dream-org/DreamOn-"
    )
    with pytest.raises(ModelError, match=said):
        models.load("dreamon-7b")
    config.unlink()
    config.with_name("other.json").touch()
    with pytest.raises(ModelError, match="is not on this machine"):
        models.load("dreamon-7b")
