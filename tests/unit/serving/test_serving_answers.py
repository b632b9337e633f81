"""API bills, prompts, capacity and quotes, each checked by hand."""

from datetime import date
from typing import Any

import numpy as np
import pytest

from estimator.catalog import Accelerator, Architecture, PriceTier, TokenPrice
from estimator.errors import InfeasibleError, InputError
from estimator.serving import (
    ByReplica,
    ByToken,
    Capacity,
    Request,
    api_request_usd,
    cold_start_hours,
    engine_of,
    kv_room_bytes,
    largest_batch,
    prompt_tokens,
    queue_wait_seconds,
    quote,
    replica,
    replica_hours,
    saturated_requests_per_s,
    saturated_throughput,
    self_hosted_capacity,
    smallest_gpus,
    token_rates,
)
from estimator.serving.constants import PHYSICS
from estimator.units import DAYS_PER_MONTH, HOURS_PER_MONTH, SECONDS_PER_MONTH

LLAMA_8B = Architecture(
    name="Llama-3.1-8B",
    model_type="llama",
    layers=32,
    hidden=4096,
    heads=32,
    kv_heads=8,
    head_dim=128,
    ffn=14336,
    vocab=128256,
    max_positions=131072,
)
LLAMA_70B = Architecture(
    name="Llama-3.1-70B",
    model_type="llama",
    layers=80,
    hidden=8192,
    heads=64,
    kv_heads=8,
    head_dim=128,
    ffn=28672,
    vocab=128256,
    max_positions=131072,
)
H100 = Accelerator(
    name="H100",
    vendor="NVIDIA",
    memory_bytes=80e9,
    usable_memory_bytes=79e9,
    bandwidth_bytes_per_s=3.35e12,
    peak_flops_per_s={"bf16": 989e12, "fp8": 1979e12},
    matmul_flops_per_s={"bf16": 794e12, "fp8": 1400e12},
    matmul_is_measured=True,
    link_bytes_per_s=450e9,
    tdp_w=700,
    devices_per_node=8,
)
PRICE = TokenPrice(
    provider="p",
    model="m",
    tiers=(PriceTier(0.0, 1.0, 0.1, 1.25, 5.0), PriceTier(200_000.0, 2.0, 0.2, 2.5, 7.5)),
    on=date(2026, 11, 1),
    source="by hand",
)
OFFICE_PEAK = {
    "requests": np.full((1, 1), 40.0 * SECONDS_PER_MONTH),
    "peak_to_mean": 1.0,
    "requests_per_s": 13.43,
    "usable_share": 0.7,
    "minimum_replicas": 1,
}


def request(**tokens: float) -> Request:
    given = {
        "instructions": 1500.0,
        "instructions_saved": 0.0,
        "user_text": 100.0,
        "few_shot": 500.0,
        "retrieved_context": 400.0,
        "output": 200.0,
        "reasoning": 100.0,
    }
    return Request(**(given | tokens))


def capacity(**more: Any) -> Capacity:
    given: dict[str, Any] = {
        "architecture": LLAMA_8B,
        "accelerator": H100,
        "gpus": 1,
        "precision": "fp8",
        "input_tokens": 1000.0,
        "output_tokens": 1000.0,
    }
    return self_hosted_capacity(**(given | more))


def own(**more: Any) -> ByReplica:
    given: dict[str, Any] = {
        "capacity": capacity(),
        "usd_per_gpu_hour": 3.0,
        "peak_to_mean": 2.0,
        "usable_share": 0.7,
        "cloud_overhead": 0.3,
        "operations_hours": 10.0,
        "usd_per_labour_hour": 80.0,
    }
    return ByReplica(**(given | more))


def test_api_request_by_hand() -> None:
    cost = api_request_usd(
        price=PRICE, fresh_input_tokens=1000, cached_input_tokens=2000, cache_write_tokens=500, output_tokens=300
    )
    assert (cost.input, cost.cached_input, cost.cache_write, cost.output) == pytest.approx(
        (1000e-6, 200e-6, 625e-6, 1500e-6)
    )
    assert cost.total == pytest.approx(3325e-6)


def test_tier_is_that_of_the_whole_request_cached_part_included() -> None:
    sizes = np.array([100_000.0, 99_999.0 + 1.0, 100_001.0])
    cost = api_request_usd(
        price=PRICE, fresh_input_tokens=sizes, cached_input_tokens=100_000, cache_write_tokens=0, output_tokens=10
    )
    np.testing.assert_allclose(cost.input, [0.1, 0.1, 100_001 * 2e-6])
    np.testing.assert_allclose(cost.cached_input, [0.01, 0.01, 0.02])
    np.testing.assert_allclose(cost.output, [5e-5, 5e-5, 7.5e-5])


