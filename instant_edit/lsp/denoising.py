"""The one thread on which the model lives, and the edits waiting for it.

The event loop never computes: it submits to an executor of one worker named ``denoise``
and awaits. Stopping is a flag per job which the engine polls between denoising steps.
"""

from __future__ import annotations

import asyncio
import logging
import threading
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Protocol

from instant_edit.errors import EditCancelled

if TYPE_CHECKING:
    from instant_edit.request import EditRequest, EditResult

logger = logging.getLogger(__name__)


class StepLike(Protocol):
    """What the server reads of a denoising step."""

    @property
    def number(self) -> int:
        """Which step this is, from 1."""
        ...

    @property
    def masked(self) -> int:
        """Tokens left to write."""
        ...


class EditorLike(Protocol):
    """What the server needs of ``instant_edit.Editor``."""

    def edit(
        self,
        request: EditRequest,
        *,
        cancelled: Callable[[], bool] | None = None,
        on_step: Callable[[StepLike], None] | None = None,
    ) -> EditResult:
        """Compute an edit; raise ``EditCancelled`` soon after ``cancelled()`` turns true."""
        ...

    def close(self) -> None:
        """Let go of the model."""
        ...


OpenEditor = Callable[[str], EditorLike]
"""Opens the model of this name; raises ``ModelError``. Called on the denoise thread."""


class Watcher(Protocol):
    """Who is told how a job goes, on the denoise thread."""

    def loading(self) -> None:
        """The model is being loaded, which takes a while."""
        ...

    def step(self, step: StepLike) -> None:
        """A denoising step is done."""
        ...


@dataclass(eq=False)
class Job:
    """One edit that waits or runs; setting ``stop`` ends it at the next step."""

    uri: str
    stop: threading.Event = field(default_factory=threading.Event)


class Denoising:
    """Owns the editor and the worker thread it is used on."""

    def __init__(self, open_editor: OpenEditor, model: str) -> None:
        self.model = model
        self._open_editor = open_editor
        self._editor: EditorLike | None = None
        self._jobs: set[Job] = set()
        self._executor = ThreadPoolExecutor(max_workers=1, thread_name_prefix="denoise")

    async def load(self) -> None:
        """Open the model now; raises what opening it raises."""
        await asyncio.get_running_loop().run_in_executor(self._executor, self._opened)

    async def run(self, request: EditRequest, job: Job, watcher: Watcher) -> EditResult:
        """Compute an edit; cancelling the awaiting task stops the job at its next step."""
        self._jobs.add(job)
        loop = asyncio.get_running_loop()
        try:
            return await loop.run_in_executor(self._executor, self._edit, request, job, watcher)
        except asyncio.CancelledError:
            job.stop.set()
            raise
        finally:
            self._jobs.discard(job)

    def stop(self, uri: str | None = None) -> None:
        """Stop the jobs on this document, or all of them."""
        for job in self._jobs:
            if uri is None or job.uri == uri:
                job.stop.set()

    def close(self) -> None:
        """Stop everything, wait for the thread, let go of the model."""
        self.stop()
        self._executor.shutdown(wait=True, cancel_futures=True)
        if self._editor is not None:
            self._editor.close()
            self._editor = None

    def _opened(self) -> EditorLike:
        if self._editor is None:
            logger.info("loading model %r", self.model)
            self._editor = self._open_editor(self.model)
        return self._editor

    def _edit(self, request: EditRequest, job: Job, watcher: Watcher) -> EditResult:
        if job.stop.is_set():
            raise EditCancelled("cancelled before it began")
        if self._editor is None:
            watcher.loading()
        return self._opened().edit(request, cancelled=job.stop.is_set, on_step=watcher.step)
