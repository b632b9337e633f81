"""Saved bytes per token and block of tiny models, counted by autograd hooks on transformers 5.23.

Two models that differ by two blocks run forward (torch 2.13, CPU, bf16, 128 tokens) under
`torch.autograd.graph.saved_tensors_hooks`; distinct storages count once, attention keeps what flash attention keeps.
Two corrections: the CPU keeps LayerNorm statistics in bf16, CUDA in fp32 (4 bytes per norm are added);
Gemma's fp32 copies of 1 + weight do not grow with tokens (16 and 34 bytes per token of this batch, left out).
"""

from typing import Any

import pytest

from estimator.catalog.types import Architecture
from estimator.memory import TrainingSetup
from estimator.memory.activations import block_bytes
from estimator.memory.precision import precision_of
from estimator.memory.shape import shape_of

LAYER_NORM: dict[str, Any] = {"norm": "layer"}
BIASED: dict[str, Any] = {**LAYER_NORM, "gated_mlp": False, "kv_heads": 8}
EXPERTS: dict[str, Any] = {"experts": 8, "experts_per_token": 2}

FAMILIES: list[tuple[str, dict[str, Any], float, float]] = [
    ("llama", {}, 10536, 7208),
    ("granite", {}, 10536, 7208),
    ("qwen3", {"head_dim": 48, "qk_norm": True}, 14096, 9808),
    ("olmo2", {"qk_norm": True}, 14128, 8496),
    ("phi3", {}, 11176, 7848),
    ("gemma", {}, 11576 - 16, 7224 - 16),
    ("gemma3_text", {"qk_norm": True, "norms_per_layer": 4}, 18298 - 34, 10618 - 34),
    ("gpt_neox", {**BIASED, "parallel_block": True}, 7208 + 8, 4904 + 8),
    ("phi", {**BIASED, "parallel_block": True, "norms_per_layer": 1}, 9508 + 4, 7716 + 4),
    ("gpt_bigcode", {**BIASED, "kv_heads": 1, "learned_positions": True}, 6824 + 8, 4520 + 8),
    ("starcoder2", {**LAYER_NORM, "gated_mlp": False}, 5928 + 8, 3624 + 8),
    ("stablelm", LAYER_NORM, 8488 + 8, 6184 + 8),
    ("cohere", {**LAYER_NORM, "parallel_block": True, "norms_per_layer": 1}, 10028, 7212),
    ("qwen3_moe", {"head_dim": 48, "qk_norm": True, **EXPERTS, "expert_ffn": 96}, 12660.25, 8244.25),
    ("mixtral", {**EXPERTS, "expert_ffn": 640}, 17820.25, 12188.25),
]


@pytest.mark.parametrize(("kind", "more", "trained", "frozen"), FAMILIES, ids=[row[0] for row in FAMILIES])
def test_saved_bytes_of_a_block(kind: str, more: dict[str, Any], trained: float, frozen: float) -> None:
    sizes = {"hidden": 256, "heads": 8, "kv_heads": 2, "head_dim": 32, "ffn": 640, "vocab": 128, "max_positions": 128}
    tiny = Architecture(**{"name": kind, "model_type": kind, "layers": 4, **sizes, **more})
    shape = shape_of(tiny)
    for method, counted in (("full", trained), ("lora", frozen)):
        setup = TrainingSetup(method=method)  # type: ignore[arg-type]
        precision = precision_of(setup, float_norm=shape.float_norm, layer_norm=not shape.rms)
        block = block_bytes(tiny, shape, precision, setup)
        inputs = block.inputs.token if method == "full" else 0.0  # the frozen models had no adapters
        ours = block.norms.token + block.attention.token + block.mlp.token + block.masks.token + inputs
        assert ours == pytest.approx(counted, rel=0.003)
