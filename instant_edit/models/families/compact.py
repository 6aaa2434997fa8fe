"""Weights kept in 8 or 4 bits, by torchao: the large matrices only, and computed with as before.

What is lost by it has not been measured here for any family.
"""

from __future__ import annotations

from typing import TypeVar

from torch import nn

from instant_edit.errors import ModelError
from instant_edit.models.memory import Precision

GROUP = 32  # weights that share a scale, in 4 bits
Model = TypeVar("Model", bound=nn.Module)


def compacted(model: Model, precision: Precision) -> Model:
    """The model with its linear layers' weights made smaller, in place.

    The layer that scores tokens stays as it is: it may share its weights with the embedding, and
    choices hang on it. So do experts that are stored as one tensor.

    Raises:
        ModelError: torchao is not installed.
    """
    try:
        from torchao.quantization import IntxWeightOnlyConfig, PerAxis, PerGroup, quantize_
    except ImportError:
        raise ModelError(
            f"weights in {precision} need torchao: pip install 'instant-edit[quantised]'"
        ) from None
    import torch

    # By name: the stubs of torch do not know its types of less than a byte.
    dtype = getattr(torch, precision)
    granularity = PerAxis(0) if precision == "int8" else PerGroup(GROUP)

    def wanted(module: nn.Module, name: str) -> bool:
        linear = isinstance(module, nn.Linear) and module.in_features % GROUP == 0
        return linear and name.rpartition(".")[2] not in ("head", "lm_head")

    quantize_(model, IntxWeightOnlyConfig(weight_dtype=dtype, granularity=granularity), wanted)
    return model
