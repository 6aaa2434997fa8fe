"""``models test``: does a model keep the conventions that the catalogue claims of its family?"""

from __future__ import annotations

from typing import TYPE_CHECKING

from instant_edit.errors import ModelError
from instant_edit.models import registry

if TYPE_CHECKING:
    from collections.abc import Sequence

    from instant_edit.models.protocol import Denoiser


def trial(name: str, lines: Sequence[str] = ()) -> str:
    """Load a model and try its convention; the figures as a sentence.

    Args:
        name: as ``--model`` takes it.
        lines: what it is tried on; lines all code has, if there are none.

    Raises:
        ModelError: there is no such model here, it does not load, it has no convention that could
            be tried, or it does not keep it.
    """
    if name == registry.EMBEDDED or name.endswith(".gguf"):
        raise ModelError(f"{name} has no shift to try; 'instant-edit doctor' makes an edit with it")
    from instant_edit.models.families.convention import LINES, MaskModel, check_shift

    model: Denoiser = registry.load(name)
    if not isinstance(model, MaskModel):
        raise ModelError(f"{name} is no mask-diffusion model, so it has no shift to try")
    found = check_shift(model, lines or LINES)
    kept = "row i predicts token i + 1" if found.shift else "row i predicts token i"
    return (
        f"{name} keeps its convention ({kept}): mean log-probability of hidden tokens "
        f"{found.shifted:.2f} shifted, {found.in_place:.2f} in place"
    )
