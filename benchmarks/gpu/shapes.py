"""Model shapes of the GPU benchmarks, in `config.json` terms: weights are random, so nothing is downloaded."""

from collections.abc import Mapping
from typing import Any

SHAPES: Mapping[str, Mapping[str, Any]] = {
    "tiny-llama": {
        "model_type": "llama",
        "num_hidden_layers": 2,
        "hidden_size": 64,
        "num_attention_heads": 4,
        "num_key_value_heads": 2,
        "intermediate_size": 160,
        "vocab_size": 512,
        "max_position_embeddings": 512,
        "tie_word_embeddings": False,
    },
    "llama-1b": {
        "model_type": "llama",
        "num_hidden_layers": 16,
        "hidden_size": 2048,
        "num_attention_heads": 32,
        "num_key_value_heads": 8,
        "intermediate_size": 8192,
        "vocab_size": 128256,
        "max_position_embeddings": 131072,
        "tie_word_embeddings": True,
    },
    "qwen3-2b": {
        "model_type": "qwen3",
        "num_hidden_layers": 28,
        "hidden_size": 2048,
        "num_attention_heads": 16,
        "num_key_value_heads": 8,
        "head_dim": 128,
        "intermediate_size": 6144,
        "vocab_size": 151936,
        "max_position_embeddings": 40960,
        "tie_word_embeddings": True,
    },
    "neox-1b": {
        "model_type": "gpt_neox",
        "num_hidden_layers": 24,
        "hidden_size": 2048,
        "num_attention_heads": 16,
        "intermediate_size": 8192,
        "vocab_size": 50304,
        "max_position_embeddings": 4096,
        "use_parallel_residual": True,
        "tie_word_embeddings": False,
    },
    "qwen3-moe-3b": {
        "model_type": "qwen3_moe",
        "num_hidden_layers": 16,
        "hidden_size": 1024,
        "num_attention_heads": 16,
        "num_key_value_heads": 4,
        "head_dim": 64,
        "intermediate_size": 3072,
        "moe_intermediate_size": 768,
        "num_experts": 64,
        "num_experts_per_tok": 8,
        "norm_topk_prob": True,
        "decoder_sparse_step": 1,
        "mlp_only_layers": [],
        "vocab_size": 65536,
        "max_position_embeddings": 40960,
        "tie_word_embeddings": False,
    },
    "llama-8b": {
        "model_type": "llama",
        "num_hidden_layers": 32,
        "hidden_size": 4096,
        "num_attention_heads": 32,
        "num_key_value_heads": 8,
        "intermediate_size": 14336,
        "vocab_size": 128256,
        "max_position_embeddings": 131072,
        "tie_word_embeddings": False,
    },
}
"""The tiny one is for machines without a GPU."""
FIGURES = {
    "layers": "num_hidden_layers",
    "hidden": "hidden_size",
    "heads": "num_attention_heads",
    "kv_heads": "num_key_value_heads",
    "head_dim": "head_dim",
    "ffn": "intermediate_size",
    "vocab": "vocab_size",
    "experts": "num_experts",
    "top_k": "num_experts_per_tok",
    "moe_ffn": "moe_intermediate_size",
}
"""The words of `validate time` and `validate serving` for what `config.json` and `validate memory` call otherwise."""


def described(name: str) -> dict[str, Any]:
    """The architecture of a case, in both vocabularies, so that every validation reads the same file."""
    from estimator.catalog import architecture_from_config
    from estimator.memory import parameter_count

    config = SHAPES[name]
    count = parameter_count(architecture=architecture_from_config(name, config))
    figures = {key: config[source] for key, source in FIGURES.items() if config.get(source)}
    sizes = {"params_b": count.total / 1e9, "active_params_b": count.active / 1e9}
    return {**config, **figures, **sizes}
