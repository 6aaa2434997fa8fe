"""What holds for every test."""

from __future__ import annotations

from hypothesis import settings

# No test asserts a time, and an example on a busy machine may take any.
settings.register_profile("any-machine", deadline=None)
settings.load_profile("any-machine")
