"""The one thread on which the engine is used; requests wait for their turn in the order asked."""

from __future__ import annotations

import asyncio
import threading
from collections.abc import AsyncGenerator, Callable
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from dataclasses import dataclass, field

from instant_edit.errors import EditCancelled
from instant_edit.interface import Engine, StepLike
from instant_edit.remote.answers import Answer
from instant_edit.remote.schema import InfillAnswer, InfillDraft, ModelName
from instant_edit.remote.steps import Piece
from instant_edit.request import EditRequest, EditResult, Finding, Verdict

NEXT = Finding("next", "the next candidate, please", 0)


class Worker:
    """Owns an engine; its messages come as they arise, and stop it when nobody takes them."""

    def __init__(self, open_engine: Callable[[], Engine]) -> None:
        self._executor = ThreadPoolExecutor(max_workers=1, thread_name_prefix="denoise")
        self._engine = self._executor.submit(open_engine).result()
        model = self._engine.model
        self.model = ModelName(model.id, model.digest)

    async def messages(
        self, request: EditRequest, *, drafts: bool
    ) -> AsyncGenerator[InfillDraft | InfillAnswer]:
        """The drafts of a request, if they are wanted, and then its answer.

        Closing the generator stops the engine at its next step.

        Raises:
            InstantEditError: the request cannot be done.
        """
        work = Work(self._engine, request, self.model, asyncio.get_running_loop(), drafts)
        future = self._executor.submit(work.run)
        future.add_done_callback(lambda _: work.tell(None))
        try:
            while (message := await work.inbox.get()) is not None:
                yield message
            yield future.result()
        finally:
            work.stop.set()
            future.cancel()

    def close(self) -> None:
        """Wait for what runs, and let go of the engine."""
        self._executor.shutdown(wait=True, cancel_futures=True)
        self._engine.close()


@dataclass
class Work:
    """One request on the worker's thread.

    All candidates that pass the gate are wanted, not only the first: the asker has a judge of its
    own. So the engine is told of each that it is not good enough.
    """

    engine: Engine
    request: EditRequest
    model: ModelName
    loop: asyncio.AbstractEventLoop
    drafts: bool
    stop: threading.Event = field(default_factory=threading.Event)
    inbox: asyncio.Queue[InfillDraft | None] = field(default_factory=asyncio.Queue)

    def run(self) -> InfillAnswer:
        """Denoise; the answer has every candidate that passed the gate."""
        if self.stop.is_set():
            raise EditCancelled("nobody waits for it any more")
        taken: list[EditResult] = []

        def judge(result: EditResult) -> Verdict:
            taken.append(result)
            return Verdict(False, (NEXT,))

        show = self._show if self.drafts else None
        last = self.engine.edit(self.request, judge=judge, cancelled=self.stop.is_set, on_step=show)
        stats = last.stats
        return InfillAnswer(
            tuple(tuple(Answer(e.text, e.confidence) for e in one.edits) for one in taken),
            () if taken else last.verdict.findings,
            self.model,
            stats.steps,
            stats.forward_passes,
            sum(one.stats.tokens for one in taken) or stats.tokens,
        )

    def tell(self, message: InfillDraft | None) -> None:
        """Send something to the loop, if it still runs."""
        with suppress(RuntimeError):
            self.loop.call_soon_threadsafe(self.inbox.put_nowait, message)

    def _show(self, step: StepLike) -> None:
        drafts = tuple(tuple(Piece(p.text, p.confidence) for p in d) for d in step.pieces)
        self.tell(InfillDraft(drafts, step.number))
