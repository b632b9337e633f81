"""Parts of a step by hand, and how the step moves when one thing changes."""

import dataclasses

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from estimator.catalog import load_catalog
from estimator.memory import TrainingSetup
from estimator.training import CONSTANTS, Parallelism, StepTime, distinct_nodes, step_time, time_bounds, time_spread
from estimator.training.constants import Stack
from estimator.training.hardware import attention_ceiling, fast_domain

CATALOG = load_catalog()
EIGHT = CATALOG.architecture("Qwen/Qwen3-8B")
SMALL = CATALOG.architecture("Qwen/Qwen3-1.7B")
LARGE = CATALOG.architecture("Qwen/Qwen3-32B")
H100 = CATALOG.accelerator("H100")


def step(**changes: object) -> StepTime:
    usual: dict[str, object] = {
        "architecture": EIGHT,
        "setup": TrainingSetup(),
        "accelerator": H100,
        "micro_batch": 4.0,
        "seq_len": 2048.0,
    }
    return step_time(**{**usual, **changes})  # type: ignore[arg-type]  # keyword bundle of the test


def test_a_mistral_step_by_hand() -> None:
    mistral = CATALOG.architecture("mistralai/Mistral-7B-v0.1")
    found = step(
        architecture=mistral,
        setup=TrainingSetup(method="full"),
        accelerator=CATALOG.accelerator("A100-80GB"),
        seq_len=4096.0,
    )
    rate = CONSTANTS.matmul_efficiency * 271.2e12
    blocks, head, tokens = 6.98e9, 32000 * 4096, 4 * 4096
    matmul = (8 * blocks + 6 * head) * tokens / rate + 4 * 2 * (blocks + head) / 2.039e12
    assert float(found.matmul) == pytest.approx(matmul, rel=0.002)
    attention = 4 * 2 * 2 * 2048 * 4096 * 32 * tokens
    assert float(found.attention) == pytest.approx(attention / (CONSTANTS.attention_efficiency * 0.75 * 271.2e12))
    assert float(found.launch) == pytest.approx(0.8 * 32 * CONSTANTS.launch_seconds_per_layer)
    assert float(found.optimizer) == pytest.approx(26 * 7.2417e9 / 2.039e12, rel=0.001)
    assert float(found.communication) == 0.0


def test_the_parts_sum_to_the_step_and_the_interval_holds_it() -> None:
    found = step(setup=TrainingSetup(gpus=8, sharding="fsdp"))
    assert float(found.communication) > 0.0
    low, high = found.tokens_per_s_range
    assert low < found.tokens_per_s_per_gpu < high


def test_one_call_prices_arrays_as_single_calls_do() -> None:
    many = step(micro_batch=np.array([1.0, 4.0])).seconds
    assert np.allclose(many, [float(step(micro_batch=size).seconds) for size in (1.0, 4.0)])


@pytest.mark.parametrize("stack", ["fused", "megatron", "fused_cpp"])
def test_other_stacks_are_not_slower_than_eager_at_small_batches(stack: Stack) -> None:
    assert float(step(micro_batch=1.0, seq_len=512.0, stack=stack).seconds) < float(
        step(micro_batch=1.0, seq_len=512.0).seconds
    )


def test_lower_precision_is_faster_where_the_device_has_it() -> None:
    times = [
        float(step(precision=name, accelerator=CATALOG.accelerator("B200")).seconds) for name in ("bf16", "fp8", "fp4")
    ]
    assert times == sorted(times, reverse=True)
    assert float(step(precision="fp8_rowwise").seconds) > float(step(precision="fp8").seconds)
    a100 = CATALOG.accelerator("A100")
    assert float(step(precision="fp8", accelerator=a100).seconds) == pytest.approx(
        float(step(accelerator=a100).seconds), rel=0.02
    )


def test_experts_in_small_matmuls_are_slower() -> None:
    routed = CATALOG.architecture("mistralai/Mixtral-8x7B-v0.1")
    full, none = step(architecture=routed), step(architecture=routed, seq_len=64.0)
    assert float(full.tokens_per_s_per_gpu) > 1.5 * float(none.tokens_per_s_per_gpu)
    assert full.error_high > step().error_high


def test_the_first_flash_attention_is_slower() -> None:
    assert attention_ceiling(family="ampere", stack="eager", constants=CONSTANTS, kernel="flash1") < attention_ceiling(
        family="ampere", stack="eager", constants=CONSTANTS
    )


def test_a_token_crosses_the_network_once_per_node() -> None:
    assert distinct_nodes(experts_per_token=2.0, nodes=1.0) == 1.0
    assert distinct_nodes(experts_per_token=1.0, nodes=4.0) == 1.0
    assert distinct_nodes(experts_per_token=8.0, nodes=8.0) < 8.0


def test_a_rack_is_one_fast_domain() -> None:
    assert fast_domain(CATALOG.accelerator("GB300-NVL72"), 4) == 72
    assert fast_domain(H100, 8) == 8


def test_overhead_and_experts_widen_the_interval() -> None:
    spreads = [float(time_spread(overhead=o, routed=m, constants=CONSTANTS)) for o, m in ((0, 0), (0.5, 0), (0.5, 1))]
    assert spreads == sorted(spreads)
    low, high = time_bounds(spread=spreads[0], constants=CONSTANTS)
    assert low < 1.0 < high


def test_a_pipeline_waits_less_with_more_chunks() -> None:
    setup = TrainingSetup(gpus=8, gradient_accumulation=8.0)
    one, four = (
        step(setup=setup, stack="megatron", parallelism=Parallelism(pipeline=8, virtual_stages=chunks))
        for chunks in (1, 4)
    )
    assert float(four.bubble) == pytest.approx(float(one.bubble) / 4)


@settings(max_examples=25, deadline=None)
@given(
    tokens=st.floats(64, 32768),
    more=st.floats(1, 8),
    micro_batch=st.sampled_from([1.0, 2.0, 8.0]),
    method=st.sampled_from(["full", "lora", "qlora"]),
    stack=st.sampled_from(["eager", "fused", "compiled", "megatron", "fused_cpp"]),
    gpus=st.sampled_from([1, 8]),
)
def test_time_never_falls_with_more_work(
    tokens: float, more: float, micro_batch: float, method: str, stack: Stack, gpus: int
) -> None:
    setup = dataclasses.replace(
        TrainingSetup(method=method, gpus=gpus, sharding="fsdp" if gpus > 1 else "none"),  # type: ignore[arg-type]
        quantization="nf4" if method == "qlora" else "none",
    )
    base = float(step(setup=setup, seq_len=tokens, micro_batch=micro_batch, stack=stack).seconds)
    longer = float(step(setup=setup, seq_len=tokens * more, micro_batch=micro_batch, stack=stack).seconds)
    batch = float(step(setup=setup, seq_len=tokens, micro_batch=micro_batch * 2, stack=stack).seconds)
    assert longer >= base * (1 - 1e-9)
    assert batch >= base * (1 - 1e-9)
    sizes = [
        float(step(architecture=shape, setup=setup, seq_len=tokens, micro_batch=micro_batch, stack=stack).seconds)
        for shape in (SMALL, EIGHT, LARGE)
    ]
    assert sizes == sorted(sizes)
