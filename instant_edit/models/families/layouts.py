"""How each network's checkpoints name their tensors and their sizes.

A layout says, for each tensor of ``Stack``, which tensors of the checkpoint it is made of: one, or
several laid under one another. ``{n}`` is the layer and ``{e}`` the expert.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from typing import Any

from instant_edit.errors import ModelError
from instant_edit.models.families.experts import ExpertConfig
from instant_edit.models.families.stack import StackConfig

Names = Mapping[str, tuple[str, ...]]
Config = Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class Layout:
    """A network's names and sizes.

    Args:
        names: tensors of the checkpoint by those of ``Stack``.
        sizes: reads its ``config.json``; raises ``KeyError`` naming a key that is missing.
    """

    names: Names
    sizes: Callable[[Config], StackConfig]


def layout(network: str) -> Layout:
    """The layout of that name.

    Raises:
        ModelError: there is none.
    """
    if network not in LAYOUTS:
        raise ModelError(f"unknown network {network!r}; known: {', '.join(LAYOUTS)}")
    return LAYOUTS[network]


def _dense(config: Config, *, qkv_bias: bool, head_norm: bool) -> StackConfig:
    """Sizes as transformers' own Llama, Qwen2 and Qwen3 keep them."""
    _plain_rotation(config)
    heads, width, layers = (
        config[key] for key in ("num_attention_heads", "hidden_size", "num_hidden_layers")
    )
    head_width = config.get("head_dim") or width // heads
    return StackConfig(
        layers=layers,
        width=width,
        hidden=config.get("intermediate_size") or config.get("dense_intermediate_size") or 0,
        heads=heads,
        kv_heads=config.get("num_key_value_heads") or heads,
        head_width=head_width,
        vocabulary=config["vocab_size"],
        rope_base=float(_rotation(config).get("rope_theta") or config["rope_theta"]),
        norm_eps=config["rms_norm_eps"],
        qkv_bias=qkv_bias,
        out_bias=False,
        head_norm=head_norm,
        rotary=head_width,
        tied=bool(config.get("tie_word_embeddings", False)),
        experts=None,
        sparse=(False,) * layers,
    )


def _rotation(config: Config) -> dict[str, Any]:
    """Parameters of the rotary embedding, where they stand apart (transformers 5)."""
    return config.get("rope_parameters") or {}


def _plain_rotation(config: Config) -> None:
    """Refuse a stretched rotary embedding, which would be silently wrong."""
    scaling = config.get("rope_scaling") or _rotation(config)
    kind = scaling.get("rope_type") or scaling.get("type") or "default"
    if kind != "default":
        raise ModelError(f"config.json: rotary scaling {kind!r} is not supported")
    if config.get("use_sliding_window"):
        raise ModelError("config.json: sliding windows are not supported")


def _llama(config: Config) -> StackConfig:
    return replace(
        _dense(config, qkv_bias=bool(config.get("attention_bias")), head_norm=False),
        out_bias=bool(config.get("attention_bias")),
    )


def _qwen2(config: Config) -> StackConfig:
    return _dense(config, qkv_bias=True, head_norm=False)


def _qwen3(config: Config) -> StackConfig:
    return _dense(config, qkv_bias=bool(config.get("attention_bias")), head_norm=True)


def _qwen3_moe(config: Config) -> StackConfig:
    dense, step = set(config.get("mlp_only_layers") or ()), config.get("decoder_sparse_step", 1)
    base = _qwen3(config)
    experts = ExpertConfig(
        count=config.get("num_local_experts") or config["num_experts"],  # transformers 5 or 4
        active=config["num_experts_per_tok"],
        hidden=config["moe_intermediate_size"],
        normalised=bool(config["norm_topk_prob"]),
    )
    sparse = tuple(n not in dense and (n + 1) % step == 0 for n in range(base.layers))
    return replace(base, experts=experts, sparse=sparse)