def test_prompt_of_a_request_is_billed_by_kind() -> None:
    rates = token_rates(price=PRICE, input_tokens=2500.0)
    billed = prompt_tokens(request=request(), cache_hit_rate=0.8, rates=rates)
    assert float(billed.cached_input_tokens) == pytest.approx(1600)
    assert float(billed.cache_write_tokens) == pytest.approx(400)
    assert float(billed.fresh_input_tokens) == pytest.approx(500)
    assert billed.output_tokens == 300
    assert float(billed.input) == pytest.approx(request().input)


@pytest.mark.parametrize(
    ("tokens", "hit"), [({"instructions": 523.0}, 0.9), ({}, 0.2)], ids=["prefix of 1023", "writing costs more"]
)
def test_prefix_is_read_fresh_where_caching_is_impossible_or_does_not_pay(tokens: dict[str, float], hit: float) -> None:
    wanted = request(**tokens)
    billed = prompt_tokens(
        request=wanted, cache_hit_rate=hit, rates=token_rates(price=PRICE, input_tokens=wanted.input)
    )
    assert float(billed.fresh_input_tokens) == wanted.input
    assert float(billed.cached_input_tokens + billed.cache_write_tokens) == 0


def test_a_prefix_of_1024_tokens_is_cached() -> None:
    wanted = request(instructions=524.0)
    billed = prompt_tokens(request=wanted, cache_hit_rate=0.9, rates=token_rates(price=PRICE, input_tokens=1524.0))
    assert float(billed.cached_input_tokens) == pytest.approx(0.9 * 1024)


def test_quote_by_token_is_the_request_times_the_requests() -> None:
    found = quote(by=ByToken(price=PRICE, cache_hit_rate=0.8), request=request(), requests_per_month=1000.0)
    each = 500e-6 + 1600 * 0.1e-6 + 400 * 1.25e-6 + 300 * 5e-6
    assert float(found.usd_per_month) == pytest.approx(1000 * each)
    assert float(found.usd_per_request) == pytest.approx(each)
    assert float(found.usd_per_mtok_output) == pytest.approx(each / 300 * 1e6)
    assert [line.name for line in found.lines] == ["input", "cached_input", "cache_write", "output"]
    assert found.latency is None


def test_an_endpoint_is_billed_when_idle() -> None:
    by = ByToken(price=PRICE, cache_hit_rate=0.0, hosting_usd_per_hour=1.7)
    found = quote(by=by, request=request(), requests_per_month=1.0)
    assert found.lines[-1].usd_per_month == pytest.approx(1.7 * HOURS_PER_MONTH)


def test_room_for_the_cache_by_hand() -> None:
    on = replica(architecture=LLAMA_8B, accelerator=H100, gpus=2, precision="fp8", engine=engine_of("vllm"))
    weights = 8_030_261_248 + 2 * 128256 * 4096  # embedding and head stay at 16 bit
    working = 2 * PHYSICS.activation_bytes + 2 * PHYSICS.activation_copies * 4096 * PHYSICS.step_tokens
    assert float(kv_room_bytes(on=on)) == pytest.approx(0.9 * 2 * 79e9 - weights - working)
    long = {"input_tokens": 20_000.0, "output_tokens": 1000.0}
    free = largest_batch(on=on, **long)
    less = largest_batch(on=on, **long, reserved_bytes=131072.0 * (20_000 + 1000 * PHYSICS.reserved_output))
    assert float(free - less) == pytest.approx(1)


def test_a_closed_loop_is_limited_by_its_concurrency_and_by_the_room() -> None:
    on = replica(architecture=LLAMA_8B, accelerator=H100, gpus=1, precision="fp8")
    size = {"input_tokens": 1000.0, "output_tokens": 1000.0}
    full = saturated_throughput(on=on, **size)
    found = saturated_throughput(on=on, **size, concurrency=np.array([1.0, 64.0, 5000.0]))
    assert found[1] == pytest.approx(1000 * saturated_requests_per_s(on=on, batch=64.0, **size))
    assert found[2] == full
    assert found[0] < found[1] < found[2]


