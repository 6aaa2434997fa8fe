"""An editor whose model is a script; everything after the model is the real thing."""

from __future__ import annotations

from types import SimpleNamespace, TracebackType
from typing import TYPE_CHECKING, Self, cast

from instant_edit import languages
from instant_edit.request import Edit, EditResult, Stats
from instant_edit.splice import splice
from instant_edit.validate import validate

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from instant_edit.denoise import Step
    from instant_edit.engine import Editor
    from instant_edit.request import EditRequest

MODEL = SimpleNamespace(
    id="scripted", digest="sha256:0", dtype="float32", threads=1, parameters=7, description=""
)


class FakeEditor:
    """Writes the scripted text into each span, in order, and has it validated."""

    model = MODEL

    def __init__(self, *texts: str, steps: Sequence[Step] = ()) -> None:
        self.texts = texts
        self.steps = steps
        self.requests: list[EditRequest] = []
        self.lengths: list[tuple[int, ...] | None] = []
        self.before_return: Callable[[], None] = lambda: None

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        tb: TracebackType | None,
    ) -> None:
        return None

    def count_tokens(self, text: str) -> int:
        return len(text)

    def edit(
        self,
        request: EditRequest,
        *,
        lengths: tuple[int, ...] | None = None,
        cancelled: Callable[[], bool] | None = None,
        on_step: Callable[[Step], None] | None = None,
    ) -> EditResult:
        self.requests.append(request)
        self.lengths.append(lengths)
        for step in self.steps:
            if on_step is not None:
                on_step(step)
        edits = tuple(
            Edit(span, text, 0.9) for span, text in zip(request.spans, self.texts, strict=True)
        )
        after = splice(request.source, edits)
        language = languages.get(request.language)
        verdict = validate(request.source, after, edits, language)
        self.before_return()
        stats = Stats(3, 3, 6, 30.0, 10.0, 15.0, 5.0)
        return EditResult(after if verdict.ok else request.source, edits, verdict, stats)


def opener(editor: FakeEditor) -> Callable[[], Editor]:
    """Hand the fake over where a function that loads a model is wanted."""
    return lambda: cast("Editor", editor)


def no_model() -> Editor:
    """Stand where a model must not be loaded."""
    raise AssertionError("the model was loaded for input that cannot be edited")


def step(number: int, masked: int, *texts: str) -> Step:
    """Make a denoising step with these drafts."""
    confidence = tuple((1.0,) for _ in texts)
    return cast(
        "Step", SimpleNamespace(number=number, masked=masked, texts=texts, confidence=confidence)
    )
