"""A tiny mask model that has learnt a few lines by heart, under either convention."""

from __future__ import annotations

from pathlib import Path

import torch

from instant_edit.models.families.checkpoint import Checkpoint
from instant_edit.models.families.vocabulary import Vocabulary
from tests.families import checkpoints

TEXT = "def add(a, b):\n    return a + b\n"
MIDDLE = slice(TEXT.index("return"), TEXT.index(" + b"))  # a token is a byte here
STEPS = 300


def memorised(folder: Path, *, shift: bool, block: int | None = None) -> Path:
    """A checkpoint that fills masks in ``TEXT``, anywhere in a short sequence.

    Args:
        folder: where it is saved.
        shift: whether row i of its logits predicts token i + 1.
        block: width of the blocks it sees; None where every row sees every other.
    """
    model = checkpoints.stock(
        "Qwen2", hidden_size=64, intermediate_size=128, tie_word_embeddings=True
    )
    checkpoints.save(folder, model)
    vocabulary = Vocabulary(Checkpoint(folder))
    mask = vocabulary.control(checkpoints.MASK)
    assert mask is not None
    ids = torch.tensor(vocabulary.model_ids(vocabulary.encode(TEXT)))
    generator = torch.Generator().manual_seed(0)
    with torch.no_grad():
        for parameter in model.parameters():
            if parameter.ndim > 1:
                parameter.normal_(0, 0.08, generator=generator)
    optimiser = torch.optim.AdamW(model.parameters(), lr=3e-3, weight_decay=0.0)
    look = _look(len(ids), block)
    for _ in range(STEPS):
        shares = torch.rand(8, 1, generator=generator).sqrt()
        masked = torch.rand(8, len(ids), generator=generator) < shares
        masked[:4, : MIDDLE.start - 1] = masked[:4, MIDDLE.stop :] = False
        masked[:, 0] = False
        shown = torch.where(masked, mask, ids)
        logits = model(shown, attention_mask=look).logits
        wanted = ids.expand(8, -1)
        if shift:
            logits, wanted, masked = logits[:, :-1], wanted[:, 1:], masked[:, 1:]
        loss = torch.nn.functional.cross_entropy(logits[masked], wanted[masked])
        optimiser.zero_grad()
        loss.backward()  # type: ignore[no-untyped-call]
        optimiser.step()
    model.save_pretrained(folder)
    return folder


def _look(size: int, block: int | None) -> torch.Tensor:
    """What is added to attention scores, (1, 1, T, T)."""
    rows = torch.arange(size) // (block or size)
    return torch.where(rows[None] <= rows[:, None], 0.0, -torch.inf)[None, None]
