"""Model shapes by hub name and from configuration files."""

import json
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import pytest

from estimator.catalog import Architecture, architecture_from_config, load_catalog
from estimator.errors import CatalogError, UnknownNameError, UsageError
from estimator.memory import parameter_count

CATALOG = load_catalog()
LLAMA: Mapping[str, Any] = {
    "model_type": "llama",
    "hidden_size": 64,
    "intermediate_size": 128,
    "num_hidden_layers": 4,
    "num_attention_heads": 8,
    "num_key_value_heads": 2,
    "vocab_size": 1000,
    "max_position_embeddings": 2048,
}


def built(**changes: Any) -> Architecture:
    return architecture_from_config("test", {**LLAMA, **changes})


def weights(a: Architecture) -> float:
    """Matrices only: norms and biases are far below the tolerance."""
    heads, kv = a.heads * a.head_dim, a.kv_heads * a.head_dim
    attention = a.hidden * (2 * heads + 2 * kv)
    if a.uses_latent_attention:
        query = a.q_lora_rank * (a.hidden + a.heads * (a.qk_rope_head_dim + a.qk_nope_head_dim))
        key = a.hidden * (a.kv_lora_rank + a.qk_rope_head_dim)
        up = a.kv_lora_rank * a.heads * (a.qk_nope_head_dim + a.v_head_dim)
        attention = query + key + up + a.heads * a.v_head_dim * a.hidden
    matrices = 3 if a.gated_mlp else 2
    dense = a.dense_layers if a.is_moe else a.layers
    mlp = dense * matrices * a.hidden * a.ffn
    width = a.expert_ffn * a.experts + a.shared_expert_ffn
    mlp += (a.layers - dense) * (matrices * a.hidden * width + a.hidden * a.experts)
    tables = a.vocab * (1 if a.tied_embeddings else 2) + (a.max_positions if a.learned_positions else 0)
    return a.layers * attention + mlp + tables * a.hidden


@pytest.mark.parametrize("name", CATALOG.architectures())
def test_shape_gives_the_parameters_its_makers_publish(name: str) -> None:
    shape = CATALOG.architecture(name)
    assert shape.source
    assert shape.heads % shape.kv_heads == 0
    if shape.published_parameters is not None:
        assert weights(shape) == pytest.approx(shape.published_parameters, rel=0.025)


def test_most_shapes_can_be_checked_that_way() -> None:
    checked = [CATALOG.architecture(name).published_parameters is not None for name in CATALOG.architectures()]
    assert len(checked) >= 128
    assert len(checked) - sum(checked) <= 1


def test_llama_keys() -> None:
    a = built()
    assert (a.layers, a.hidden, a.heads, a.kv_heads, a.head_dim, a.ffn) == (4, 64, 8, 2, 8, 128)
    assert (a.vocab, a.max_positions, a.tied_embeddings, a.gated_mlp, a.norm) == (1000, 2048, False, True, "rms")
    assert not any((a.attention_bias, a.output_bias, a.mlp_bias, a.is_moe, a.qk_norm, a.parallel_block))


def test_llama_bias_covers_the_output_and_qwen_bias_does_not() -> None:
    llama, qwen = built(attention_bias=True), built(model_type="qwen2")
    assert (llama.attention_bias, llama.output_bias) == (True, True)
    assert (qwen.attention_bias, qwen.output_bias) == (True, False)


def test_the_first_qwen_counts_both_halves_of_its_mlp() -> None:
    assert built(model_type="qwen").ffn == 64


def test_gpt2_keys_and_class_defaults() -> None:
    gpt2 = CATALOG.architecture("openai-community/gpt2-xl")
    assert (gpt2.layers, gpt2.hidden, gpt2.heads, gpt2.kv_heads, gpt2.ffn) == (48, 1600, 25, 25, 6400)
    assert gpt2.learned_positions
    assert gpt2.norm == "layer"
    assert gpt2.attention_bias
    assert gpt2.output_bias
    assert gpt2.mlp_bias
    assert not gpt2.gated_mlp


