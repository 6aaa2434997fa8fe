"""The catalogue is whole, and its documentation says what it says."""

from __future__ import annotations

from pathlib import Path

import pytest

from instant_edit.errors import ModelError
from instant_edit.models.catalogue import CatalogueEntry, Family, catalogue
from instant_edit.models.families.layouts import LAYOUTS

FAMILIES = list(catalogue().families.values())
MODELS = list(catalogue().models.values())
PAGE = Path(__file__).resolve().parents[2] / "docs" / "models.md"


@pytest.mark.parametrize("family", FAMILIES, ids=lambda family: family.id)
def test_a_family_is_whole(family: Family) -> None:
    c = family.conventions
    assert family.sources
    assert family.id in {model.family.id for model in MODELS}
    own = family.kind == "canvas" or (family.kind == "rewrite" and c.noise == "mask")
    assert (family.network in LAYOUTS) == own
    assert (c.mask is not None) == own
    assert (c.block is not None) == (family.kind == "rewrite") == c.chat
    assert (c.expand is None) == (c.delete is None)


@pytest.mark.parametrize("model", MODELS, ids=lambda model: model.id)
def test_a_model_is_whole(model: CatalogueEntry) -> None:
    assert model.parameters > 1_000_000
    assert model.licence
    assert model.modes
    assert (model.repository is None) == (model.id == "embedded")


def test_what_is_not_free_must_be_accepted() -> None:
    asking = {model.licence for model in MODELS if model.notice}
    assert asking == {"Apple", "CC-BY-NC-4.0", "BigCode-OpenRAIL-M"}
    assert not [m.id for m in MODELS if m.notice is None and m.licence in asking]


def test_only_the_embedded_model_has_been_run_with_its_weights() -> None:
    assert [model.id for model in MODELS if model.run] == ["embedded"]


def test_a_model_is_found_by_id_and_by_repository() -> None:
    model = catalogue().model("dreamon-7b")
    assert catalogue().model("Dream-org/DreamOn-v0-7B") is model
    assert model.family.conventions.expand == 151667
    with pytest.raises(ModelError, match="unknown model 'dream-9b'; known: embedded, "):
        catalogue().model("dream-9b")


def test_the_page_has_every_family_and_model_and_its_conventions() -> None:
    families, _, models = PAGE.read_text("utf-8").partition("## Models\n")
    rows = [line for line in families.splitlines() if line.startswith("|")]
    for family in FAMILIES:
        row = next(row for row in rows if f"`{family.id}`" in row)
        assert str(family.conventions.mask or "–").replace("|", "\\|") in row
        if family.conventions.block:
            assert str(family.conventions.block) in row
    rows = [line for line in models.splitlines() if line.startswith("|")]
    for model in MODELS:
        row = next(row for row in rows if row.startswith(f"| `{model.id}` "))
        assert model.licence in row
        assert (model.repository or "ships with the package") in row
        if model.repository is not None:
            assert (f"`{model.revision[:12]}`" if model.pinned else "| main |") in row
