"""When to stop waiting for an endpoint: the caller's wish, and the deadline."""

from __future__ import annotations

import time
from collections.abc import Callable
from dataclasses import dataclass

from instant_edit.errors import EditCancelled

MARGIN = 0.9  # of the time left, for the endpoint; the rest is the way back and the gate


class DeadlinePassed(Exception):  # noqa: N818 - no error: it becomes a finding
    """No answer came in time."""


@dataclass(frozen=True, slots=True)
class Limits:
    """Asked all the time while an answer is awaited.

    Args:
        cancelled: whether the caller wants to stop.
        deadline_ms: what the request allowed, in milliseconds.
        deadline: when that is over, in ``time.monotonic()`` seconds.
    """

    cancelled: Callable[[], bool] | None = None
    deadline_ms: int | None = None
    deadline: float | None = None

    @classmethod
    def of(cls, deadline_ms: int | None, cancelled: Callable[[], bool] | None) -> Limits:
        """Limits that begin now."""
        deadline = None if deadline_ms is None else time.monotonic() + deadline_ms / 1000
        return cls(cancelled, deadline_ms, deadline)

    def check(self) -> None:
        """Go on only if there is time and nobody wants to stop.

        Raises:
            EditCancelled: the caller asked to stop.
            DeadlinePassed: the time is over.
        """
        if self.cancelled is not None and self.cancelled():
            raise EditCancelled("cancelled while waiting for the endpoint")
        if self.deadline is not None and time.monotonic() >= self.deadline:
            raise DeadlinePassed(f"the endpoint gave no answer within {self.deadline_ms} ms")

    @property
    def left_ms(self) -> int | None:
        """Milliseconds that the endpoint may take, at least 1; None without a deadline."""
        if self.deadline is None:
            return None
        return max(1, int(1000 * MARGIN * (self.deadline - time.monotonic())))
