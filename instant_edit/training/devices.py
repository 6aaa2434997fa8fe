"""Where to train: a device by its name, if it is here."""

from __future__ import annotations

import click
import torch


def device_named(name: str) -> torch.device:
    """The device of that name.

    Raises:
        click.UsageError: it is not here; torch's own reason is in the text.
    """
    try:
        place = torch.device(name)
        torch.empty(1, device=place)
    except (RuntimeError, AssertionError) as error:
        reason = str(error).splitlines()[0]
        raise click.UsageError(f"--device {name} cannot be used: {reason}") from error
    return place
