"""An editor whose model is a script; everything before and after the model is the real thing."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from instant_edit.apply.options import ApplyOptions
from instant_edit.denoise import Piece, Step
from instant_edit.engine import Editor
from tests.lsp.scripting import denoiser_for
from tests.scripted import ScriptedDenoiser

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence
    from pathlib import Path

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


class AnsweringEditor(ScriptedEditor):
    """Denoises towards what a function says of each request: one text for each of its spans."""

    def __init__(self, answer: Callable[[EditRequest], Sequence[str]]) -> None:
        super().__init__()
        self.answer = answer

    def edit(self, request: EditRequest, **options: Any) -> EditResult:
        self.texts = tuple(self.answer(request))
        return super().edit(request, **options)


class TogetherEditor(AnsweringEditor):
    """Remembers which requests were asked together; each is answered as if it were alone."""

    def __init__(self, answer: Callable[[EditRequest], Sequence[str]]) -> None:
        super().__init__(answer)
        self.batches: list[list[EditRequest]] = []

    def edit_many(self, requests: Sequence[EditRequest], **options: Any) -> tuple[EditResult, ...]:
        self.batches.append(list(requests))
        return tuple(self.edit(request, **options) for request in requests)


class CandidatesEditor(ScriptedEditor):
    """Has several candidates for each request: the engine judges one after the other."""

    def edit(self, request: EditRequest, **options: Any) -> EditResult:
        candidates, self.texts = self.texts[: request.candidates], ()
        for text in candidates:
            self.texts = (text,) * len(request.spans)
            result = super().edit(request, **options)
            if result.verdict.ok:
                break
        self.texts = candidates
        return result


def old_texts(request: EditRequest) -> list[str]:
    """The text of each span of a request."""
    return [request.source[span.start : span.end] for span in request.spans]


def options(path: Path, *lines: str, **flags: Any) -> ApplyOptions:
    """The flags of a run over one file."""
    return ApplyOptions(paths=(path,), lines=lines, **flags)


def opener(editor: Editor) -> Callable[[], Editor]:
    """Hand an editor over where a function that loads a model is wanted."""
    return lambda: editor


def no_model() -> Editor:
    """Stand where a model must not be loaded."""
    raise AssertionError("the model was loaded for input that cannot be edited")


def step(number: int, masked: int, *texts: str) -> Step:
    """Make a denoising step with these drafts."""
    return Step(number, masked, tuple((Piece(text, 1.0),) for text in texts))
