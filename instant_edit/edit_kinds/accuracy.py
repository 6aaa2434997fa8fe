"""How often the embedded model gets each kind of edit right, as it was measured."""

from __future__ import annotations

import json
from dataclasses import dataclass
from functools import cache
from pathlib import Path

SCHEMA_VERSION = 1
FILE = Path(__file__).parents[1] / "models" / "weights" / "kinds.json"
ENOUGH = 0.8  # share of right edits from which a menu offers a kind
FEWEST = 10  # edits below which a share says nothing


@dataclass(frozen=True, slots=True)
class Accuracy:
    """Figures of one kind: edits asked for, answered and right; the 95 % interval of the share."""

    count: int
    edited: int
    right: int
    low: float
    high: float

    @property
    def rate(self) -> float:
        """Right edits among those asked for, in [0, 1]."""
        return self.right / self.count if self.count else 0.0

    @property
    def offered(self) -> bool:
        """Whether a menu offers the kind by itself."""
        return self.count >= FEWEST and self.rate >= ENOUGH


@dataclass(frozen=True, slots=True)
class Measured:
    """A file of figures: the digest of the weights that were measured, and each kind's."""

    weights: str
    kinds: dict[str, Accuracy]


@cache
def measured(path: Path = FILE) -> Measured:
    """What a file says; nothing where there is none, or none that can be read."""
    try:
        document = json.loads(path.read_text(encoding="utf-8"))
        kinds = {
            kind: Accuracy(one["count"], one["edited"], one["right"], one["low"], one["high"])
            for kind, one in document["kinds"].items()
        }
        return Measured(str(document["model"]["digest"]), kinds)
    except (OSError, ValueError, KeyError, TypeError, AttributeError):
        return Measured("", {})