def _llada(config: Config) -> StackConfig:
    width, heads, layers = (config[key] for key in ("d_model", "n_heads", "n_layers"))
    odd = [key for key in ("alibi", "scale_logits", "input_emb_norm") if config.get(key)]
    if odd or config.get("block_type", "llama") != "llama":
        raise ModelError(f"config.json: not LLaDA as published: {', '.join(odd) or 'block_type'}")
    return StackConfig(
        layers=layers,
        width=width,
        hidden=config["mlp_hidden_size"],
        heads=heads,
        kv_heads=config.get("n_kv_heads") or heads,
        head_width=width // heads,
        vocabulary=config.get("embedding_size") or config["vocab_size"],
        rope_base=float(config["rope_theta"]),
        norm_eps=config["rms_norm_eps"],
        qkv_bias=bool(config.get("include_qkv_bias")),
        out_bias=False,
        head_norm=bool(config.get("attention_layer_norm")),
        rotary=width // heads,
        tied=bool(config.get("weight_tying")),
        experts=None,
        sparse=(False,) * layers,
    )


def _llada_moe(config: Config) -> StackConfig:
    base = _dense(
        config,
        qkv_bias=bool(config.get("attention_bias")),
        head_norm=bool(config.get("qk_layernorm")),
    )
    if config.get("clip_qkv") is not None or config.get("shared_expert_intermediate_size"):
        raise ModelError("config.json: clipped projections and shared experts are not supported")
    experts = ExpertConfig(
        count=config["num_experts"],
        active=config["num_experts_per_tok"],
        hidden=config["expert_intermediate_size"],
        normalised=False,  # as its own code has it, whatever the configuration says
    )
    frequency = config.get("moe_layer_freq") or [1] * base.layers
    return replace(base, experts=experts, sparse=tuple(bool(one) for one in frequency))


def _llada2_moe(config: Config) -> StackConfig:
    base = _dense(config, qkv_bias=bool(config.get("use_qkv_bias")), head_norm=True)
    hidden = config["moe_intermediate_size"]
    experts = ExpertConfig(
        count=config["num_experts"],
        active=config["num_experts_per_tok"],
        hidden=hidden,
        normalised=config["num_experts_per_tok"] > 1,
        sigmoid=True,
        groups=config["n_group"],
        open_groups=config["topk_group"],
        scale=config["routed_scaling_factor"],
        shared=hidden * (config.get("num_shared_experts") or 0),
    )
    first = config.get("first_k_dense_replace", 0)
    rotary = int(base.head_width * config.get("partial_rotary_factor", 1.0))
    return replace(
        base,
        experts=experts,
        sparse=tuple(n >= first for n in range(base.layers)),
        rotary=rotary,
        out_bias=bool(config.get("use_bias", False)),
    )


def _three(prefix: str, kind: str) -> tuple[str, ...]:
    return tuple(f"{prefix}.{name}_proj.{kind}" for name in "qkv")


def _gated(prefix: str) -> tuple[str, ...]:
    return (f"{prefix}.gate_proj.weight", f"{prefix}.up_proj.weight")


_LAYER = "model.layers.{n}"
_ATTENTION = f"{_LAYER}.self_attn"
_EXPERT = f"{_LAYER}.mlp.experts.{{e}}"

