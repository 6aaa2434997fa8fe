"""Models behind one interface. ``load(name)`` opens one; nothing here imports torch."""

from __future__ import annotations

from instant_edit.models.registry import load, names

__all__ = ["load", "names"]
