"""``models test`` on a model that knows a few lines, and weights kept in 8 and 4 bits."""

from __future__ import annotations

from pathlib import Path

import pytest
import torch

from instant_edit import cli
from instant_edit.errors import ModelError
from instant_edit.library.trying import trial
from instant_edit.models import memory, registry
from instant_edit.models.families.mask_canvas import MaskCanvasDenoiser
from instant_edit.models.families.reuse import Reuse
from instant_edit.models.memory import Precision
from tests.families import checkpoints
from tests.families.trained import TEXT, memorised


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Its logits are shifted."""
    return memorised(tmp_path_factory.mktemp("memorised"), shift=True)


@pytest.mark.slow
def test_a_model_that_keeps_its_convention_passes_with_figures(folder: Path) -> None:
    said = trial(f"open-dcoder:{folder}", [TEXT])
    assert "keeps its convention (row i predicts token i + 1)" in said


@pytest.mark.slow
def test_a_model_of_the_wrong_family_is_refused(folder: Path) -> None:
    with pytest.raises(ModelError, match="is it of another family"):
        trial(f"mdlm-qwen2:{folder}", [TEXT])


def test_what_has_no_convention_says_so(capsys: pytest.CaptureFixture[str]) -> None:
    assert cli.main(["models", "test", "embedded"]) == 2
    assert "has no shift to try" in capsys.readouterr().err
    assert cli.main(["models", "test", "dream-7b"]) == 2
    assert "instant-edit models pull dream-7b" in capsys.readouterr().err


@pytest.mark.slow
@pytest.mark.parametrize("precision", ["int8", "int4"])
def test_smaller_weights_still_know_the_lines(folder: Path, precision: Precision) -> None:
    whole = registry.load(f"open-dcoder:{folder}")
    small = registry.load(f"open-dcoder:{folder}@{precision}")
    assert isinstance(small, MaskCanvasDenoiser)
    assert isinstance(whole, MaskCanvasDenoiser)
    assert small.info.dtype == precision
    assert small.info.digest == whole.info.digest
    assert "keeps its convention" in trial(f"open-dcoder:{folder}@{precision}", [TEXT])
    linear = small.stack.get_submodule("blocks.0.mlp.down").weight
    assert type(linear) is not torch.nn.Parameter, "torchao's own kind of tensor"


@pytest.mark.slow
def test_a_name_may_ask_for_an_approximate_context(folder: Path) -> None:
    exact = registry.load(f"open-dcoder:{folder}")
    near = registry.load(f"open-dcoder:{folder}@reuse=0.9")
    assert isinstance(exact, MaskCanvasDenoiser)
    assert isinstance(near, MaskCanvasDenoiser)
    assert exact.reuse is None
    assert near.reuse == Reuse(bound=0.9)


@pytest.mark.slow
def test_a_model_without_room_is_not_loaded(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    folder = checkpoints.save(tmp_path, checkpoints.stock("Qwen2"))
    monkeypatch.setattr(memory, "available", lambda device: 1000)
    with pytest.raises(
        ModelError, match=r"needs about 0\.3 GB of memory on cpu .* 0\.0 GB are free"
    ):
        registry.load(f"open-dcoder:{folder}")
