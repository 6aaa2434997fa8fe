"""Every family through the editor: from a saved checkpoint to the gate, with random weights."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
import torch
from _pytest.mark import ParameterSet

from instant_edit.denoise import Denoising, Limits
from instant_edit.drafting import Plan, Sampler
from instant_edit.engine import Editor
from instant_edit.errors import EditCancelled, ModelError
from instant_edit.models.catalogue import Conventions, Family, catalogue
from instant_edit.models.families.block_diffusion import BlockDenoiser
from instant_edit.models.families.opening import open_family
from instant_edit.models.protocol import ContextIds, Denoiser
from instant_edit.request import EditRequest, Span
from tests.families import checkpoints

SOURCE = "def add(a, b):\n    return a + b\n"
SPAN = Span(SOURCE.index("return"), len(SOURCE) - 1)


def dense(folder: Path, kind: str = "Qwen2", **changes: Any) -> Path:
    return checkpoints.save(folder, checkpoints.stock(kind, **changes))


def moe(folder: Path) -> Path:
    changes = {**checkpoints.EXPERTS, "norm_topk_prob": True, "head_dim": 8}
    return dense(folder, "Qwen3Moe", **changes)


BUILDERS: dict[str, Callable[[Path], Path]] = {
    "qwen2": dense,
    "qwen3": lambda folder: dense(folder, "Qwen3", head_dim=16),
    "llama": lambda folder: dense(folder, "Llama"),
    "qwen3_moe": moe,
    "llada": lambda folder: checkpoints.llada(folder)[0],
    "llada_moe": lambda folder: checkpoints.llada_moe(folder)[0],
    "llada2_moe": lambda folder: checkpoints.llada2_moe(folder)[0],
}
OWN = [f for f in catalogue().families.values() if f.network in BUILDERS]


def small(family: Family) -> Family:
    """A family whose control tokens are those of the tiny tokenizer; all else is its own."""
    c = family.conventions
    conventions = Conventions(
        mask=checkpoints.MASK,
        shift=c.shift,
        begin=c.begin,
        end=c.end and checkpoints.END,
        expand=c.expand and checkpoints.EXPAND,
        delete=c.delete and checkpoints.END,
        block=c.block,
        noise=c.noise,
        chat=c.chat,
    )
    return Family(family.id, family.title, family.kind, family.network, conventions)


def opened(folder: Path, family: Family) -> Denoiser:
    cpu = torch.device("cpu")
    return open_family(folder, family, family.id, device=cpu, dtype=torch.float32, threads=1)


def tiered(family: Family) -> ParameterSet:
    """Answers are long: of the families that rewrite, one stands for all in the quick tier."""
    slow = family.kind == "rewrite" and family.id != "sdar"
    return pytest.param(family, id=family.id, marks=[pytest.mark.slow] if slow else [])


@pytest.mark.parametrize("family", [tiered(family) for family in OWN])
def test_a_family_edits_and_says_the_same_again(tmp_path: Path, family: Family) -> None:
    folder = BUILDERS[family.network](tmp_path)
    denoiser = opened(folder, small(family))
    assert denoiser.info.id == family.id
    assert denoiser.info.parameters > 1000
    candidates = 2 if family.kind == "canvas" else 1
    request = EditRequest(SOURCE, (SPAN,), "python", candidates=candidates, seed=3)
    steps: list[int] = []
    result = Editor(denoiser).edit(request, on_step=lambda step: steps.append(step.number))
    again = Editor(opened(folder, small(family))).edit(request)
    assert (again.source, again.verdict) == (result.source, result.verdict)
    assert result.source.startswith(SOURCE[: SPAN.start])
    assert result.source.endswith("\n")
    assert steps == list(range(1, len(steps) + 1))
    assert steps


@pytest.mark.parametrize("family", OWN, ids=lambda family: family.id)
def test_a_family_stops_when_it_is_told_to(tmp_path: Path, family: Family) -> None:
    denoiser = opened(BUILDERS[family.network](tmp_path), small(family))
    asked = iter([False, False, True])
    with pytest.raises(EditCancelled):
        Editor(denoiser).edit(EditRequest(SOURCE, (SPAN,), "python"), cancelled=lambda: next(asked))


def test_a_block_is_computed_as_if_nothing_were_cached(tmp_path: Path) -> None:
    family = small(catalogue().family("sdar"))
    denoiser = opened(BUILDERS["qwen3"](tmp_path), family)
    assert isinstance(denoiser, BlockDenoiser)
    words, special = denoiser.vocabulary, denoiser.tokenizer.special
    context = ContextIds((0, *words.encode("a = ")), (special.suffix, *words.encode("\n")))
    first = denoiser.tokens.block - len(denoiser.prompt(context)) % denoiser.tokens.block
    written = words.encode("0123456789abcdef")
    session = denoiser.encode([context])
    for size in (first + 4, first + 8, first + 12):
        canvas = [*written[: size - 3], *[special.mask] * 3]
        grown = session.forward([[]], [canvas])[0].canvas[-3:]
        fresh = denoiser.encode([context]).forward([[]], [canvas])[0].canvas[-3:]
        assert torch.allclose(grown, fresh, atol=1e-4)


def test_an_untrained_instruction_reaches_a_rewriting_family(tmp_path: Path) -> None:
    denoiser = opened(BUILDERS["qwen3"](tmp_path), small(catalogue().family("sdar")))
    request = EditRequest(SOURCE, (SPAN,), "python", instruction="subtract b")
    result = Editor(denoiser).edit(request)
    assert result.stats.forward_passes > 0


def diffusion_gemma(folder: Path) -> Path:
    """A tiny DiffusionGemma of transformers' own configuration and class."""
    import transformers

    text = {
        "vocab_size": checkpoints.VOCABULARY,
        "hidden_size": 32,
        "intermediate_size": 48,
        "num_hidden_layers": 2,
        "num_attention_heads": 4,
        "num_key_value_heads": 2,
        "head_dim": 8,
        "global_head_dim": 16,
        "sliding_window": 64,
        "num_experts": 4,
        "top_k_experts": 2,
        "moe_intermediate_size": 16,
        "layer_types": ["sliding_attention", "full_attention"],
        "pad_token_id": 0,
    }
    vision = {
        "model_type": "gemma4_vision",
        "hidden_size": 16,
        "intermediate_size": 16,
        "num_hidden_layers": 1,
        "num_attention_heads": 2,
        "num_key_value_heads": 2,
        "head_dim": 8,
    }
    config = transformers.DiffusionGemmaConfig(
        text_config=text, vision_config=vision, canvas_length=32
    )
    model = transformers.DiffusionGemmaForBlockDiffusion(config).eval()
    model.save_pretrained(folder)
    checkpoints.save_tokenizer(folder)
    return folder


