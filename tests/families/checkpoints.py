"""Tiny checkpoints of every network: real configuration keys and tensor names, random weights.

Where transformers has the blocks, its own class makes and saves them. The others are the same
blocks under the names and keys that the published configurations use (LLaDA's and LLaDA-MoE's by
the authors, LLaDA2's by inclusionAI).
"""

from __future__ import annotations

import json
import re
from pathlib import Path
from typing import Any

import torch
from safetensors.torch import save_file
from tokenizers import AddedToken, Tokenizer, decoders, models, pre_tokenizers

MASK, BEGIN, END = "<|mask|>", "<|beginoftext|>", "<|endoftext|>"
EXPAND = "<|expand|>"
CONTROLS = (END, "<|im_start|>", "<|im_end|>", BEGIN, MASK, EXPAND)
FIM = ("<|fim_prefix|>", "<|fim_middle|>", "<|fim_suffix|>")
VOCABULARY = 288
CHATML = (
    "{% for m in messages %}<|im_start|>{{ m.role }}\n{{ m.content }}<|im_end|>\n{% endfor %}"
    "{% if add_generation_prompt %}<|im_start|>assistant\n{% endif %}"
)
SIZES = {
    "hidden_size": 32,
    "intermediate_size": 48,
    "num_hidden_layers": 2,
    "num_attention_heads": 4,
    "num_key_value_heads": 2,
    "vocab_size": VOCABULARY,
    "max_position_embeddings": 512,
    "rms_norm_eps": 1e-6,
    "rope_theta": 10000.0,
    "tie_word_embeddings": False,
}
EXPERTS = {
    "num_experts": 8,
    "num_experts_per_tok": 2,
    "moe_intermediate_size": 16,
    "decoder_sparse_step": 1,
    "mlp_only_layers": [],
}


def save_tokenizer(folder: Path, **roles: str) -> None:
    """A byte-level tokenizer of single bytes, with control tokens behind them."""
    alphabet = sorted(pre_tokenizers.ByteLevel.alphabet())
    bpe = Tokenizer(models.BPE({c: i for i, c in enumerate(alphabet)}, []))
    bpe.pre_tokenizer = pre_tokenizers.ByteLevel(add_prefix_space=False)
    bpe.decoder = decoders.ByteLevel()
    bpe.add_special_tokens([AddedToken(text, special=True) for text in (*CONTROLS, *FIM)])
    bpe.save(str(folder / "tokenizer.json"))
    settings = {
        "tokenizer_class": "PreTrainedTokenizerFast",
        "mask_token": MASK,
        "eos_token": END,
        "bos_token": BEGIN,
        "chat_template": CHATML,
        **roles,
    }
    (folder / "tokenizer_config.json").write_text(json.dumps(settings))


def seeded(model: torch.nn.Module, seed: int = 0) -> None:
    """Random weights of a size that makes every part matter."""
    generator = torch.Generator().manual_seed(seed)
    with torch.no_grad():
        for name, parameter in model.named_parameters():
            drawn = torch.randn(parameter.shape, generator=generator) * 0.2
            parameter.copy_(1 + drawn if "norm" in name else drawn)


def stock(kind: str, **changes: Any) -> Any:
    """A tiny model of one of transformers' own classes, in float32 and eager."""
    import transformers

    config_type = getattr(transformers, f"{kind}Config")
    config = config_type(**{**SIZES, **changes}, attn_implementation="eager")
    model = getattr(transformers, f"{kind}ForCausalLM")(config).eval()
    seeded(model)
    return model


def save(folder: Path, model: Any, **config: Any) -> Path:
    """A stock model's folder, its configuration with ``config`` over it."""
    folder.mkdir(parents=True, exist_ok=True)
    model.save_pretrained(folder)
    path = folder / "config.json"
    path.write_text(json.dumps({**json.loads(path.read_text()), **config}))
    save_tokenizer(folder)
    return folder


def save_renamed(folder: Path, model: Any, names: dict[str, str], config: dict[str, Any]) -> Path:
    """A stock model's tensors under other names, with another configuration."""
    folder.mkdir(parents=True, exist_ok=True)
    state = {}
    for name, tensor in published(model).items():
        for pattern, new in names.items():
            name = re.sub(pattern, new, name)
        state[name] = tensor.contiguous().clone()
    save_file(state, folder / "model.safetensors")
    (folder / "config.json").write_text(json.dumps(config))
    save_tokenizer(folder)
    return folder


def published(model: Any) -> dict[str, torch.Tensor]:
    """The tensors of a model as it saves them."""
    import tempfile

    from safetensors.torch import load_file

    with tempfile.TemporaryDirectory() as folder:
        model.save_pretrained(folder)
        tensors: dict[str, torch.Tensor] = load_file(Path(folder) / "model.safetensors")
        return tensors


