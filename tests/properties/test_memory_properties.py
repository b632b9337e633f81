"""What must hold for any setup."""

from dataclasses import replace

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from estimator.catalog.types import Architecture
from estimator.memory import TrainingSetup, training_peak

LLAMA = Architecture(
    name="small",
    model_type="llama",
    layers=16,
    hidden=2048,
    heads=32,
    kv_heads=8,
    head_dim=64,
    ffn=8192,
    vocab=128256,
    max_positions=131072,
)
QUANTISED = {"quantization": "nf4_dq", "autocast": "bf16"}

setups = st.builds(
    lambda method, extra, checkpointing, attention, loss, optimizer, rank: TrainingSetup(
        method=method,
        checkpointing=checkpointing,
        attention=attention,
        cross_entropy=loss,
        optimizer=optimizer,
        rank=rank,
        **(QUANTISED if method == "qlora" else {}),
        **extra,
    ),
    st.sampled_from(["full", "lora", "qlora"]),
    st.sampled_from([{}, {"lora_dropout": 0.05}, {"gradient_accumulation": 4.0}]),
    st.sampled_from(["none", "selective", "full", "offloaded"]),
    st.sampled_from(["flash", "sdpa", "eager"]),
    st.sampled_from(["eager", "fused_kernel", "chunked", "fused_linear"]),
    st.sampled_from(["adamw", "adamw_fused", "adamw_8bit", "sgd", "adafactor"]),
    st.sampled_from([4.0, 16.0, 64.0]),
)
sizes = st.tuples(st.integers(1, 16), st.sampled_from([128, 1000, 2048, 4096]))


def peak(setup: TrainingSetup, micro_batch: float, seq_len: float, architecture: Architecture = LLAMA) -> float:
    result = training_peak(architecture=architecture, setup=setup, micro_batch=micro_batch, seq_len=seq_len)
    return float(result.allocated_bytes)


@settings(max_examples=60, deadline=None)
@given(setup=setups, size=sizes)
def test_more_of_anything_never_needs_less(setup: TrainingSetup, size: tuple[int, int]) -> None:
    batch, length = size
    base = peak(setup, batch, length)
    assert peak(setup, batch + 1, length) >= base
    assert peak(setup, batch, length + 64) >= base
    assert peak(replace(setup, rank=setup.rank * 2), batch, length) >= base
    assert peak(setup, batch, length, replace(LLAMA, layers=17)) >= base


@settings(max_examples=60, deadline=None)
@given(setup=setups, size=sizes)
def test_lines_sum_to_the_peak_and_are_not_negative(setup: TrainingSetup, size: tuple[int, int]) -> None:
    result = training_peak(architecture=LLAMA, setup=setup, micro_batch=float(size[0]), seq_len=float(size[1]))
    assert sum(result.lines.values()) == pytest.approx(float(result.allocated_bytes), rel=1e-12)
    assert min(result.lines.values()) >= 0.0


@settings(max_examples=40, deadline=None)
@given(size=sizes, rank=st.sampled_from([4.0, 16.0, 64.0]))
def test_lora_needs_no_more_than_full_and_qlora_less_weight(size: tuple[int, int], rank: float) -> None:
    full = TrainingSetup(method="full")
    lora = TrainingSetup(rank=rank, targets=("q_proj", "v_proj"), adapter_dtype="bf16")
    assert peak(lora, *size) <= peak(full, *size)


@settings(max_examples=60, deadline=None)
@given(setup=setups, size=sizes, gpus=st.sampled_from([2, 4, 8]))
def test_more_shards_never_need_more_each(setup: TrainingSetup, size: tuple[int, int], gpus: int) -> None:
    for sharding in ("zero1", "zero2", "zero3", "fsdp"):
        few = replace(setup, sharding=sharding, gpus=gpus)
        assert peak(replace(few, gpus=2 * gpus), *size) <= peak(few, *size)


@settings(max_examples=60, deadline=None)
@given(setup=setups, size=sizes)
def test_checkpointing_never_saves_more_after_the_forward_pass(setup: TrainingSetup, size: tuple[int, int]) -> None:
    def kept(kind: str) -> float:
        chosen = replace(setup, checkpointing=kind)  # type: ignore[arg-type]
        result = training_peak(architecture=LLAMA, setup=chosen, micro_batch=float(size[0]), seq_len=float(size[1]))
        lines = result.phases["end of forward"]
        return float(lines["saved activations"] + lines["checkpoints"])

    assert kept("offloaded") <= kept("full") <= kept("selective") <= kept("none")
