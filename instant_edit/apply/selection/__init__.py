"""From what the user names to the spans of a file; nothing here reads a file of source text."""

from __future__ import annotations

from instant_edit.apply.selection.selectors import Selectors
from instant_edit.apply.selection.target import Selected, Target, Task, tasks_of

__all__ = ["Selected", "Selectors", "Target", "Task", "tasks_of"]
