"""What each experiment changes of the recipe that ships."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from typing import Literal

from instant_edit.training.objective import TEACHER_SHARE
from instant_edit.training.shape import Shape

Sight = Literal["both sides", "left only", "left, then both sides"]


@dataclass(frozen=True, slots=True)
class Recipe:
    """One way to train.

    Args:
        shape: of the examples.
        everything: train all weights, instead of adapters on a frozen base.
        sight: what a slot sees of its own canvas; the third changes over half of the budget.
        teacher_share: weight of the left-to-right model's own guesses among the targets.
        left_to_right: weight of the loss of clean rows (only with ``everything``).
        alignment: weight of 1 - cos between a slot's last hidden state and that of the clean row
            which predicts the same token (after arXiv 2605.06885).
        through_context: whether the gradient flows through the context (only with ``everything``).
        rate: peak learning rate.
    """

    shape: Shape = field(default_factory=Shape)
    everything: bool = False
    sight: Sight = "both sides"
    teacher_share: float = TEACHER_SHARE
    left_to_right: float = 0.0
    alignment: float = 0.0
    through_context: bool = False
    rate: float = 1e-3


SHIPPED = "as shipped"
ALL_WEIGHTS = Recipe(everything=True, rate=2e-4)
RECIPES: Mapping[str, Recipe] = {
    SHIPPED: Recipe(),
    "slots see the left of their canvas only": Recipe(sight="left only"),
    "left only, then both sides": Recipe(sight="left, then both sides"),
    "no teacher": Recipe(teacher_share=0.0),
    "teacher alone (distilled)": Recipe(teacher_share=1.0),
    "hidden states aligned with the teacher's": Recipe(alignment=0.5),
    "canvases of whole holes only": Recipe(shape=replace(Shape(), stairs_share=0.0)),
    "two holes a window": Recipe(shape=replace(Shape(), holes=2)),
    "one canvas a hole": Recipe(shape=replace(Shape(), slots=16)),
    "fills only": Recipe(shape=replace(Shape(), rewrite_share=0.0)),
    "all weights": ALL_WEIGHTS,
    "all weights, left-to-right loss": replace(ALL_WEIGHTS, left_to_right=0.3),
    "all weights, gradient through the context": replace(ALL_WEIGHTS, through_context=True),
}
