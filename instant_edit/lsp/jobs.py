"""The edits under way: one runs, the others wait their turn, the latest of a document wins."""

from __future__ import annotations

import asyncio
import threading
from collections import deque
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from pygls.exceptions import JsonRpcContentModified, JsonRpcException, JsonRpcRequestCancelled

if TYPE_CHECKING:
    from collections.abc import Iterator

    from instant_edit.lsp.documents import Document
    from instant_edit.lsp.tracking import Place


@dataclass(eq=False)
class Job:
    """One edit that waits or runs. What it edits is followed by ``places``."""

    places: tuple[Place, ...]
    stop: threading.Event = field(default_factory=threading.Event)
    turn: asyncio.Future[None] = field(default_factory=asyncio.Future)
    reason: JsonRpcException | None = None

    def end(self, reason: JsonRpcException) -> None:
        """Stop it at its next step, or at once where it waits; the first reason counts."""
        if self.reason is None:
            self.reason = reason
            self.stop.set()
            if not self.turn.done():
                self.turn.set_exception(reason)

    def cancel(self) -> None:
        """End it because the client said so."""
        self.end(JsonRpcRequestCancelled("cancelled by the client"))

    def place(self, uri: str) -> Place | None:
        """What it edits of a document."""
        return next((place for place in self.places if place.asked.uri == uri), None)

    def check(self) -> None:
        """Raise the reason for which it was ended, if it was."""
        if self.reason is not None:
            raise self.reason


class Jobs:
    """Turns are given in the order of asking, and no document has more than one job."""

    def __init__(self) -> None:
        self._running: Job | None = None
        self._waiting: deque[Job] = deque()

    def __len__(self) -> int:
        return len(self._waiting) + (self._running is not None)

    async def turn(self, job: Job) -> None:
        """Wait until no other job runs; raises the reason for which the job was ended."""
        for place in job.places:
            for older in self._on(place.asked.uri):
                older.end(JsonRpcRequestCancelled(f"a newer request for {place.asked.uri} came"))
        self._waiting.append(job)
        self._give_turn()
        await job.turn

    def done(self, job: Job) -> None:
        """Give the turn to the next; to be called for every job, however it ended."""
        if job in self._waiting:
            self._waiting.remove(job)
        if job is self._running:
            self._running = None
            self._give_turn()

    def follow(self, document: Document) -> None:
        """Take the next version of a document to the jobs on it; end those it disturbs."""
        for job in self._on(document.uri):
            place = job.place(document.uri)
            if place is not None and not place.follow(document):
                job.end(
                    JsonRpcContentModified(
                        f"{document.uri} changed where it was being edited; "
                        f"ask again for version {document.version}"
                    )
                )

    def closed(self, uri: str) -> None:
        """End the jobs on a document that is not open any more."""
        for job in self._on(uri):
            job.end(JsonRpcContentModified(f"{uri} was closed while it was being edited"))

    def end_all(self) -> None:
        """End every job: the server shuts down."""
        for job in self._all():
            job.cancel()

    def _give_turn(self) -> None:
        while self._waiting and self._running is None:
            job = self._waiting.popleft()
            if not job.turn.done():
                job.turn.set_result(None)
                self._running = job

    def _all(self) -> list[Job]:
        running = [] if self._running is None else [self._running]
        return [*running, *self._waiting]

    def _on(self, uri: str) -> Iterator[Job]:
        return (job for job in self._all() if job.place(uri) is not None)
