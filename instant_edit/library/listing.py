"""What there is to know of each model without loading one."""

from __future__ import annotations

import json
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Protocol

from instant_edit.models import memory, store
from instant_edit.models.catalogue import catalogue
from instant_edit.models.manifest import Manifest
from instant_edit.models.naming import parse
from instant_edit.models.offered import offers

if TYPE_CHECKING:
    from collections.abc import Sequence

    from instant_edit.models.catalogue import CatalogueEntry
    from instant_edit.models.offered import Offer

DIGITS = 1000.0
HEAD = ("", "MODEL", "FAMILY", "SIZE", "MEMORY", "CAN", "LICENCE", "STATE")


class Listed(Protocol):
    """A model in the list."""

    @property
    def id(self) -> str:
        """Its name."""
        ...

    @property
    def columns(self) -> tuple[str, ...]:
        """What stands in the table, as in ``HEAD``."""
        ...

    def document(self) -> dict[str, Any]:
        """All of it, for JSON."""
        ...

    def lines(self) -> str:
        """All of it, a line each."""
        ...


@dataclass(frozen=True, slots=True)
class Row:
    """A model of the catalogue and its state on this machine."""

    entry: CatalogueEntry
    chosen: bool

    @property
    def id(self) -> str:
        """See ``Listed``."""
        return self.entry.id

    @property
    def manifest(self) -> Manifest | None:
        """What was fetched of it."""
        return Manifest.of(store.folder_of(self.entry))

    @property
    def state(self) -> str:
        """Shipped with the package, pulled at a commit, or not here."""
        if self.entry.repository is None:
            return "shipped"
        if not store.is_here(self.entry):
            return "not pulled"
        manifest = self.manifest
        if manifest is None:
            return "here, not pulled by us"
        harmed = manifest.resized(store.folder_of(self.entry))
        if harmed is not None:
            return f"damaged ({harmed}), pull it again"
        other = self.entry.pinned and manifest.revision != self.entry.revision
        beside = f", not the catalogue's {self.entry.revision[:12]}" if other else ""
        return f"pulled at {manifest.revision[:12]}{beside}"

    @property
    def run(self) -> str:
        """Whether anybody has seen it work, in this project."""
        return "run with its real weights" if self.entry.run else "never run with its real weights"

    @property
    def columns(self) -> tuple[str, ...]:
        """See ``Listed``."""
        entry = self.entry
        return (
            "*" if self.chosen else "",
            entry.id,
            entry.family.title,
            size(entry.parameters),
            gigabytes(memory.estimate(entry.parameters, memory.BYTES["bfloat16"])),
            "+".join(entry.modes),
            entry.licence + ("!" if entry.notice else ""),
            self.state if entry.run else f"{self.state}, never run here",
        )

    def document(self) -> dict[str, Any]:
        """See ``Listed``."""
        entry, family, manifest = self.entry, self.entry.family, self.manifest
        return {
            "id": entry.id,
            "state": self.state,
            "chosen": self.chosen,
            "family": {"id": family.id, "title": family.title, "kind": family.kind},
            "parameters": entry.parameters,
            "memory_bytes": memory.estimate(entry.parameters, memory.BYTES["bfloat16"]),
            "modes": list(entry.modes),
            "licence": entry.licence,
            "notice": entry.notice,
            "repository": entry.repository,
            "revision": entry.revision if entry.repository else None,
            "pinned": entry.pinned,
            "pulled_revision": manifest.revision if manifest else None,
            "run_with_real_weights": entry.run,
            "folder": str(store.folder_of(entry)) if entry.repository else None,
            "sources": list(family.sources),
        }

    def lines(self) -> str:
        """See ``Listed``."""
        entry, shown = self.entry, self.document()
        shown["family"] = f"{entry.family.title} ({entry.family.id})"
        shown["parameters"] = size(entry.parameters)
        shown["memory_bytes"] = gigabytes(shown["memory_bytes"]) + " in 16 bits"
        shown["run_with_real_weights"] = self.run
        shown["conventions"] = entry.family.conventions
        return _lines(shown)


@dataclass(frozen=True, slots=True)
class OfferedRow:
    """A model that an installed package offers."""

    offer: Offer
    chosen: bool
    beside: tuple[str, ...] = ()  # names that the catalogue has

    @property
    def id(self) -> str:
        """See ``Listed``."""
        return self.offer.name

    @property
    def state(self) -> str:
        """Whether it can be loaded, as far as can be said without importing it."""
        if self.offer.fault is not None:
            return f"broken: {self.offer.fault}"
        taken = self.offer.name in self.beside
        return "installed, in the place of the catalogue's" if taken else "installed"

    @property
    def columns(self) -> tuple[str, ...]:
        """See ``Listed``."""
        whose = f"of {self.offer.distribution}"
        return ("*" if self.chosen else "", self.offer.name, whose, "?", "?", "?", "?", self.state)

    def document(self) -> dict[str, Any]:
        """See ``Listed``."""
        return {
            "id": self.offer.name,
            "state": self.state,
            "chosen": self.chosen,
            "family": None,
            "distribution": self.offer.distribution,
            "entry_point": self.offer.value,
        }

    def lines(self) -> str:
        """See ``Listed``."""
        return _lines(self.document())


def listed(chosen: str) -> list[Listed]:
    """Every model that can be named; ``chosen`` is the model of the settings."""
    name, known = parse(chosen).base, catalogue().models
    own: list[Listed] = [Row(entry, entry.id == name) for entry in known.values()]
    others = (OfferedRow(offer, offer.name == name, tuple(known)) for offer in offers())
    return [*own, *others]


def one(model: str, chosen: str) -> Listed:
    """One of them; what a package offers goes before the catalogue's, as when it is loaded.

    Raises:
        ModelError: there is none of that name.
    """
    found = [row for row in listed(chosen) if row.id == model]
    if found:
        return found[-1]
    entry = catalogue().model(model)
    return Row(entry, entry.id == parse(chosen).base)


def table(shown: Sequence[Listed]) -> str:
    """Rows as aligned columns."""
    lines = [HEAD, *(row.columns for row in shown)]
    widths = [max(len(line[i]) for line in lines) for i in range(len(HEAD) - 1)]
    return "\n".join(
        "  ".join([*(c.ljust(w) for c, w in zip(line, widths, strict=False)), line[-1]]).rstrip()
        for line in lines
    )


def _lines(document: dict[str, Any]) -> str:
    return "\n".join(f"{key.replace('_', ' '):<22} {_shown(v)}" for key, v in document.items())


def _shown(value: object) -> str:
    if isinstance(value, list):
        return ", ".join(str(one) for one in value)
    return "-" if value is None else json.dumps(value) if isinstance(value, bool) else str(value)


def size(parameters: int) -> str:
    """A number of parameters as people say it."""
    billions = parameters / DIGITS**3
    return f"{billions:.1f}B" if billions >= 1 else f"{parameters / DIGITS**2:.0f}M"


def gigabytes(count: int) -> str:
    """A number of bytes in GB of 10^9."""
    return f"{count / DIGITS**3:.1f} GB"