def test_diffusion_gemma_edits_through_its_own_class(tmp_path: Path) -> None:
    family = catalogue().family("diffusion-gemma")
    denoiser = opened(diffusion_gemma(tmp_path), family)
    request = EditRequest(SOURCE, (SPAN,), "python", instruction="subtract b", seed=5)
    result = Editor(denoiser).edit(request)
    again = Editor(denoiser).edit(request)
    assert (again.source, again.verdict) == (result.source, result.verdict)
    assert result.source.startswith(SOURCE[: SPAN.start])
    asked = iter([False, False, True])
    with pytest.raises(EditCancelled):
        Editor(denoiser).edit(request, cancelled=lambda: next(asked))


def test_diffusion_gemma_is_asked_as_its_own_loop_asks_it(tmp_path: Path) -> None:
    """Our encoder pass and decoder pass are one call of the model itself."""
    family = catalogue().family("diffusion-gemma")
    denoiser: Any = opened(diffusion_gemma(tmp_path), family)
    words = denoiser.vocabulary
    context = ContextIds((0, *words.encode("a = ")), (words.special.suffix, *words.encode("\n")))
    canvas = words.encode("0123456789abcdef" * 2)
    from instant_edit.models.families.marked_span import MarkedSpan

    span = MarkedSpan.of(context, words)
    prompt = denoiser.chat.ids(span.question, span.opening, words)
    session = denoiser.encode([context])
    said = None
    for step in range(2):
        ours = session.forward([[]], [canvas])[0].canvas
        with torch.no_grad():
            logits = denoiser.model(
                input_ids=torch.tensor([prompt]),
                decoder_input_ids=torch.tensor([words.model_ids(canvas)]),
                self_conditioning_logits=said,
            ).logits
        said = logits / (0.4 + 0.4 * (48 - step) / 48)
        expected = words.scores(said[0], ends=words.stops)
        assert torch.allclose(ours, expected, atol=1e-4)


def fill_in_middle(folder: Path) -> Denoiser:
    dense(folder)
    return opened(folder, catalogue().family("fim"))


def test_a_causal_model_fills_in_the_middle_as_it_generates(tmp_path: Path) -> None:
    denoiser: Any = fill_in_middle(tmp_path)
    words = denoiser.vocabulary
    context = ContextIds((0, *words.encode("a = ")), (words.special.suffix, *words.encode("\nb")))
    plan = Plan(context, limit=6)
    denoising = Denoising(denoiser, [plan], sampler=Sampler(), limits=Limits())
    list(denoising.steps([0]))
    ids = denoising.outcomes()[0].ids
    prompt = denoiser._prompt(context)
    names = [words.controls[token] for token in prompt if token in words.controls]
    assert names == ["<|fim_prefix|>", "<|fim_suffix|>", "<|fim_middle|>"]
    sequence = torch.tensor([prompt])
    for token in words.model_ids(ids):  # the reference: everything anew for each token
        with torch.no_grad():
            scores = denoiser.model(sequence).logits[0, -1]
        ends = scores[words.stops].logsumexp(0)
        assert int(scores[words.text_ids].argmax()) == token
        assert float(scores[token]) > float(ends)
        sequence = torch.cat((sequence, torch.tensor([[token]])), dim=1)
    result = Editor(denoiser).edit(EditRequest(SOURCE, (SPAN,), "python"))
    assert result.source.startswith(SOURCE[: SPAN.start])


def test_a_tokenizer_that_cannot_fill_in_the_middle_is_named(tmp_path: Path) -> None:
    dense(tmp_path)
    path = tmp_path / "tokenizer.json"
    path.write_text(path.read_text().replace("fim_middle", "fim_nothing"))
    with pytest.raises(ModelError, match="has no tokens to fill in the middle"):
        opened(tmp_path, catalogue().family("fim"))


def test_a_stock_model_with_missing_tensors_is_refused(tmp_path: Path) -> None:
    from safetensors.torch import load_file, save_file

    dense(tmp_path)
    weights = tmp_path / "model.safetensors"
    tensors = load_file(weights)
    del tensors["model.norm.weight"]
    save_file(tensors, weights, metadata={"format": "pt"})
    with pytest.raises(ModelError, match=r"is missing 1 tensors: model\.norm\.weight"):
        opened(tmp_path, catalogue().family("fim"))


def test_the_block_length_of_a_checkpoint_counts(tmp_path: Path) -> None:
    folder = BUILDERS["qwen3"](tmp_path)
    path = folder / "config.json"
    path.write_text(json.dumps({**json.loads(path.read_text()), "block_size": 16}))
    denoiser = opened(folder, small(catalogue().family("sdar")))
    assert isinstance(denoiser, BlockDenoiser)
    assert denoiser.tokens.block == 16
