"""Models behind one interface. ``load(name)`` is the registry; nothing here imports torch."""

from __future__ import annotations

import os
from typing import TYPE_CHECKING

from instant_edit.errors import ModelError

if TYPE_CHECKING:
    from instant_edit.models.protocol import Denoiser

NAMES = ("embedded",)
SPIN_COUNT = "1000"  # turns that a thread of GNU OpenMP waits before it sleeps


def load(name: str) -> Denoiser:
    """The model of that name, or the weights file of the embedded network at that path.

    Raises:
        ModelError: no such model, or its files are missing or corrupt.
    """
    from pathlib import Path

    # Left alone, threads wait busily at the end of each of a pass's thousand operations: where
    # other work needs the cores too, 50 ms become seconds. OpenMP reads this when torch loads.
    os.environ.setdefault("GOMP_SPINCOUNT", SPIN_COUNT)
    from instant_edit.models.embedded import EmbeddedDenoiser

    if name == "embedded":
        return EmbeddedDenoiser.load()
    if name.endswith(".gguf"):
        return EmbeddedDenoiser.load(Path(name))
    raise ModelError(f"unknown model {name!r}; known: {', '.join(NAMES)}, or a .gguf file's path")
