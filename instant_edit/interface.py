"""What the surfaces ask of whatever computes edits: a model in this process, or an endpoint.

``engine.Editor`` and ``remote.RemoteEditor`` keep to ``Engine``. ``open_engine`` is where a
model's name becomes one of the two; each room is imported only when it is asked for.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING, Protocol

from instant_edit.request import EditRequest, EditResult, Verdict

if TYPE_CHECKING:
    from types import TracebackType

    from instant_edit.models.protocol import ModelInfo

REMOTE = "remote"


class PieceLike(Protocol):
    """A token of a draft, or an open slot."""

    @property
    def text(self) -> str:
        """Its text; ``▒`` for an open slot."""
        ...

    @property
    def confidence(self) -> float:
        """Its probability; 0 for an open slot, and where nobody says."""
        ...


class StepLike(Protocol):
    """The drafts after one step."""

    @property
    def number(self) -> int:
        """Which step this is, from 1."""
        ...

    @property
    def masked(self) -> int:
        """Slots left to write."""
        ...

    @property
    def pieces(self) -> Sequence[Sequence[PieceLike]]:
        """The draft of each span."""
        ...


OnStep = Callable[[StepLike], None]
Judge = Callable[[EditResult], Verdict]


class Engine(Protocol):
    """Requests in, validated results out. Not for use by several threads at once."""

    def __enter__(self) -> Engine: ...

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None: ...

    @property
    def model(self) -> ModelInfo:
        """What the model is."""
        ...

    def edit(
        self,
        request: EditRequest,
        *,
        judge: Judge | None = None,
        cancelled: Callable[[], bool] | None = None,
        on_step: OnStep | None = None,
    ) -> EditResult:
        """Rewrite the spans of a request; see ``Editor.edit``."""
        ...

    def edit_many(
        self,
        requests: Sequence[EditRequest],
        *,
        cancelled: Callable[[], bool] | None = None,
        on_step: OnStep | None = None,
    ) -> tuple[EditResult, ...]:
        """Rewrite the spans of several texts; see ``Editor.edit_many``."""
        ...

    def close(self) -> None:
        """Let go of the model, or of the connection."""
        ...


def is_remote(model: str) -> bool:
    """Whether a model's name stands for an endpoint."""
    return model == REMOTE or model.startswith(f"{REMOTE}:")


def open_engine(model: str) -> Engine:
    """The engine behind a model's name.

    Raises:
        ModelError: the model is unknown, missing or corrupt, or the endpoint may not be used.
        SettingsError: a setting that the endpoint needs is wrong.
    """
    if is_remote(model):
        from instant_edit.remote import open_remote

        return open_remote(model)
    from instant_edit.engine import Editor

    return Editor.open(model)