def test_parallel_blocks_and_their_norms() -> None:
    phi, falcon = CATALOG.architecture("microsoft/phi-2"), CATALOG.architecture("tiiuae/falcon-7b")
    neox = CATALOG.architecture("EleutherAI/pythia-2.8b")
    assert (phi.parallel_block, phi.norms_per_layer, phi.lm_head_bias) == (True, 1, True)
    assert (falcon.parallel_block, falcon.norms_per_layer, falcon.kv_heads) == (True, 1, 1)
    assert (neox.parallel_block, neox.norms_per_layer) == (True, 2)


def test_mixture_of_experts() -> None:
    qwen = CATALOG.architecture("Qwen/Qwen3-30B-A3B")
    assert (qwen.experts, qwen.experts_per_token, qwen.expert_ffn, qwen.shared_expert_ffn) == (128, 8, 768, 0)
    deepseek = CATALOG.architecture("deepseek-ai/DeepSeek-V3")
    assert (deepseek.experts, deepseek.shared_expert_ffn, deepseek.dense_layers) == (256, 2048, 3)
    assert deepseek.uses_latent_attention
    assert (deepseek.kv_lora_rank, deepseek.q_lora_rank, deepseek.qk_rope_head_dim) == (512, 1536, 64)


@pytest.mark.parametrize(
    ("name", "window", "share"),
    [
        ("google/gemma-2-9b", 4096, 0.5),
        ("google/gemma-3-27b-it", 1024, (62 - 10) / 62),
        ("openai/gpt-oss-20b", 128, 0.5),
        ("mistralai/Mistral-7B-v0.1", 4096, 1.0),
        ("mistralai/Mistral-7B-v0.3", 0, 0.0),
        ("Qwen/Qwen3-8B", 0, 0.0),
    ],
)
def test_sliding_windows(name: str, window: int, share: float) -> None:
    shape = CATALOG.architecture(name)
    assert shape.sliding_window == window
    assert shape.sliding_share == pytest.approx(share)


def test_sliding_window_of_the_last_layers_only() -> None:
    a = built(model_type="qwen2", sliding_window=32, use_sliding_window=True, max_window_layers=3)
    assert (a.sliding_window, a.sliding_share) == (32, 0.25)
    off = built(model_type="qwen2", sliding_window=32, use_sliding_window=False)
    assert (off.sliding_window, off.sliding_share) == (0, 0)


def test_multimodal_configuration_is_read_through_its_text_part() -> None:
    text = {"hidden_size": 2560, "intermediate_size": 10240, "num_hidden_layers": 34, "sliding_window": 1024}
    a = architecture_from_config("gemma", {"model_type": "gemma3", "text_config": text, "vision_config": {"x": 1}})
    assert (a.model_type, a.heads, a.kv_heads, a.head_dim, a.vocab) == ("gemma3_text", 8, 4, 256, 262208)
    assert a.tied_embeddings
    assert a.norms_per_layer == 4


def test_names_ignore_case() -> None:
    assert CATALOG.architecture("qwen/qwen3-8b").name == "Qwen/Qwen3-8B"


def test_path_of_a_file_and_of_its_folder(tmp_path: Path) -> None:
    (tmp_path / "config.json").write_text(json.dumps(LLAMA), encoding="utf-8")
    from_file = CATALOG.architecture(str(tmp_path / "config.json"))
    from_folder = CATALOG.architecture(str(tmp_path))
    assert from_file.layers == from_folder.layers == 4


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("{", "cannot be read as JSON"),
        ("[1]", "not a JSON object"),
        ("{}", "hidden_size is missing or 0"),
        ('{"hidden_size": "64"}', "hidden_size is '64', not a whole number"),
        ('{"hidden_size": 64.5}', "hidden_size is 64.5, not a whole number"),
        ('{"hidden_size": -64}', "hidden_size is -64, not a whole number"),
        ('{"hidden_size": true}', "hidden_size is True, not a whole number"),
    ],
)
def test_unusable_configuration(tmp_path: Path, text: str, message: str) -> None:
    path = tmp_path / "config.json"
    path.write_text(text, encoding="utf-8")
    with pytest.raises(CatalogError) as caught:
        CATALOG.architecture(str(path))
    assert message in str(caught.value)
    assert "config.json" in str(caught.value)


