"""Whether a checkpoint keeps its family's convention about logits: tried on lines all code has.

Each token of a well-known line is masked by itself. Read the right way, the logits know it; read
one row off, they speak of its neighbour. A wrong convention gives plausible nonsense, so a model
that does better the other way is refused.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import torch

from instant_edit.errors import ModelError
from instant_edit.models.families.block_diffusion import BlockDenoiser
from instant_edit.models.families.mask_canvas import MaskCanvasDenoiser

LINES = (
    'if __name__ == "__main__":\n    main()\n',
    "import numpy as np\nimport pandas as pd\n",
    "for i in range(10):\n    print(i)\n",
    "def __init__(self):\n    super().__init__()\n",
)

MaskModel = MaskCanvasDenoiser | BlockDenoiser


@dataclass(frozen=True, slots=True)
class ShiftTrial:
    """Mean log-probability of the masked tokens under either reading of the logits."""

    shifted: float
    in_place: float

    @property
    def shift(self) -> bool:
        """Which reading is right."""
        return self.shifted > self.in_place


@torch.inference_mode()
def try_shift(denoiser: MaskModel, lines: Sequence[str] = LINES) -> ShiftTrial:
    """Mask every token of some lines, but the first, one at a time."""
    totals, count = [0.0, 0.0], 0
    for line in lines:
        ids = denoiser.vocabulary.model_ids(denoiser.vocabulary.encode(line))
        for place in range(1, len(ids)):
            found = _both(denoiser, ids, place)
            totals = [total + one for total, one in zip(totals, found, strict=True)]
            count += 1
    if not count:
        raise ModelError("the lines to try a model on have fewer than two tokens")
    return ShiftTrial(totals[0] / count, totals[1] / count)


def _both(denoiser: MaskModel, ids: list[int], place: int) -> tuple[float, float]:
    """Log-probability of the token at ``place``, from the row before it and from its own."""
    shown = torch.tensor([[*ids[:place], denoiser.tokens.mask, *ids[place + 1 :]]])
    shown = shown.to(next(denoiser.stack.parameters()).device)
    rows = torch.arange(shown.shape[1], device=shown.device)
    look = None
    if isinstance(denoiser, BlockDenoiser):
        blocks = rows // denoiser.tokens.block
        look = (blocks[None] <= blocks[:, None])[None, None]
    hidden, _ = denoiser.stack(shown, rows[None], look)
    scores = denoiser.stack.logits(hidden[0, [place - 1, place]]).log_softmax(-1)[:, ids[place]]
    return float(scores[0]), float(scores[1])


def check_shift(denoiser: MaskModel, lines: Sequence[str] = LINES) -> ShiftTrial:
    """Like ``try_shift``, and the model's convention must be the better reading.

    Raises:
        ModelError: it is not; the figures are given.
    """
    trial = try_shift(denoiser, lines)
    if trial.shift != denoiser.tokens.shift:
        names = {True: "row i predicts token i + 1", False: "row i predicts token i"}
        raise ModelError(
            f"model {denoiser.info.id}: its family says that {names[denoiser.tokens.shift]}, but "
            f"read so it knows less of well-known lines (mean log-probability shifted "
            f"{trial.shifted:.2f}, in place {trial.in_place:.2f}); is it of another family?"
        )
    return trial
