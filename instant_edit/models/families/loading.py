"""A ``Stack`` from a checkpoint: every tensor where it belongs, and none left over."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from pathlib import Path

import torch
from torch import Tensor

from instant_edit.errors import ModelError
from instant_edit.models.families.checkpoint import Checkpoint
from instant_edit.models.families.layouts import Layout, layout
from instant_edit.models.families.stack import Stack

SHOWN = 6  # names in a message
DERIVED = re.compile(r"(rotary_emb\.inv_freq|\.masked_bias)$")  # saved by some, needed by none


def read_stack(checkpoint: Checkpoint, network: str, dtype: torch.dtype) -> Stack:
    """The network of a checkpoint, frozen.

    Args:
        checkpoint: the folder.
        network: name of its layout.
        dtype: of its weights.

    Raises:
        ModelError: sizes that are missing or not supported; tensors that are missing, unexpected
            or of another shape: they are named.
    """
    how, where = layout(network), checkpoint.folder / "config.json"
    try:
        config = how.sizes(checkpoint.config)
    except KeyError as error:
        raise ModelError(
            f"{where} has no key {error.args[0]!r}; is it a {network} model?"
        ) from None
    except ModelError as error:
        raise ModelError(f"{checkpoint.folder}: {error}") from None
    with torch.device("meta"):
        stack = Stack(config)
    wanted = {name: sources(name, how, stack) for name in stack.state_dict()}
    if config.tied:
        del wanted["head.weight"]
    found = _found(
        checkpoint, wanted, dtype, ignored=how.names["head.weight"] if config.tied else ()
    )
    stack.load_state_dict(
        _assembled(checkpoint.folder, stack, wanted, found), assign=True, strict=False
    )
    if config.tied:
        stack.head.weight = stack.embedding.weight
    return stack.eval().requires_grad_(False)


def sources(name: str, how: Layout, stack: Stack) -> list[list[str]]:
    """Tensors of the checkpoint that one of ours is made of.

    Each inner list is laid under one another; of the outer one, which has an entry for each
    expert or only one, the entries are stacked.
    """
    parts = name.split(".")
    if parts[0] != "blocks":
        return [list(how.names[name])]
    template = ".".join(("blocks", "{n}", *parts[2:]))
    if template not in how.names:
        raise ModelError(f"the layout has no name for {name}; config.json asks for what it lacks")
    names, layer, experts = how.names[template], parts[1], stack.config.experts
    each = range(experts.count) if experts and any("{e}" in one for one in names) else [0]
    return [[one.format(n=layer, e=expert) for one in names] for expert in each]


def _found(
    checkpoint: Checkpoint,
    wanted: Mapping[str, list[list[str]]],
    dtype: torch.dtype,
    ignored: Iterable[str],
) -> dict[str, Tensor]:
    """The wanted tensors by the checkpoint's names; it must have them all, and no others."""
    names = {one for rows in wanted.values() for row in rows for one in row}
    found, unexpected = {}, []
    for name, tensor in checkpoint.tensors():
        if name in names:
            found[name] = tensor.to(dtype)
        elif name not in ignored and not DERIVED.search(name):
            unexpected.append(name)
    missing = sorted(names - set(found))
    if missing or unexpected:
        raise ModelError(f"{checkpoint.folder} {listed(missing, sorted(unexpected))}")
    return found


def listed(missing: list[str], unexpected: list[str]) -> str:
    """Tensors that a checkpoint lacks, and those it has too many, in words."""
    said = _listed("is missing", missing), _listed("has unexpected", unexpected)
    return " and ".join(one for one in said if one)


def _listed(what: str, names: list[str]) -> str:
    if not names:
        return ""
    more = f" and {len(names) - SHOWN} more" if len(names) > SHOWN else ""
    return f"{what} {len(names)} tensors: {', '.join(names[:SHOWN])}{more}"


def _assembled(
    folder: Path,
    stack: Stack,
    wanted: Mapping[str, list[list[str]]],
    found: dict[str, Tensor],
) -> dict[str, Tensor]:
    """Our tensors; those of the checkpoint are let go as they are used."""
    shapes, out = stack.state_dict(), {}
    for name, rows in wanted.items():
        shape = shapes[name].shape
        parts = [[found.pop(one) for one in row] for row in rows]
        try:
            made = [torch.cat(row) for row in parts]
            out[name] = (torch.stack(made) if len(shape) > made[0].ndim else made[0]).view(shape)
        except RuntimeError:
            sizes = " and ".join(str(tuple(part.shape)) for part in parts[0])
            raise ModelError(
                f"{folder}: {', '.join(rows[0])} of {sizes} do not make up the {tuple(shape)} "
                "that config.json asks for"
            ) from None
    return out