_ENDS = {
    "embedding.weight": ("model.embed_tokens.weight",),
    "norm.weight": ("model.norm.weight",),
    "head.weight": ("lm_head.weight",),
}
_NORMS = {
    "blocks.{n}.attention_norm.weight": (f"{_LAYER}.input_layernorm.weight",),
    "blocks.{n}.mlp_norm.weight": (f"{_LAYER}.post_attention_layernorm.weight",),
}
_MLPS = {
    "blocks.{n}.mlp.gate_up.weight": _gated(f"{_LAYER}.mlp"),
    "blocks.{n}.mlp.down.weight": (f"{_LAYER}.mlp.down_proj.weight",),
    "blocks.{n}.mlp.router.weight": (f"{_LAYER}.mlp.gate.weight",),
    "blocks.{n}.mlp.correction": (f"{_LAYER}.mlp.gate.expert_bias",),
    "blocks.{n}.mlp.gate_up": _gated(_EXPERT),
    "blocks.{n}.mlp.down": (f"{_EXPERT}.down_proj.weight",),
    "blocks.{n}.mlp.shared.gate_up.weight": _gated(f"{_LAYER}.mlp.shared_experts"),
    "blocks.{n}.mlp.shared.down.weight": (f"{_LAYER}.mlp.shared_experts.down_proj.weight",),
}
STANDARD: Names = {
    **_ENDS,
    **_NORMS,
    **_MLPS,
    "blocks.{n}.attention.qkv.weight": _three(_ATTENTION, "weight"),
    "blocks.{n}.attention.qkv.bias": _three(_ATTENTION, "bias"),
    "blocks.{n}.attention.out.weight": (f"{_ATTENTION}.o_proj.weight",),
    "blocks.{n}.attention.out.bias": (f"{_ATTENTION}.o_proj.bias",),
    "blocks.{n}.attention.query_norm.weight": (f"{_ATTENTION}.q_norm.weight",),
    "blocks.{n}.attention.key_norm.weight": (f"{_ATTENTION}.k_norm.weight",),
}
FUSED: Names = {  # LLaDA2, as Ling names them
    **_ENDS,
    **_NORMS,
    **_MLPS,
    "embedding.weight": ("model.word_embeddings.weight",),
    "blocks.{n}.attention.qkv.weight": (f"{_LAYER}.attention.query_key_value.weight",),
    "blocks.{n}.attention.qkv.bias": (f"{_LAYER}.attention.query_key_value.bias",),
    "blocks.{n}.attention.out.weight": (f"{_LAYER}.attention.dense.weight",),
    "blocks.{n}.attention.out.bias": (f"{_LAYER}.attention.dense.bias",),
    "blocks.{n}.attention.query_norm.weight": (f"{_LAYER}.attention.query_layernorm.weight",),
    "blocks.{n}.attention.key_norm.weight": (f"{_LAYER}.attention.key_layernorm.weight",),
}
_OLMO = "model.transformer.blocks.{n}"
OLMO: Names = {  # LLaDA, as OLMo names them
    "embedding.weight": ("model.transformer.wte.weight",),
    "norm.weight": ("model.transformer.ln_f.weight",),
    "head.weight": ("model.transformer.ff_out.weight",),
    "blocks.{n}.attention_norm.weight": (f"{_OLMO}.attn_norm.weight",),
    "blocks.{n}.mlp_norm.weight": (f"{_OLMO}.ff_norm.weight",),
    "blocks.{n}.attention.qkv.weight": _three(_OLMO, "weight"),
    "blocks.{n}.attention.qkv.bias": _three(_OLMO, "bias"),
    "blocks.{n}.attention.out.weight": (f"{_OLMO}.attn_out.weight",),
    "blocks.{n}.attention.query_norm.weight": (f"{_OLMO}.q_norm.weight",),
    "blocks.{n}.attention.key_norm.weight": (f"{_OLMO}.k_norm.weight",),
    "blocks.{n}.mlp.gate_up.weight": (f"{_OLMO}.ff_proj.weight", f"{_OLMO}.up_proj.weight"),
    "blocks.{n}.mlp.down.weight": (f"{_OLMO}.ff_out.weight",),
}

LAYOUTS = {
    "llama": Layout(STANDARD, _llama),
    "qwen2": Layout(STANDARD, _qwen2),
    "qwen3": Layout(STANDARD, _qwen3),
    "qwen3_moe": Layout(STANDARD, _qwen3_moe),
    "llada": Layout(OLMO, _llada),
    "llada_moe": Layout(STANDARD, _llada_moe),
    "llada2_moe": Layout(FUSED, _llada2_moe),
}
