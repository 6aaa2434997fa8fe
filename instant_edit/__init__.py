"""instant-edit: a selected span, rewritten by an infilling diffusion model and validated.

Importing this package is cheap: names are resolved on first use, and torch is loaded only when
an ``Editor`` is opened.
"""

from __future__ import annotations

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
