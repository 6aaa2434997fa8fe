"""An editor whose model is a script; everything before and after the model is the real thing."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from instant_edit.denoise import Piece, Step
from instant_edit.engine import Editor
from tests.lsp.scripting import denoiser_for
from tests.scripted import ScriptedDenoiser

if TYPE_CHECKING:
    from collections.abc import Callable

    from instant_edit.request import EditRequest, EditResult


class ScriptedEditor(Editor):
    """Denoises towards the given texts, one for each span, in the request's order.

    ``meanwhile`` is called while a request is being denoised.
    """

    def __init__(self, *texts: str) -> None:
        super().__init__(ScriptedDenoiser())
        self.texts = texts
        self.requests: list[EditRequest] = []
        self.options: list[dict[str, Any]] = []
        self.meanwhile: Callable[[], None] = lambda: None

    def edit(self, request: EditRequest, **options: Any) -> EditResult:
        self.requests.append(request)
        self.options.append(options)
        self._denoiser = denoiser_for(request, self.texts, self.meanwhile)
        return super().edit(request, **options)

    def close(self) -> None:
        """Stay open, so that tests may ask what happened."""


def opener(editor: Editor) -> Callable[[], Editor]:
    """Hand an editor over where a function that loads a model is wanted."""
    return lambda: editor


def no_model() -> Editor:
    """Stand where a model must not be loaded."""
    raise AssertionError("the model was loaded for input that cannot be edited")


def step(number: int, masked: int, *texts: str) -> Step:
    """Make a denoising step with these drafts."""
    return Step(number, masked, tuple((Piece(text, 1.0),) for text in texts))
