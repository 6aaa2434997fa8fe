"""The one thread on which the model lives.

The event loop never computes: it submits to an executor of one worker named ``denoise``
and awaits.
"""

from __future__ import annotations

import asyncio
import contextlib
import logging
from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor
from typing import TYPE_CHECKING, Protocol, TypeVar

from instant_edit.errors import EditCancelled, ModelError
from instant_edit.interface import OnStep, is_remote
from instant_edit.lsp.protocol import ModelAnswer, ModelStatus
from instant_edit.lsp.resting import Resting, give_back, settle

if TYPE_CHECKING:
    from instant_edit.request import EditRequest, EditResult

logger = logging.getLogger(__name__)
T = TypeVar("T")


class InfoLike(Protocol):
    """What the server tells of a model."""

    @property
    def id(self) -> str:
        """Its name."""
        ...

    @property
    def digest(self) -> str:
        """The hash of its weights."""
        ...

    @property
    def description(self) -> str:
        """In words; of an endpoint, what is sent there."""
        ...


Cancelled = Callable[[], bool]
"""Asked between denoising steps whether to stop; called on the denoise thread."""


class EditorLike(Protocol):
    """What the server needs of ``instant_edit.Editor``."""

    @property
    def model(self) -> InfoLike:
        """What the model is."""
        ...

    def edit(self, request: EditRequest, *, cancelled: Cancelled, on_step: OnStep) -> EditResult:
        """Compute an edit; raise ``EditCancelled`` soon after ``cancelled()`` turns true."""
        ...

    def edit_many(
        self, requests: Sequence[EditRequest], *, cancelled: Cancelled, on_step: OnStep
    ) -> tuple[EditResult, ...]:
        """Compute edits of several texts together."""
        ...

    def close(self) -> None:
        """Let go of the model."""
        ...


OpenEditor = Callable[[str], EditorLike]
"""Opens the model of this name; raises ``ModelError``. Called on the denoise thread."""


class Denoising:
    """Owns the editor and the worker thread it is used on.

    Args:
        open_editor: opens a model.
        model: the name of the one to open.
        on_status: told on the event loop when ``status`` has changed.
    """

    def __init__(
        self, open_editor: OpenEditor, model: str, on_status: Callable[[ModelStatus], None]
    ) -> None:
        self.status = ModelStatus(model, "unloaded")
        self.model: ModelAnswer | None = None
        self._open_editor = open_editor
        self._on_status = on_status
        self._editor: EditorLike | None = None
        self._notice: str | None = None  # what leaves the machine
        self._loading: asyncio.Task[None] | None = None
        self._executor = ThreadPoolExecutor(max_workers=1, thread_name_prefix="denoise")
        self._resting = Resting(lambda: self._executor.submit(give_back))

    async def use(self, model: str) -> None:
        """Use another model from the next edit on."""
        if model != self.status.id:
            self._loading = None
            self._say(ModelStatus(model, "unloaded"))
            await self.call(self._let_go)

    async def load(self) -> None:
        """Open the model, unless it is open; raises ``ModelError``.

        Cancelling the awaiting task leaves the loading to those who wait for it as well.
        """
        if self.status.state == "ready":
            return
        if self._loading is None or self._loading.done():
            self._loading = asyncio.create_task(self._load(self.status.id))
            # Whoever waited may be gone: an error that nobody sees is no news to asyncio.
            self._loading.add_done_callback(lambda task: task.cancelled() or task.exception())
        await asyncio.shield(self._loading)

    async def _load(self, model: str) -> None:
        self._say(ModelStatus(model, "loading"))
        try:
            self.model = await self.call(lambda: self._open(model))
        except Exception as error:
            self._loaded(ModelStatus(model, "failed", str(error)))
            raise
        self._loaded(ModelStatus(model, "ready", self._notice))

    def _loaded(self, status: ModelStatus) -> None:
        if self.status.id == status.id:  # else another one is wanted by now
            self._say(status)

    async def edit(
        self, requests: Sequence[EditRequest], cancelled: Cancelled, on_step: OnStep
    ) -> tuple[EditResult, ...]:
        """Compute edits with the model that ``load`` opened, those of several texts together."""

        def compute() -> tuple[EditResult, ...]:
            if cancelled():
                raise EditCancelled("cancelled before it began")
            if self._editor is None:
                raise ModelError("the model has just been exchanged; ask again")
            if len(requests) == 1:
                return (self._editor.edit(requests[0], cancelled=cancelled, on_step=on_step),)
            return self._editor.edit_many(requests, cancelled=cancelled, on_step=on_step)

        return await self.call(compute)

    async def call(self, work: Callable[[], T]) -> T:
        """Do some work on the thread, after what was asked of it before."""
        self._resting.end()
        try:
            return await asyncio.get_running_loop().run_in_executor(self._executor, work)
        finally:
            self._resting.begin()

    def close(self) -> None:
        """Wait for the thread, let go of the model. Whoever runs must have been told to stop."""
        self._resting.end()
        self._executor.shutdown(wait=True, cancel_futures=True)
        self._let_go()

    def _open(self, model: str) -> ModelAnswer:
        if self._editor is None:
            logger.info("loading model %r", model)
            self._editor = self._open_editor(model)
            settle()
            self._notice = self._editor.model.description if is_remote(model) else None
        return ModelAnswer(self._editor.model.id, self._editor.model.digest)

    def _let_go(self) -> None:
        if self._editor is not None:
            self._editor.close()
            self._editor = None

    def _say(self, status: ModelStatus) -> None:
        if status != self.status:
            self.status = status
            with contextlib.suppress(RuntimeError):  # the loop has ended: nobody listens
                self._on_status(status)
