"""What there is to know of each model without loading one."""

from __future__ import annotations

import json
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from instant_edit.library.manifest import Manifest
from instant_edit.models import memory, store

if TYPE_CHECKING:
    from collections.abc import Sequence

    from instant_edit.models.catalogue import CatalogueEntry

DIGITS = 1000.0


@dataclass(frozen=True, slots=True)
class Row:
    """One model and its state on this machine."""

    entry: CatalogueEntry
    chosen: bool

    @property
    def state(self) -> str:
        """Shipped with the package, pulled at a revision, or not here."""
        if self.entry.repository is None:
            return "shipped"
        if not store.is_here(self.entry):
            return "not pulled"
        manifest = Manifest.of(store.folder_of(self.entry))
        return f"pulled at {manifest.revision[:12]}" if manifest else "here, not pulled by us"

    @property
    def run(self) -> str:
        """Whether anybody has seen it work, in this project."""
        return "run with its real weights" if self.entry.run else "never run with its real weights"

    def document(self) -> dict[str, Any]:
        """All of it, for JSON and for ``info``."""
        entry, family = self.entry, self.entry.family
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
            "revision": entry.revision,
            "run_with_real_weights": entry.run,
            "folder": str(store.folder_of(entry)) if entry.repository else None,
            "sources": list(family.sources),
        }


def rows(entries: Sequence[CatalogueEntry], chosen: str) -> list[Row]:
    """The rows of some models; ``chosen`` is the model of the settings."""
    return [Row(entry, entry.id == chosen) for entry in entries]


def table(shown: Sequence[Row]) -> str:
    """Rows as aligned columns."""
    head = ("", "MODEL", "FAMILY", "SIZE", "MEMORY", "CAN", "LICENCE", "STATE")
    lines = [head, *(_columns(row) for row in shown)]
    widths = [max(len(line[i]) for line in lines) for i in range(len(head) - 1)]
    return "\n".join(
        "  ".join([*(c.ljust(w) for c, w in zip(line, widths, strict=False)), line[-1]]).rstrip()
        for line in lines
    )


def _columns(row: Row) -> tuple[str, ...]:
    entry = row.entry
    return (
        "*" if row.chosen else "",
        entry.id,
        entry.family.title,
        size(entry.parameters),
        gigabytes(memory.estimate(entry.parameters, memory.BYTES["bfloat16"])),
        "+".join(entry.modes),
        entry.licence + ("!" if entry.notice else ""),
        row.state if entry.run else f"{row.state}, never run here",
    )


def info(row: Row) -> str:
    """All about one model, a line each."""
    document = row.document()
    document["family"] = f"{row.entry.family.title} ({row.entry.family.id})"
    document["parameters"] = size(row.entry.parameters)
    document["memory_bytes"] = gigabytes(document["memory_bytes"]) + " in 16 bits"
    document["run_with_real_weights"] = row.run
    lines = [f"{key.replace('_', ' '):<22} {_shown(value)}" for key, value in document.items()]
    conventions = row.entry.family.conventions
    return "\n".join([*lines, f"{'conventions':<22} {conventions}"])


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
