"""The models that can be named: families with their conventions, and the checkpoints of each.

The data is ``catalogue.toml``; nothing here imports torch or touches a network.
"""

from __future__ import annotations

import re
import tomllib
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any, Literal

from instant_edit.errors import ModelError
from instant_edit.request import Mode

_COMMIT = re.compile("[0-9a-f]{40}")
DATA = Path(__file__).with_name("catalogue.toml")

Kind = Literal["embedded", "canvas", "rewrite", "fim"]
Noise = Literal["mask", "uniform", "none"]
Token = int | str  # an id, the token's text, or its role in the tokenizer, such as "mask_token"


@dataclass(frozen=True, slots=True)
class Conventions:
    """What a family was trained to be shown, and what its logits stand for.

    Args:
        mask: the open slot.
        shift: whether row i of the logits predicts token i + 1, or token i itself.
        begin: stands before a text; None for nothing.
        end: stands after a text; None for nothing.
        expand: a slot that wants to be two.
        delete: a slot that wants to go.
        block: tokens denoised together where text is written block after block; None where the
            whole sequence is one canvas.
        noise: what an open slot holds: the mask, or a token drawn uniformly; "none" for models
            that write left to right.
        chat: whether it is asked through the chat template of its checkpoint.
    """

    mask: Token | None = None
    shift: bool = False
    begin: Token | None = None
    end: Token | None = None
    expand: Token | None = None
    delete: Token | None = None
    block: int | None = None
    noise: Noise = "mask"
    chat: bool = False


@dataclass(frozen=True, slots=True)
class Family:
    """Checkpoints that share a network and its conventions.

    Args:
        id: its name in the catalogue.
        title: its name for people.
        kind: "canvas" fills a span in place and sees both sides; "rewrite" answers a prompt in
            which the span is marked; "fim" writes left to right, the suffix shown first.
        network: the layout of its tensors (``families/layouts.py``), or who else runs it.
        conventions: see there.
        types: ``model_type`` in the configurations of its checkpoints.
        sources: where the conventions were read.
    """

    id: str
    title: str
    kind: Kind
    network: str
    conventions: Conventions
    types: tuple[str, ...] = ()
    sources: tuple[str, ...] = ()

    @property
    def modes(self) -> tuple[Mode, ...]:
        """What its models can do."""
        return ("fill", "rewrite") if self.kind in ("embedded", "rewrite") else ("fill",)


@dataclass(frozen=True, slots=True)
class CatalogueEntry:
    """One model.

    Args:
        id: the name that ``--model`` takes.
        family: what it is.
        parameters: how many weights are stored.
        licence: of the weights, by SPDX name where it has one.
        repository: where its files are published; None for what ships with this package.
        revision: what is fetched there: a commit, or a branch that is pinned to its commit when it
            is fetched.
        notice: what its user must accept first; None where nothing must be.
        run: whether it has been run here with its real weights.
    """

    id: str
    family: Family
    parameters: int
    licence: str
    repository: str | None = None
    revision: str = "main"
    notice: str | None = None
    run: bool = False

    @property
    def pinned(self) -> bool:
        """Whether the catalogue names a commit."""
        return _COMMIT.fullmatch(self.revision) is not None

    @property
    def modes(self) -> tuple[Mode, ...]:
        """What it can do."""
        return self.family.modes


@dataclass(frozen=True, slots=True)
class Catalogue:
    """Families and models by id."""

    families: dict[str, Family]
    models: dict[str, CatalogueEntry]

    def model(self, name: str) -> CatalogueEntry:
        """The model of that id, or of that repository.

        Raises:
            ModelError: there is none; the nearest names are given.
        """
        for entry in self.models.values():
            if name in (entry.id, entry.repository):
                return entry
        raise ModelError(f"unknown model {name!r}; known: {', '.join(self.models)}")

    def family(self, name: str) -> Family:
        """The family of that id.

        Raises:
            ModelError: there is none.
        """
        if name not in self.families:
            raise ModelError(f"unknown family {name!r}; known: {', '.join(self.families)}")
        return self.families[name]


@cache
def catalogue() -> Catalogue:
    """The catalogue that ships with this package."""
    return read(tomllib.loads(DATA.read_text("utf-8")))


def read(document: dict[str, Any]) -> Catalogue:
    """A catalogue from its document, as ``catalogue.toml`` has it."""
    families = {name: _family(name, table) for name, table in document["families"].items()}
    models = [_entry(table, families) for table in document["models"]]
    return Catalogue(families, {model.id: model for model in models})


def _family(name: str, table: dict[str, Any]) -> Family:
    rest = dict(table)
    about: dict[str, Any] = {key: rest.pop(key) for key in ("title", "kind", "network")}
    about |= {key: tuple(rest.pop(key, ())) for key in ("types", "sources")}
    return Family(id=name, conventions=Conventions(**rest), **about)


def _entry(table: dict[str, Any], families: dict[str, Family]) -> CatalogueEntry:
    return CatalogueEntry(**{**table, "family": families[table["family"]]})
