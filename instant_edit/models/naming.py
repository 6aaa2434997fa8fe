"""What stands behind a model's name: how small its weights are kept, and what is reused.

``NAME@int8`` or ``@int4`` keeps the weights smaller; ``NAME@reuse``, or ``@reuse=BOUND``, reuses an
approximate context (``families/reuse.py``). Several may stand behind one name.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import get_args

from instant_edit.errors import ModelError
from instant_edit.models.memory import Precision

REUSE = "reuse"
BOUND = 0.05  # the most that a probability may differ, unless the name says another


@dataclass(frozen=True, slots=True)
class Named:
    """A name taken apart.

    Args:
        base: what the model is called.
        precision: of its weights in memory; None for 16 or 32 bits.
        reuse: the bound of an approximate context; None for exact passes.
    """

    base: str
    precision: Precision | None = None
    reuse: float | None = None

    @property
    def plain(self) -> bool:
        """Whether nothing stands behind the name."""
        return self.precision is None and self.reuse is None


def parse(name: str) -> Named:
    """Take a name apart; an ``@`` that says nothing known belongs to the name.

    Raises:
        ModelError: the bound is no probability.
    """
    base, precision, reuse = name, None, None
    while True:
        before, _, said = base.rpartition("@")
        found = next((one for one in get_args(Precision) if said == one), None)
        if before and found:
            base, precision = before, found
        elif before and said.partition("=")[0] == REUSE:
            base, reuse = before, _bound(name, said)
        else:
            return Named(base, precision, reuse)


def _bound(name: str, said: str) -> float:
    _, given, text = said.partition("=")
    try:
        bound = float(text) if given else BOUND
    except ValueError:
        bound = -1.0
    if not 0 <= bound <= 1:
        raise ModelError(f"model {name!r}: @reuse={text} is no probability; say 0.05, for example")
    return bound
