"""Bytes of the loss, row by row of the table in docs/method/memory.md section 7, and which matrices are adapted."""

from dataclasses import replace

import pytest

from estimator.catalog.types import Architecture
from estimator.errors import InputError
from estimator.memory import TrainingSetup, lora_parameters
from estimator.memory.adapters import adapted_matrices
from estimator.memory.loss import loss_bytes
from estimator.memory.precision import precision_of
from estimator.memory.shape import shape_of

SMALL = Architecture(
    name="small",
    model_type="llama",
    layers=3,
    hidden=16,
    heads=4,
    kv_heads=2,
    head_dim=4,
    ffn=32,
    vocab=100,
    max_positions=64,
)
OLD, OLDER = "transformers 4.48", "transformers 4.45"


def per_logit(family: str, setup: TrainingSetup) -> tuple[float, float]:
    shape = shape_of(replace(SMALL, model_type=family))
    found = loss_bytes(shape=shape, setup=setup, precision=precision_of(setup, float_norm=shape.float_norm))
    return found.forward, found.backward


@pytest.mark.parametrize(
    ("choices", "forward", "backward"),
    [
        ({"compile": True}, 2 + 4, 2 + 4 + 4),
        ({"compile": True, "cross_entropy": "chunked"}, 2, 4),
        ({"implementation": "litgpt"}, 8, 8),
        ({}, 2 + 4 + 4, 12),
        ({"keeps_outputs": True}, 2 + 4 + 4, 12 + 2),
        ({"keeps_outputs": True, "weights_dtype": "fp32", "autocast": "bf16"}, 2 + 4 + 4, 12 + 2),
        ({"framework": OLD}, 14, 14),
        ({"framework": "torch 2.4.1"}, 12, 12),
        ({"framework": "torch 2.6"}, 10, 12),
        ({"framework": OLDER}, 12, 12),
        ({"cross_entropy": "fused_kernel"}, 6, 8),
        ({"cross_entropy": "chunked"}, 4, 6),
        ({"cross_entropy": "fused_linear"}, 0, 0),
    ],
    ids=str,
)
def test_bytes_per_logit(choices: dict[str, object], forward: float, backward: float) -> None:
    assert per_logit("llama", TrainingSetup(**{"method": "full", **choices})) == (forward, backward)


@pytest.mark.parametrize(
    ("choices", "forward", "backward"),
    [
        ({}, 6, 8),
        ({"weights_dtype": "fp32", "autocast": "bf16"}, 12, 16),
        ({"cross_entropy": "fused_kernel"}, 6, 6),
    ],
    ids=str,
)
def test_old_code_of_two_families_computes_its_loss_in_16_bits(
    choices: dict[str, object], forward: float, backward: float
) -> None:
    setup = TrainingSetup(**{"method": "full", "framework": OLD, **choices})
    assert per_logit("qwen", setup) == (forward, backward)
    assert per_logit("qwen", replace(setup, framework="")) == per_logit("llama", replace(setup, framework=""))


def test_a_fused_linear_loss_keeps_the_gradient_of_the_head_that_trains() -> None:
    found = {}
    for method in ("full", "lora"):
        setup = TrainingSetup(method=method, cross_entropy="fused_linear")
        precision = precision_of(setup, float_norm=False)
        found[method] = loss_bytes(shape=shape_of(SMALL), setup=setup, precision=precision)
    assert (found["full"].fixed, found["lora"].fixed) == (2 * 100 * 16, 0)
    assert found["full"].per_token == 2 * 16


def test_soft_capped_logits_add_one_tensor() -> None:
    assert per_logit("gemma2", TrainingSetup(method="full")) == (12, 14)


def test_parts_of_fused_matrices_get_adapters_of_their_own() -> None:
    fused = replace(SMALL, model_type="phi3")
    chosen = adapted_matrices(fused, ("q_proj", "v_proj", "up_proj"))
    assert [(each.role, each.inputs, each.outputs) for each in chosen] == [("q", 16, 16), ("v", 16, 8), ("up", 16, 32)]
    assert [each.role for each in adapted_matrices(fused, "attention")] == ["qkv", "o"]


def test_the_head_is_adapted_once_and_not_once_per_block() -> None:
    alone = lora_parameters(architecture=SMALL, rank=2.0, targets=("lm_head",))
    assert alone == 2 * (16 + 100)
    both = lora_parameters(architecture=SMALL, rank=2.0, targets=("lm_head", "q_proj"))
    assert both - alone == 2 * 3 * (16 + 16)


def test_adapters_of_a_model_whose_first_blocks_are_dense() -> None:
    moe = replace(
        SMALL,
        model_type="deepseek_v3",
        experts=4,
        experts_per_token=2,
        expert_ffn=8,
        dense_layers=1,
        shared_expert_ffn=8,
    )
    dense, shared = 3 * (16 + 32), 3 * (16 + 8)
    assert lora_parameters(architecture=moe, rank=1.0, targets=("mlp",)) == dense + 2 * shared


def test_names_that_a_model_lacks_are_refused() -> None:
    with pytest.raises(InputError, match="name no linear layer of small; use all-linear"):
        adapted_matrices(SMALL, ("q_a_proj",))
