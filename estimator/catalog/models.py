"""Model shapes from the catalog file or from a Hugging Face `config.json`."""

import json
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from estimator.catalog.types import Architecture
from estimator.errors import CatalogError, UsageError

LONGEST_PATH = 1000
"""Of a name that is looked up as a path. [count]"""
# What a `config.json` leaves to the code of its model class, by `model_type`; read in the transformers sources.
_ENCODER = frozenset({"bert", "roberta", "xlm-roberta"})
_TWO_MATRIX = _ENCODER | {
    "gpt2",
    "gpt_neox",
    "gpt_bigcode",
    "falcon",
    "phi",
    "opt",
    "bloom",
    "mpt",
    "gptj",
    "starcoder2",
}
_LAYER_NORM = _TWO_MATRIX | {"stablelm", "cohere"}
_PARALLEL = frozenset({"gpt_neox", "falcon", "phi", "gptj", "cohere"})
_ALL_BIAS = _ENCODER | {"gpt2", "gpt_bigcode", "gpt_neox", "phi", "opt", "bloom", "starcoder2"}
_QKV_BIAS = _ALL_BIAS | {"qwen", "qwen2", "qwen2_moe", "chatglm"}
_QK_NORM = frozenset({"qwen3", "qwen3_moe", "gemma3", "gemma3_text", "olmo2"})
_ONE_NORM = frozenset({"phi", "gptj", "cohere"})
_FOUR_NORMS = frozenset({"gemma2", "gemma3", "gemma3_text"})
_TIED = _ENCODER | {"gpt2", "gpt_bigcode", "falcon", "opt", "bloom", "gemma", "gemma2", "gemma3", "gemma3_text"}
_LEARNED_POSITIONS = _ENCODER | {"gpt2", "gpt_bigcode", "opt"}
_ALTERNATING = frozenset({"gemma2", "gpt_oss"})
_CLASS_DEFAULTS: Mapping[str, Mapping[str, int]] = {
    "gemma3_text": {
        "num_attention_heads": 8,
        "num_key_value_heads": 4,
        "head_dim": 256,
        "vocab_size": 262208,
        "max_position_embeddings": 131072,
        "sliding_window": 4096,
        "sliding_window_pattern": 6,
    },
    "falcon": {"max_position_embeddings": 2048},
}
UNSTATED_POSITIONS = 4096
"""Context of a model whose file states none; team judgement. [token]"""
LARGEST = 10**12
MOST_LAYERS = 10_000


