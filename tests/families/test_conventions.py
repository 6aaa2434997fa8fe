"""A model that knows its lines by heart, read rightly and wrongly."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest
import torch

from instant_edit.engine import Editor
from instant_edit.errors import EditCancelled, InputError, ModelError
from instant_edit.models.catalogue import Conventions, Family
from instant_edit.models.families.convention import check_shift, try_shift
from instant_edit.models.families.mask_canvas import MaskCanvasDenoiser
from instant_edit.models.families.opening import open_family
from instant_edit.models.families.reuse import Reuse
from instant_edit.request import EditRequest, Span
from tests.families import checkpoints, trained

pytestmark = [pytest.mark.slow, pytest.mark.timeout(300)]  # it trains for some seconds

MIDDLE = Span(trained.MIDDLE.start, trained.MIDDLE.stop)
CPU = torch.device("cpu")


def family(shift: bool) -> Family:
    conventions = Conventions(mask=checkpoints.MASK, shift=shift)
    return Family("tiny", "Tiny", "canvas", "qwen2", conventions)


@pytest.fixture(scope="module", params=[True, False], ids=["shifted", "in-place"])
def known(
    request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory
) -> tuple[Path, bool]:
    folder = tmp_path_factory.mktemp("memorised")
    return trained.memorised(folder, shift=request.param), request.param


def opened(folder: Path, shift: bool, reuse: Reuse | None = None) -> MaskCanvasDenoiser:
    made = open_family(
        folder, family(shift), "tiny", device=CPU, dtype=torch.float32, threads=1, reuse=reuse
    )
    assert isinstance(made, MaskCanvasDenoiser)
    return made


def test_the_right_shift_is_told_from_the_wrong_one(known: tuple[Path, bool]) -> None:
    folder, shift = known
    trial = try_shift(opened(folder, shift), [trained.TEXT])
    assert trial.shift == shift
    right, wrong = sorted((trial.shifted, trial.in_place), reverse=True)
    assert right > wrong + 1


def test_a_model_of_the_other_convention_is_refused(known: tuple[Path, bool]) -> None:
    folder, shift = known
    check_shift(opened(folder, shift), [trained.TEXT])
    with pytest.raises(ModelError, match=r"tiny: its family says .* another family"):
        check_shift(opened(folder, not shift), [trained.TEXT])


def test_a_memorised_line_is_filled_in_through_the_gate(known: tuple[Path, bool]) -> None:
    request = EditRequest(trained.TEXT, (MIDDLE,), "python")
    result = Editor(opened(*known)).edit(request, oracle_length=True)
    assert result.verdict.ok, result.verdict.findings
    assert result.source == trained.TEXT
    again = Editor(opened(*known)).edit(request, oracle_length=True)
    assert again.edits == result.edits


def test_read_the_wrong_way_it_fills_in_something_else(known: tuple[Path, bool]) -> None:
    folder, shift = known
    request = EditRequest(trained.TEXT, (MIDDLE,), "python")
    result = Editor(opened(folder, not shift)).edit(request, oracle_length=True)
    assert not result.verdict.ok or result.source != trained.TEXT or not result.edits


def test_cancelling_takes_hold_between_probes(known: tuple[Path, bool]) -> None:
    asked = iter([False, False, False, True])
    with pytest.raises(EditCancelled):
        Editor(opened(*known)).edit(
            EditRequest(trained.TEXT, (MIDDLE,), "python"), cancelled=lambda: next(asked)
        )


def test_an_instruction_is_refused_and_not_ignored(known: tuple[Path, bool]) -> None:
    request = EditRequest(trained.TEXT, (MIDDLE,), "python", instruction="subtract")
    with pytest.raises(InputError, match="tiny fills spans and takes no instruction"):
        Editor(opened(*known)).edit(request)


def test_a_reused_context_gives_the_same_edit_or_is_given_up(known: tuple[Path, bool]) -> None:
    request = EditRequest(trained.TEXT, (MIDDLE,), "python")
    exact = Editor(opened(*known)).edit(request, oracle_length=True)
    never = opened(*known, reuse=Reuse(passes=4, bound=0.0))
    assert Editor(never).edit(request, oracle_length=True).edits == exact.edits
    near = opened(*known, reuse=Reuse(passes=4, bound=0.9))
    result = Editor(near).edit(request, oracle_length=True)
    assert [edit.text for edit in result.edits] == [edit.text for edit in exact.edits]


def test_a_mask_that_is_text_here_is_refused(known: tuple[Path, bool]) -> None:
    folder, shift = known
    wrong = replace(family(shift), conventions=Conventions(mask=65, shift=shift))
    with pytest.raises(ModelError, match="token 65, which is the text"):
        open_family(folder, wrong, "tiny", device=CPU, dtype=torch.float32, threads=1)
