"""Between the LSP's types, our own, and JSON."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

import attrs
from cattrs.gen import make_dict_unstructure_fn, override
from pygls.protocol import default_converter

from instant_edit.lsp.protocol import ANSWERS

if TYPE_CHECKING:
    from cattrs import Converter


def converter() -> Converter:
    """The converter of lsprotocol, which also knows how our own answers look in JSON."""
    made: Converter = default_converter()  # type: ignore[no-untyped-call]
    for shape in ANSWERS:
        renames = {
            field.name: override(rename=camel(field.name), omit_if_default=True)
            for field in attrs.fields(shape)
        }
        made.register_unstructure_hook(
            shape,
            make_dict_unstructure_fn(shape, made, **renames),  # type: ignore[arg-type]
        )
    return made


def camel(name: str) -> str:
    """The name on the wire of one of our fields."""
    return re.sub(r"_([a-z])", lambda found: found[1].upper(), name)
