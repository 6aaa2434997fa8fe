"""Models that transformers runs with its own classes, from a folder and from nowhere else."""

from __future__ import annotations

from typing import Any

import torch

from instant_edit.errors import ModelError
from instant_edit.models.families.checkpoint import Checkpoint, needs
from instant_edit.models.families.loading import listed

# Its classes are put together when they are imported: no checker can follow them.
StockModel = Any
StockCache = Any


def read_stock(
    checkpoint: Checkpoint, kind: str, device: torch.device, dtype: torch.dtype
) -> StockModel:
    """A model of one of transformers' classes, frozen.

    No code of the checkpoint runs, no pickle is opened, and nothing is fetched.

    Args:
        checkpoint: the folder.
        kind: name of the class.
        device: where it runs.
        dtype: of its weights.

    Raises:
        ModelError: transformers is missing or too old for it; tensors are missing or unexpected.
    """
    try:
        import transformers
    except ImportError as error:
        raise needs(error) from error
    found = getattr(transformers, kind, None)
    if found is None:
        raise ModelError(f"transformers {transformers.__version__} has no {kind}; upgrade it")
    try:
        model, report = found.from_pretrained(
            checkpoint.folder,
            dtype=dtype,
            local_files_only=True,
            trust_remote_code=False,
            use_safetensors=True,
            output_loading_info=True,
        )
    except (OSError, ValueError, RuntimeError, KeyError) as error:
        raise ModelError(f"{checkpoint.folder} cannot be loaded as {kind}: {error}") from error
    missing, unexpected = (sorted(report[f"{one}_keys"]) for one in ("missing", "unexpected"))
    if missing or unexpected:
        raise ModelError(f"{checkpoint.folder} {listed(missing, unexpected)}")
    return model.to(device).eval().requires_grad_(False)