def architecture_from_config(name: str, config: Mapping[str, Any]) -> Architecture:
    """Shape of a model from the keys of its `config.json`.

    Args:
        name: Hub name or path. [text]
        config: Parsed `config.json`; a nested text configuration is used where there is one.

    Returns:
        The shape; counts are whole numbers. [count]

    Raises:
        CatalogError: a needed key is missing or no positive whole number; the message names it.

    Source: transformers configuration classes, which define the keys and what their absence means.
    """
    config = _text(config)
    kind = str(config.get("model_type", "llama"))
    shape = _Keys(name, {**_CLASS_DEFAULTS.get(kind, {}), **config})
    hidden = shape.need("hidden_size", "n_embd", "d_model")
    heads = shape.need("num_attention_heads", "n_head", "n_heads")
    layers = shape.need("num_hidden_layers", "n_layer", "num_layers", "n_layers")
    bias = bool(config.get("attention_bias", config.get("bias", kind == "gpt_oss") if kind != "gpt2" else False))
    return Architecture(
        name=name,
        model_type=kind,
        layers=layers,
        hidden=hidden,
        heads=heads,
        kv_heads=_kv_heads(shape, kind, heads),
        head_dim=shape.get("head_dim", "kv_channels") or max(hidden // heads, 1),
        ffn=_ffn(shape, kind, hidden),
        vocab=shape.need("padded_vocab_size", "vocab_size"),
        max_positions=shape.get("max_position_embeddings", "n_positions", "seq_length") or UNSTATED_POSITIONS,
        tied_embeddings=bool(config.get("tie_word_embeddings", kind in _TIED)),
        gated_mlp=kind not in _TWO_MATRIX,
        attention_bias=bias or kind in _QKV_BIAS,
        output_bias=kind in _ALL_BIAS or (bias and kind not in _QKV_BIAS),
        mlp_bias=bool(config.get("mlp_bias")) or kind in _ALL_BIAS or kind == "gpt_oss",
        norm="layer" if kind in _LAYER_NORM else "rms",
        norms_per_layer=_norms(shape, kind),
        qk_norm=kind in _QK_NORM or bool(config.get("use_qk_norm")),
        parallel_block=kind in _PARALLEL and bool(config.get("use_parallel_residual", True)),
        learned_positions=kind in _LEARNED_POSITIONS,
        lm_head_bias=kind == "phi",
        **_experts(shape, layers),
        **_window(shape, kind, layers),
        **{key: shape.get(key) for key in ("q_lora_rank", "kv_lora_rank")},
        **{key: shape.get(key) for key in ("qk_rope_head_dim", "qk_nope_head_dim", "v_head_dim")},
        published_parameters=_figure(config, "published_parameters"),
        published_active_parameters=_figure(config, "published_active_parameters"),
        training_tokens=_figure(config, "training_tokens"),
        training_tokens_source=str(config.get("training_tokens_source", "")),
        source=str(config.get("source", f"config.json of {name}")),
        licence=str(config.get("licence", "")),
    )


def read_config(path: Path) -> dict[str, Any]:
    """The content of a `config.json`, or of the one inside a folder.

    Args:
        path: File or folder. [text]

    Returns:
        Its keys. [1]

    Raises:
        UsageError: there is no such file.
        CatalogError: it is no readable JSON object.

    Source: definition.
    """
    file = path / "config.json" if path.is_dir() else path
    if not file.exists():
        raise UsageError(f"{file}: not found; give the config.json of a model, or a catalog name")
    try:
        data = json.loads(file.read_text(encoding="utf-8-sig"))
    except (OSError, ValueError, RecursionError):
        raise CatalogError(f"{file}: cannot be read as JSON; give the config.json of a model") from None
    if not isinstance(data, dict):
        raise CatalogError(f"{file}: not a JSON object; give the config.json of a model")
    return data


class _Keys:
    """Whole numbers of a configuration; several keys may mean the same."""

    def __init__(self, name: str, config: Mapping[str, Any]) -> None:
        self.name = name
        self.config = config

    def get(self, *keys: str) -> int:
        """The first stated key, or 0."""
        for key in keys:
            value = self.config.get(key)
            if value is None:
                continue
            if isinstance(value, bool) or not isinstance(value, int) or not 0 <= value <= LARGEST:
                raise CatalogError(
                    f"{self.name}: {key} is {value!r}, not a whole number from 0 to {LARGEST:g}; correct the file"
                )
            return value
        return 0

    def need(self, *keys: str) -> int:
        """The first stated key, which must be positive."""
        found = self.get(*keys)
        if found < 1:
            raise CatalogError(f"{self.name}: {keys[0]} is missing or 0; add it to the config.json")
        return found


def _text(config: Mapping[str, Any]) -> Mapping[str, Any]:
    """The language model of a multimodal configuration."""
    nested = config.get("text_config")
    if not isinstance(nested, Mapping):
        return config
    kind = nested.get("model_type") or f"{config.get('model_type', 'llama')}_text"
    return {**config, **nested, "model_type": kind}


def _kv_heads(shape: _Keys, kind: str, heads: int) -> int:
    if kind == "falcon" and shape.config.get("new_decoder_architecture"):
        return shape.get("num_kv_heads") or heads
    if shape.config.get("multi_query") and kind in {"falcon", "gpt_bigcode"}:
        return 1
    return shape.get("num_key_value_heads", "multi_query_group_num") or heads


def _ffn(shape: _Keys, kind: str, hidden: int) -> int:
    width = (
        shape.get("intermediate_size_mlp", "intermediate_size", "n_inner", "ffn_hidden_size", "ffn_dim") or 4 * hidden
    )
    return width // 2 if kind == "qwen" else width  # the first Qwen counts both halves of the gated block


def _norms(shape: _Keys, kind: str) -> int:
    if kind == "falcon":
        return 2 if shape.config.get("new_decoder_architecture") else 1
    return 4 if kind in _FOUR_NORMS else 1 if kind in _ONE_NORM else 2


def _experts(shape: _Keys, layers: int) -> dict[str, int]:
    experts = shape.get("num_local_experts", "num_experts", "n_routed_experts")
    if not experts:
        return {}
    width = shape.get("moe_intermediate_size") or shape.need("intermediate_size")
    shared = shape.get("shared_expert_intermediate_size", "shared_intermediate_size")
    if "intermediate_size_mlp" in shape.config:  # Llama 4: each routed layer has a shared expert as wide as the others
        shared = shared or width
    used = shape.need("num_experts_per_tok", "experts_per_token")
    if used > experts:
        raise CatalogError(f"{shape.name}: num_experts_per_tok {used} is above the {experts} experts; correct the file")
    return {
        "experts": experts,
        "experts_per_token": used,
        "expert_ffn": width,
        "shared_expert_ffn": shared or shape.get("n_shared_experts") * width,
        "dense_layers": _dense_layers(shape, layers),
    }


def _dense_layers(shape: _Keys, layers: int) -> int:
    """Layers without experts: the first ones, those listed, and those that an interleaving leaves out."""
    listed, first = _numbers(shape, "mlp_only_layers"), shape.get("first_k_dense_replace")
    if max(first, len(listed)) > layers:
        raise CatalogError(
            f"{shape.name}: first_k_dense_replace or mlp_only_layers has {max(first, len(listed))} of {layers} "
            "layers; correct the file"
        )
    if isinstance(shape.config.get("moe_layers"), list):
        routed = {layer for layer in _numbers(shape, "moe_layers") if 0 <= layer < layers}
        return layers - len(routed)
    if marks := _numbers(shape, "moe_layer_freq"):  # 1 or 0 for each layer
        if len(marks) != layers:
            raise CatalogError(f"{shape.name}: moe_layer_freq lists {len(marks)} of {layers} layers; correct the file")
        return marks.count(0)
    last = shape.get("decoder_sparse_step", "interleave_moe_layer_step") or 1  # the last of so many has experts
    leading = shape.get("moe_layer_freq") or 1  # the first of so many has
    if last == leading == 1:
        return len({layer for layer in listed if first <= layer < layers}) + first
    if layers > MOST_LAYERS:
        raise CatalogError(f"{shape.name}: {layers} layers are above {MOST_LAYERS:,}; correct the file")
    return sum(
        layer < first or layer in listed or (layer + 1) % last > 0 or layer % leading > 0 for layer in range(layers)
    )


def _numbers(shape: _Keys, key: str) -> list[int]:
    """Whole numbers of a list; empty where the key holds none."""
    found = shape.config.get(key)
    return [item for item in found if isinstance(item, int)] if isinstance(found, list) else []


def _window(shape: _Keys, kind: str, layers: int) -> dict[str, Any]:
    window = shape.get("sliding_window") if shape.config.get("use_sliding_window", True) else 0
    if not window:
        return {}
    kinds = shape.config.get("layer_types")
    if isinstance(kinds, list) and kinds:
        share = kinds.count("sliding_attention") / len(kinds)
    elif pattern := shape.get("sliding_window_pattern"):
        share = (layers - layers // pattern) / layers
    elif first := shape.get("max_window_layers"):
        share = max(layers - first, 0) / layers
    else:
        share = 0.5 if kind in _ALTERNATING else 1.0
    return {"sliding_window": window, "sliding_share": share} if share else {}


def _figure(config: Mapping[str, Any], key: str) -> float | None:
    value = config.get(key)
    return float(value) if isinstance(value, (int, float)) else None


def looks_like_a_path(name: str) -> bool:
    """Whether a model name means a `config.json` or a folder that holds one.

    Args:
        name: What the user wrote. [text]

    Returns:
        True for an existing folder with a configuration, and for every name that ends in .json. [1]

    Source: definition.
    """
    if not 0 < len(name) < LONGEST_PATH or "\0" in name:
        return False
    return name.endswith(".json") or (Path(name) / "config.json").is_file()
