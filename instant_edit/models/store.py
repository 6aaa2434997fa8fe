"""Where models that were fetched lie on this machine."""

from __future__ import annotations

import os
from collections.abc import Mapping
from pathlib import Path

from instant_edit.models.catalogue import CatalogueEntry

VARIABLE = "INSTANT_EDIT_MODELS"


def root(environment: Mapping[str, str] | None = None) -> Path:
    """The folder of all models: ``$INSTANT_EDIT_MODELS``, or one in the user's data folder."""
    environment = os.environ if environment is None else environment
    if environment.get(VARIABLE):
        return Path(environment[VARIABLE])
    data = environment.get("XDG_DATA_HOME") or Path.home() / ".local" / "share"
    return Path(data) / "instant-edit" / "models"


def folder_of(entry: CatalogueEntry, environment: Mapping[str, str] | None = None) -> Path:
    """The folder that a model of the catalogue is fetched into, whether it is there or not."""
    return root(environment) / entry.id


def is_here(entry: CatalogueEntry, environment: Mapping[str, str] | None = None) -> bool:
    """Whether a model is on this machine, so far as its configuration tells."""
    ships = entry.repository is None
    return ships or (folder_of(entry, environment) / "config.json").is_file()