def test_nothing_is_served_where_not_one_request_fits() -> None:
    on = replica(architecture=LLAMA_70B, accelerator=H100, gpus=1, precision="bf16")
    assert float(saturated_throughput(on=on, input_tokens=1000.0, output_tokens=1000.0)) == 0


def test_capacity_says_why_a_model_does_not_fit() -> None:
    found = capacity(architecture=LLAMA_70B, precision="bf16")
    assert not found.fits
    assert "131 GiB of bf16 weights leave no room for a cache on 1 × H100 (74 GiB)" in found.reason
    assert float(found.requests_per_s) == 0
    with pytest.raises(InfeasibleError, match="131 GiB"):
        quote(by=own(capacity=found), request=request(), requests_per_month=1e6)


def test_a_request_longer_than_the_room_does_not_fit() -> None:
    found = capacity(input_tokens=2e6)
    assert found.reason.startswith("the cache of one request does not fit beside 8 GiB of fp8 weights")


def test_weights_that_crowd_out_the_cache_are_a_warning() -> None:
    # 72.7 GB of FP8 weights are 85.5 % of 85 GB; TensorRT-LLM takes .95 of what is left for the cache
    fields = {name: getattr(H100, name) for name in Accelerator.__slots__} | {"memory_bytes": 85e9}
    size = {"input_tokens": 100.0, "output_tokens": 100.0, "engine": engine_of("tensorrt-llm")}
    crowded = capacity(architecture=LLAMA_70B, accelerator=Accelerator(**fields), **size)
    assert crowded.fits
    assert "85%" in crowded.warnings[0]
    assert capacity(architecture=LLAMA_70B, accelerator=H100, gpus=2, **size).warnings == ()


def test_unmerged_adapters_slow_a_replica_down_and_take_memory() -> None:
    plain = capacity()
    shared = capacity(adapters=20, adapter_bytes=83_886_080.0, lora_throughput=0.85)
    assert plain.kv_room_bytes - shared.kv_room_bytes == pytest.approx(20 * 83_886_080)
    assert float(shared.batch) < float(plain.batch)
    same_batch = capacity(adapters=1, lora_throughput=0.85)
    assert float(same_batch.requests_per_s / plain.requests_per_s) == pytest.approx(0.85)
    assert float(capacity(lora_throughput=0.85).requests_per_s) == float(plain.requests_per_s)


def test_a_smaller_cache_precision_doubles_the_batch() -> None:
    long = {"precision": "bf16", "input_tokens": 20_000.0}
    assert float(capacity(**long, kv_precision="fp8").batch / capacity(**long).batch) == pytest.approx(2)


def test_draws_keep_their_shape_and_the_central_case_decides() -> None:
    lengths = np.array([1000.0, 500.0, 5e7])
    found = capacity(input_tokens=lengths)
    assert found.fits
    assert found.requests_per_s.shape == (3,)
    assert float(found.batch[2]) == 1
    assert not capacity(input_tokens=lengths[::-1]).fits


@pytest.mark.parametrize(
    ("field", "value"),
    [("output_tokens", 0.0), ("input_tokens", -1.0), ("gpus", 0), ("precision", "fp7"), ("kv_precision", "x")],
)
def test_impossible_capacity(field: str, value: object) -> None:
    with pytest.raises(InputError, match=f"{value:g}" if isinstance(value, float) else str(value)):
        capacity(**{field: value})


@pytest.mark.parametrize(("precision", "expected"), [("bf16", 4), ("fp8", 2), ("int4", 1)])
def test_fewest_gpus_for_70b(precision: str, expected: int) -> None:
    # bf16: 141 GB on g × 69 GB needs 4 (3 is no power of two); fp8: 73 GB; 4 bit: 43 GB
    assert smallest_gpus(architecture=LLAMA_70B, accelerator=H100, precision=precision) == expected


def _rate(precision: str, batch: float, *, widens: bool = False) -> float:
    on = replica(architecture=LLAMA_8B, accelerator=H100, gpus=1, precision=precision, widens_in_memory=widens)
    return float(saturated_requests_per_s(on=on, batch=batch, input_tokens=1000.0, output_tokens=300.0))


def test_unpacked_weights_answer_one_request_faster_and_a_full_batch_a_little_slower() -> None:
    assert 1.5 < _rate("int4", 1.0) / _rate("bf16", 1.0) < 3.0  # a quarter of the bytes, beside launches and the head
    assert 0.6 < _rate("int4", 256.0) / _rate("bf16", 256.0) < 1.0  # multiplied at PHYSICS.weight_only_efficiency