def test_wrong_optional_key_is_not_read_as_absent() -> None:
    with pytest.raises(CatalogError, match="num_key_value_heads is '2'"):
        built(num_key_value_heads="2")


def test_missing_file() -> None:
    with pytest.raises(UsageError, match="not found"):
        CATALOG.architecture("nowhere/config.json")


@pytest.mark.parametrize("name", ["Qwen/Qwen3-8b-typo", "", "x" * 5000, "a\0b"])
def test_unknown_model(name: str) -> None:
    with pytest.raises(
        UnknownNameError,
        match=r"unknown model .*give a name of estimator catalog list models, or the path of",
    ):
        CATALOG.architecture(name)


def test_unknown_model_offers_the_nearest() -> None:
    with pytest.raises(UnknownNameError, match="did you mean 'Qwen/Qwen3-8B'"):
        CATALOG.architecture("Qwen/Qwen3-8")


LLAMA_4 = {
    "model_type": "llama4_text",
    "hidden_size": 5120,
    "num_hidden_layers": 48,
    "num_attention_heads": 40,
    "num_key_value_heads": 8,
    "head_dim": 128,
    "vocab_size": 202_048,
    "intermediate_size": 8192,
    "intermediate_size_mlp": 16_384,
    "num_experts_per_tok": 1,
}


@pytest.mark.parametrize(
    ("keys", "dense", "total", "active"),
    [
        ({"num_local_experts": 128, "interleave_moe_layer_step": 2}, 24, 401e9, 17e9),  # Maverick, as published
        ({"num_local_experts": 16, "interleave_moe_layer_step": 1}, 0, 109e9, 17e9),  # Scout
        ({"num_local_experts": 128, "moe_layers": list(range(1, 48, 2))}, 24, 401e9, 17e9),
    ],
)
def test_interleaved_mixtures_have_the_published_counts(keys: dict[str, Any], dense: int, total: float, active: float):
    shape = architecture_from_config("mine", {**LLAMA_4, **keys})
    count = parameter_count(architecture=shape)
    assert shape.dense_layers == dense
    assert count.total == pytest.approx(total, rel=0.02)
    assert count.active == pytest.approx(active, rel=0.05)


@pytest.mark.parametrize(
    ("keys", "dense"),
    [
        ({"decoder_sparse_step": 2}, 4),
        ({"decoder_sparse_step": 2, "mlp_only_layers": [1]}, 5),
        ({"moe_layer_freq": 2}, 4),
        ({"moe_layer_freq": 2, "first_k_dense_replace": 1}, 5),
        ({"moe_layer_freq": [0, 1, 1, 1, 1, 1, 1, 1]}, 1),
        ({"first_k_dense_replace": 3}, 3),
        ({"moe_layers": []}, 8),
        ({"moe_layers": [0, 3, 99]}, 6),
        ({}, 0),
    ],
)
def test_layers_without_experts_are_counted(keys: dict[str, Any], dense: int) -> None:
    mixture = {**LLAMA_4, "num_hidden_layers": 8, "num_experts": 4, **keys}
    assert architecture_from_config("mine", mixture).dense_layers == dense


def test_marks_for_other_layers_than_there_are_are_refused() -> None:
    with pytest.raises(CatalogError, match="moe_layer_freq lists 2 of 48 layers"):
        architecture_from_config("mine", {**LLAMA_4, "num_experts": 4, "moe_layer_freq": [0, 1]})


def test_a_mixture_with_endless_layers_is_refused_at_once() -> None:
    with pytest.raises(CatalogError, match="above 10,000"):
        architecture_from_config(
            "mine", {**LLAMA_4, "num_experts": 4, "num_hidden_layers": 10**11, "moe_layer_freq": 2}
        )
