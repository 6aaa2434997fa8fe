"""The flags that several commands share."""

from __future__ import annotations

import click

model_option = click.option(
    "--model",
    default="embedded",
    show_default=True,
    metavar="NAME",
    help="A model of 'instant-edit models list', the path of one, or remote:URL.",
)
seed_option = click.option(
    "--seed",
    default=0,
    show_default=True,
    type=click.IntRange(0, 2**63 - 1),
    help="Same seed, same edit.",
)
candidates_option = click.option(
    "--candidates",
    default=1,
    show_default=True,
    type=click.IntRange(1, 64),
    metavar="N",
    help="How many drafts to try until one validates.",
)
