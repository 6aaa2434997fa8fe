"""A denoiser that knows the final text: the engine's whole path runs, without weights.

Given a context, it finds the place in a final text where the context's prefix ends and its suffix
begins; what stands between is what its canvas says, token for token, with END behind it. It keeps
to the ``Denoiser`` protocol, so contexts, canvases, verification, splice and gate are the real
ones.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from functools import cache
from pathlib import Path

import torch

import instant_edit.models
from instant_edit.models.protocol import Branch, ContextIds, ModelInfo, Prediction
from instant_edit.tokenizer import Tokenizer

REACH = 24  # characters of prefix and suffix that are matched


@cache
def tokenizer() -> Tokenizer:
    """The embedded model's tokenizer."""
    folder = Path(instant_edit.models.__file__).parent / "weights"
    return Tokenizer.from_file(folder / "tokenizer.json")


class ScriptedDenoiser:
    """Denoises towards known final texts.

    Args:
        finals: whole texts as they should be after the edit, "\\n" line endings; the first one
            that fits a context is taken.
        sure: probability given to the scripted token of each canvas slot.
        on_pass: called before each forward pass (to wait, or to cancel).
        slips: by canvas slot, a token text said there the first time instead of the right one.
        verifies: whether predictions carry a causal pass.
    """

    def __init__(
        self,
        *finals: str,
        sure: float = 0.95,
        on_pass: Callable[[], None] | None = None,
        slips: Mapping[int, str] | None = None,
        verifies: bool = True,
    ) -> None:
        self.tokenizer = tokenizer()
        self.info = ModelInfo("scripted", "sha256:0", "float32", 1, 0, "a script")
        self.finals, self.sure, self.on_pass = finals, sure, on_pass
        self.slips, self.verifies = dict(slips or {}), verifies
        self.passes = 0

    def encode(self, contexts: Sequence[ContextIds]) -> ScriptedSession:
        """See ``Denoiser.encode``."""
        return ScriptedSession(self, contexts, [self.script(context) for context in contexts])

    def suffix(self, context: ContextIds) -> list[int]:
        """The ids that follow the span."""
        ids = self.tokenizer.special
        tail = list(context.tail[1:])
        return tail[: tail.index(ids.instruction)] if ids.instruction in tail else tail

    def script(self, context: ContextIds) -> list[int]:
        """The ids that belong between a context's prefix and its suffix, END last."""
        prefix = self.tokenizer.decode(context.prefix[1:])[-REACH:]
        suffix = self.tokenizer.decode(self.suffix(context))[:REACH]
        for final in self.finals:
            at = final.find(prefix)
            while at >= 0:
                start = at + len(prefix)
                end = final.find(suffix, start)
                if len(suffix) < REACH:  # nothing follows it: it is the end of the text
                    end = len(final) - len(suffix) if final[start:].endswith(suffix) else -1
                if end >= 0:
                    end_token = self.tokenizer.special.end
                    return [*self.tokenizer.encode(final[start:end]), end_token]
                at = final.find(prefix, at + 1)
        raise AssertionError(f"no scripted text has {prefix!r} before {suffix!r}")


class ScriptedSession:
    """See ``Session``."""

    def __init__(
        self,
        denoiser: ScriptedDenoiser,
        contexts: Sequence[ContextIds],
        scripts: Sequence[list[int]],
    ) -> None:
        self.denoiser, self.scripts = denoiser, scripts
        self.spoken = [
            [*script[:-1], *denoiser.suffix(context), script[-1]]  # the suffix follows the middle
            for context, script in zip(contexts, scripts, strict=True)
        ]
        self.accepted = [0] * len(scripts)

    def forward(
        self,
        drafts: Sequence[Sequence[int]],
        canvases: Sequence[Sequence[int]],
        branches: Sequence[Sequence[Branch]] = (),
    ) -> list[Prediction]:
        """See ``Session.forward``."""
        if self.denoiser.on_pass is not None:
            self.denoiser.on_pass()
        self.denoiser.passes += 1
        asked = branches or [()] * len(drafts)
        return [
            self._predict(b, *one)
            for b, one in enumerate(zip(drafts, canvases, asked, strict=True))
        ]

    def _predict(
        self, b: int, draft: Sequence[int], canvas: Sequence[int], branches: Sequence[Branch]
    ) -> Prediction:
        script, spoken, done = self.scripts[b], self.spoken[b], self.accepted[b]
        causal = self._rows(spoken, done, len(draft) + 1) if self.denoiser.verifies else None
        more = tuple(
            self._rows(spoken if one.clean else script, done + one.after, len(one.ids))
            for one in branches
        )
        start = done + len(draft)
        return Prediction(causal, self._rows(script, start, len(canvas), slips=True), more)

    def _rows(
        self, script: list[int], start: int, count: int, *, slips: bool = False
    ) -> torch.Tensor:
        rows = [self._row(script, i, i if slips else None) for i in range(start, start + count)]
        empty = torch.empty(0, self.denoiser.tokenizer.vocabulary)
        return torch.stack(rows) if rows else empty

    def accept(self, counts: Sequence[int]) -> None:
        """See ``Session.accept``."""
        self.accepted = [a + c for a, c in zip(self.accepted, counts, strict=True)]

    def _row(self, script: list[int], index: int, slot: int | None = None) -> torch.Tensor:
        size = self.denoiser.tokenizer.vocabulary
        token = script[min(index, len(script) - 1)]
        if slot is not None and slot in self.denoiser.slips:
            token = self.denoiser.tokenizer.encode(self.denoiser.slips.pop(slot))[0]
        row = torch.full((size,), (1 - self.denoiser.sure) / (size - 1))
        row[token] = self.denoiser.sure
        return row.log()