def llada(folder: Path) -> tuple[Path, Any]:
    """LLaDA: Llama's blocks under OLMo's names."""
    model = stock("Llama", num_key_value_heads=4)
    block = r"model.transformer.blocks.\1"
    names = {
        r"^model\.embed_tokens": "model.transformer.wte",
        r"^model\.norm": "model.transformer.ln_f",
        r"^lm_head": "model.transformer.ff_out",
        r"^model\.layers\.(\d+)\.self_attn\.o_proj": f"{block}.attn_out",
        r"^model\.layers\.(\d+)\.self_attn\.([qkv])_proj": rf"{block}.\2_proj",
        r"^model\.layers\.(\d+)\.input_layernorm": f"{block}.attn_norm",
        r"^model\.layers\.(\d+)\.post_attention_layernorm": f"{block}.ff_norm",
        r"^model\.layers\.(\d+)\.mlp\.gate_proj": f"{block}.ff_proj",
        r"^model\.layers\.(\d+)\.mlp\.up_proj": f"{block}.up_proj",
        r"^model\.layers\.(\d+)\.mlp\.down_proj": f"{block}.ff_out",
    }
    config = {
        "model_type": "llada",
        "activation_type": "silu",
        "block_type": "llama",
        "d_model": 32,
        "mlp_hidden_size": 48,
        "n_layers": 2,
        "n_heads": 4,
        "n_kv_heads": 4,
        "vocab_size": VOCABULARY,
        "embedding_size": VOCABULARY,
        "rms_norm_eps": 1e-6,
        "rope": True,
        "rope_theta": 10000.0,
        "include_bias": False,
        "include_qkv_bias": False,
        "weight_tying": False,
        "alibi": False,
        "attention_layer_norm": False,
        "scale_logits": False,
        "input_emb_norm": False,
    }
    return save_renamed(folder, model, names, config), model


def llada_moe(folder: Path) -> tuple[Path, Any]:
    """LLaDA-MoE: Qwen3-MoE's blocks, the weights of the experts left as they are."""
    model = stock("Qwen3Moe", **EXPERTS, norm_topk_prob=False, head_dim=8, num_key_value_heads=4)
    config = {
        **SIZES,
        "model_type": "lladamoe",
        "num_key_value_heads": 4,
        "intermediate_size": None,
        "dense_intermediate_size": 48,
        "expert_intermediate_size": 16,
        "shared_expert_intermediate_size": None,
        "num_experts": 8,
        "num_experts_per_tok": 2,
        "norm_topk_prob": None,
        "qk_layernorm": True,
        "moe_layer_freq": [1, 1],
        "attention_bias": False,
        "clip_qkv": None,
    }
    return save_renamed(folder, model, {}, config), model


def llada2_moe(folder: Path) -> tuple[Path, Any]:
    """LLaDA2: GLM-4-MoE's blocks under Ling's names, with fused projections."""
    model = stock(
        "Glm4Moe",
        head_dim=8,
        partial_rotary_factor=0.5,
        use_qk_norm=True,
        n_routed_experts=8,
        num_experts_per_tok=2,
        n_group=4,
        topk_group=2,
        n_shared_experts=1,
        moe_intermediate_size=16,
        first_k_dense_replace=1,
        routed_scaling_factor=2.5,
        norm_topk_prob=True,
        attention_bias=False,
    )
    for name, buffer in model.named_buffers():
        if name.endswith("e_score_correction_bias"):
            buffer.copy_(torch.linspace(-0.3, 0.3, len(buffer)))
    names = {
        r"embed_tokens": "word_embeddings",
        r"self_attn\.o_proj": "attention.dense",
        r"self_attn\.q_norm": "attention.query_layernorm",
        r"self_attn\.k_norm": "attention.key_layernorm",
        r"gate\.e_score_correction_bias": "gate.expert_bias",
    }
    config = {
        **SIZES,
        "model_type": "llada2_moe",
        "head_dim": 8,
        "partial_rotary_factor": 0.5,
        "use_qkv_bias": False,
        "use_bias": False,
        "num_experts": 8,
        "num_shared_experts": 1,
        "num_experts_per_tok": 2,
        "n_group": 4,
        "topk_group": 2,
        "routed_scaling_factor": 2.5,
        "moe_intermediate_size": 16,
        "first_k_dense_replace": 1,
    }
    save_renamed(folder, model, names, config)
    from safetensors.torch import load_file

    state = load_file(folder / "model.safetensors")
    for n in range(2):
        parts = [state.pop(f"model.layers.{n}.self_attn.{one}_proj.weight") for one in "qkv"]
        state[f"model.layers.{n}.attention.query_key_value.weight"] = torch.cat(parts)
    save_file(state, folder / "model.safetensors")
    return folder, model
