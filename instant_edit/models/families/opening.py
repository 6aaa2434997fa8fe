"""Opens a model's folder as a ``Denoiser``, by what kind of family it is of."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import torch

from instant_edit.errors import ModelError
from instant_edit.models.catalogue import Family
from instant_edit.models.families.checkpoint import Checkpoint
from instant_edit.models.families.loading import read_stack
from instant_edit.models.families.mask_canvas import CanvasTokens, MaskCanvasDenoiser
from instant_edit.models.families.reuse import Reuse
from instant_edit.models.families.vocabulary import Vocabulary
from instant_edit.models.protocol import ModelInfo

if TYPE_CHECKING:
    from instant_edit.models.protocol import Denoiser


def open_family(
    folder: Path,
    family: Family,
    name: str,
    *,
    device: torch.device | None = None,
    dtype: torch.dtype | None = None,
    reuse: Reuse | None = None,
) -> Denoiser:
    """The model in a folder.

    Args:
        folder: with ``config.json``, ``tokenizer.json`` and safetensors.
        family: which it is of.
        name: what reports call it.
        device: where it runs; None for the best that is there.
        dtype: of its weights; None for what suits the device.
        reuse: for mask-canvas families, an approximate cache; None for exact passes.

    Raises:
        ModelError: something is missing, corrupt or not of that family; it is named.
    """
    device = device or choose_device()
    dtype = dtype or choose_dtype(device)
    checkpoint = Checkpoint(folder)
    if family.kind == "canvas":
        return open_canvas(checkpoint, family, name, device, dtype, reuse)
    raise ModelError(f"families of kind {family.kind!r} cannot be opened yet")


def choose_device() -> torch.device:
    """An accelerator where there is one."""
    if torch.cuda.is_available():
        return torch.device("cuda")
    if torch.backends.mps.is_available():
        return torch.device("mps")
    return torch.device("cpu")


def choose_dtype(device: torch.device) -> torch.dtype:
    """bfloat16 on accelerators; on a CPU what it multiplies natively."""
    from instant_edit.models.embedded import choose_dtype as on_cpu

    return on_cpu() if device.type == "cpu" else torch.bfloat16


def open_canvas(
    checkpoint: Checkpoint,
    family: Family,
    name: str,
    device: torch.device,
    dtype: torch.dtype,
    reuse: Reuse | None = None,
) -> MaskCanvasDenoiser:
    """A mask-canvas model; see ``open_family``."""
    vocabulary = Vocabulary(checkpoint)
    tokens = canvas_tokens(family, vocabulary)
    stack = read_stack(checkpoint, family.network, dtype).to(device)
    fits(checkpoint, vocabulary, stack.config.vocabulary, tokens.mask)
    parameters = sum(p.numel() for p in stack.parameters())
    info = describe(checkpoint, family, name, device, dtype, parameters)
    return MaskCanvasDenoiser(stack, vocabulary, tokens, info, reuse)


def canvas_tokens(family: Family, vocabulary: Vocabulary) -> CanvasTokens:
    """The control tokens of a family as the checkpoint numbers them."""
    c, control = family.conventions, vocabulary.control
    mask = control(c.mask)
    if mask is None:
        raise ModelError(f"family {family.id} names no mask token")
    return CanvasTokens(
        mask=mask,
        shift=c.shift,
        begin=control(c.begin),
        end=control(c.end),
        expand=control(c.expand),
        delete=control(c.delete),
    )


def fits(checkpoint: Checkpoint, vocabulary: Vocabulary, rows: int, mask: int) -> None:
    """Refuse a tokenizer or a mask that the network has no row for."""
    most = max(vocabulary.text_ids, default=0)
    if most >= rows or not 0 <= mask < rows:
        raise ModelError(
            f"{checkpoint.folder}: the network knows {rows} tokens, its tokenizer goes up to "
            f"{most} and its mask is {mask}"
        )
    if mask in vocabulary.text_ids:
        text = vocabulary.token_bytes[vocabulary.engine_id(mask)].decode("utf-8", "replace")
        raise ModelError(
            f"{checkpoint.folder}: the mask of this family is token {mask}, which is the text "
            f"{text!r} here; is it another family?"
        )


def describe(
    checkpoint: Checkpoint,
    family: Family,
    name: str,
    device: torch.device,
    dtype: torch.dtype,
    parameters: int,
) -> ModelInfo:
    """What reports say of a model."""
    return ModelInfo(
        id=name,
        digest=checkpoint.digest(),
        dtype=str(dtype).removeprefix("torch."),
        threads=torch.get_num_threads(),
        parameters=parameters,
        description=f"{family.title}, {checkpoint.folder.name}, on {device.type}",
    )