def test_weights_widened_in_memory_are_slower_than_wide_ones() -> None:
    # each weight is read, written and read again: 1.03 + 2 · 2 bytes instead of 2
    assert 0.3 < _rate("w8a16", 1.0, widens=True) / _rate("bf16", 1.0) < 0.6
    assert _rate("fp8", 8.0, widens=True) == _rate("fp8", 8.0)  # the H100 multiplies FP8 as it is


def test_no_number_of_gpus_within_the_limit() -> None:
    assert smallest_gpus(architecture=LLAMA_70B, accelerator=H100, precision="bf16", limit=2) == 0


def test_wait_for_a_slot() -> None:
    waits = queue_wait_seconds(servers=1, service_seconds=2.0, requests_per_s=np.array([0.25, 0.5, 1.0]))
    assert waits[0] == pytest.approx(0.5 / (0.5 - 0.25))  # M/M/1: ρ/(μ − λ)
    assert np.isinf(waits[1:]).all()


def test_cold_starts_of_an_office_day_by_hand() -> None:
    # replicas by hour 1 … 1, 2, 3, 4, 5, 5, 5, 4, 5, … 2: up by four in the morning and by one after lunch
    hours = cold_start_hours(**OFFICE_PEAK, cold_start_seconds=60.0)
    assert float(hours[0, 0]) == pytest.approx(5 * DAYS_PER_MONTH / 60)


def test_replicas_never_fall_below_the_minimum() -> None:
    # as in the office day above, with ten hours of fewer than three replicas lifted to three: 89 instead of 73
    hours = replica_hours(**(OFFICE_PEAK | {"minimum_replicas": 3}), autoscale=True)
    assert float(hours[0, 0]) / DAYS_PER_MONTH == pytest.approx(89)
    idle = replica_hours(**(OFFICE_PEAK | {"requests": np.full((1, 2), 1.0), "minimum_replicas": 2}), autoscale=False)
    np.testing.assert_allclose(idle, 2 * HOURS_PER_MONTH)


def test_quote_on_own_replicas_by_hand() -> None:
    asked = 5.0 * SECONDS_PER_MONTH  # peak 10 requests/s on 13.4 · 0.7: two replicas
    found = quote(by=own(), request=request(), requests_per_month=asked, api_usd_per_request=0.003)
    money = {line.name: float(line.usd_per_month) for line in found.lines}
    assert money == pytest.approx(
        {"gpu": 2 * HOURS_PER_MONTH * 3, "overhead": 0.3 * 2 * HOURS_PER_MONTH * 3, "operations": 800.0}
    )
    assert float(found.usd_per_month) == pytest.approx(sum(money.values()))
    assert found.utilisation is not None
    assert float(found.utilisation) == pytest.approx(5.0 / (2 * float(own().capacity.requests_per_s)))
    against = found.against_api
    assert against is not None
    hourly = 3 * 1.3 + 800 / HOURS_PER_MONTH
    assert against.break_even_requests_per_month == pytest.approx(hourly * HOURS_PER_MONTH / 0.003)
    assert float(against.break_even_utilisation) == pytest.approx(
        hourly / 3600 / float(own().capacity.requests_per_s) / 0.003
    )
    assert against.api_usd_per_month == pytest.approx(asked * 0.003)


def test_autoscaling_saves_hours_but_pays_for_cold_starts() -> None:
    asked = 20.0 * SECONDS_PER_MONTH
    always = quote(by=own(), request=request(), requests_per_month=asked)
    scaled = quote(by=own(autoscale=True, cold_start_seconds=60.0), request=request(), requests_per_month=asked)
    assert float(scaled.replica_hours) < float(always.replica_hours)
    assert {line.name for line in scaled.lines} - {line.name for line in always.lines} == {"cold_starts"}


def test_an_answer_waits_then_starts_then_flows() -> None:
    found = quote(by=own(), request=request(), requests_per_month=1e6).latency
    assert found is not None
    steps = 200 + 100 - 1
    assert float(found.answer_s) == pytest.approx(
        float(found.wait_s) + float(found.first_token_s) + steps * float(found.token_s)
    )
    assert float(found.wait_s) < 0.01


def test_a_quote_needs_requests() -> None:
    with pytest.raises(InputError, match="requests_per_month"):
        quote(by=own(), request=request(), requests_per_month=0.0)
