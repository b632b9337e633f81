"""Worked values of the equations document: KV cache and adapters, relative tolerance 1e-4."""

import pytest

from estimator.catalog.types import Architecture
from estimator.memory import kv_cache_bytes_per_token, lora_parameters


def shape(**more: int | float | str) -> Architecture:
    base = {"name": "x", "model_type": "llama", "vocab": 128256, "max_positions": 131072}
    return Architecture(**{**base, **more})  # type: ignore[arg-type]


LLAMA_8B = shape(layers=32, hidden=4096, heads=32, kv_heads=8, head_dim=128, ffn=14336)
LLAMA_70B = shape(layers=80, hidden=8192, heads=64, kv_heads=8, head_dim=128, ffn=28672)
DEEPSEEK = shape(
    model_type="deepseek_v3",
    layers=61,
    hidden=7168,
    heads=128,
    kv_heads=128,
    head_dim=192,
    ffn=18432,
    q_lora_rank=1536,
    kv_lora_rank=512,
    qk_rope_head_dim=64,
    qk_nope_head_dim=128,
    v_head_dim=128,
)
GPT_OSS_20B = shape(
    model_type="gpt_oss",
    layers=24,
    hidden=2880,
    heads=64,
    kv_heads=8,
    head_dim=64,
    ffn=2880,
    sliding_window=128,
    sliding_share=0.5,
)


@pytest.mark.parametrize(
    ("architecture", "context", "element", "expected"),
    [
        (LLAMA_8B, 1000.0, 1.0, 65536.0),
        (LLAMA_70B, 1000.0, 2.0, 327680.0),
        (DEEPSEEK, 1000.0, 2.0, 70272.0),
        (GPT_OSS_20B, 4096.0, 2.0, 25344.0),
    ],
)
def test_kv_cache_per_token(architecture: Architecture, context: float, element: float, expected: float) -> None:
    cache = kv_cache_bytes_per_token(architecture=architecture, context_tokens=context, bytes_per_element=element)
    assert float(cache) == pytest.approx(expected, rel=1e-4)


def test_lora_parameters_of_an_8b_model() -> None:
    count = lora_parameters(architecture=LLAMA_8B, rank=16.0, targets="all-linear")
    assert count == pytest.approx(41943040, rel=1e-4)
    assert 2.0 * count / 1e6 == pytest.approx(83.88608, rel=1e-4)  # MB in bf16
