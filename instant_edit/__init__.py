"""instant-edit: a selected span, rewritten by an infilling diffusion model and validated.

Importing this package is cheap: names are resolved on first use, and torch is loaded only when
an ``Editor`` is opened.
"""

from __future__ import annotations

import os
from importlib import import_module, metadata
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from instant_edit.engine import Editor
    from instant_edit.errors import InstantEditError
    from instant_edit.request import (
        Edit,
        EditRequest,
        EditResult,
        Finding,
        Span,
        Stats,
        Verdict,
    )

_HOMES = {
    "Editor": "engine",
    "InstantEditError": "errors",
    **dict.fromkeys(
        ("Edit", "EditRequest", "EditResult", "Finding", "Span", "Stats", "Verdict"), "request"
    ),
}

# Left alone, threads wait busily at the end of each of a pass's thousand operations: where other
# work needs the cores too, 50 ms become seconds, and loading a model a minute. OpenMP reads this
# when torch loads, and any module of this package may be the first to load it.
os.environ.setdefault("GOMP_SPINCOUNT", "1000")  # turns that a thread waits before it sleeps

__all__ = [
    "Edit",
    "EditRequest",
    "EditResult",
    "Editor",
    "Finding",
    "InstantEditError",
    "Span",
    "Stats",
    "Verdict",
]


def __getattr__(name: str) -> object:
    if name == "__version__":
        return metadata.version("instant-edit")
    if name in _HOMES:
        return getattr(import_module(f"{__name__}.{_HOMES[name]}"), name)
    raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
