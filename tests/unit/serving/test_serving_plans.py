"""Plans, hosted prices over time, endpoints that sleep, latency under load: by hand."""

from datetime import date

import numpy as np
import pytest

from estimator.catalog import load_catalog
from estimator.serving import (
    Ask,
    HostedAsk,
    at_load,
    closed_loop,
    engine_of,
    hosted_factor,
    hosted_plan,
    price_path,
    replica,
    self_hosted_capacity,
    serving_plan,
)
from estimator.serving.managed import awake_share
from estimator.units import HOURS_PER_MONTH, SECONDS_PER_MONTH

CATALOG = load_catalog()
DAY = date(2026, 11, 25)


def plan(**more: object) -> object:
    given = {"model": "Qwen/Qwen3-8B", "requests_per_s": 20.0, "input_tokens": 1500.0, "output_tokens": 200.0}
    return serving_plan(ask=Ask(**(given | more)), catalog=CATALOG, on=DAY)  # type: ignore[arg-type]


def test_replicas_cover_the_peak_at_the_usable_share() -> None:
    found = plan()
    rate = float(found.capacity.requests_per_s)
    assert found.peak_requests_per_s == pytest.approx(20 / 0.58125)
    assert found.peak_replicas == np.ceil(20 / 0.58125 / (rate * 0.7))
    assert found.quote.replica_hours == pytest.approx(found.peak_replicas * HOURS_PER_MONTH)
    assert found.quote.utilisation == pytest.approx(20 / (found.peak_replicas * rate))


def test_autoscaling_costs_less_on_a_week_than_on_a_day() -> None:
    always = float(plan().quote.usd_per_month)
    day = float(plan(autoscale=True).quote.usd_per_month)
    assert day < always


def test_a_bought_gpu_is_amortised_with_power() -> None:
    found = plan(purchase_usd=36_000.0)
    owned = found.rents[0]
    assert owned.term == "owned"
    fixed = 36_000 / 48 / (HOURS_PER_MONTH * 0.95)
    assert owned.usd_per_replica_hour == pytest.approx(fixed + 0.7 * 1.36 * 0.0862, rel=0.02)


def test_adapters_share_one_base() -> None:
    assert plan(adapters=50).capacity.kv_room_bytes < plan().capacity.kv_room_bytes


def test_a_price_path_by_hand() -> None:
    path = price_path(months=13, yearly_factor=9.0, switch_months=6.0)
    np.testing.assert_allclose(path[[0, 5, 6, 12]], [1, 1, 1 / 3, 1 / 9])
    np.testing.assert_allclose(price_path(months=3, yearly_factor=9.0, switch_months=np.inf), 1)
    assert hosted_factor(batch_share=1.0, batch_discount=0.5, region_surcharge=0.0) == 0.5


def test_the_pinned_price_is_flat_and_switching_pays_for_its_moves() -> None:
    ask = HostedAsk(model="openai/gpt-4o-mini", requests_per_s=1.0, input_tokens=1000.0, output_tokens=100.0)
    pinned, switching = hosted_plan(ask=ask, catalog=CATALOG, on=DAY).paths
    month = SECONDS_PER_MONTH * (1000 * 0.15 + 100 * 0.6) / 1e6
    np.testing.assert_allclose(pinned.usd_by_month, month)
    assert pinned.migrations == 1  # 36 months of a life of 22
    assert switching.migrations == 2
    assert switching.usd_by_month[-1] == pytest.approx(month / 81)


def test_an_endpoint_sleeps_between_rare_requests() -> None:
    assert float(awake_share(requests_per_s=0.0)) == 0
    assert float(awake_share(requests_per_s=10.0)) == pytest.approx(1.0)
    rare = float(awake_share(requests_per_s=1e-5))
    assert rare == pytest.approx(1e-5 * 300, rel=0.01)


def test_latency_rises_with_the_load_and_agrees_with_littles_law() -> None:
    capacity = self_hosted_capacity(
        architecture=CATALOG.architecture("Qwen/Qwen3-8B"),
        accelerator=CATALOG.accelerator("H100"),
        gpus=1,
        precision="fp8",
        input_tokens=1000.0,
        output_tokens=200.0,
        engine=engine_of("vllm"),
    )
    rate = float(capacity.requests_per_s)
    found = [
        at_load(capacity=capacity, requests_per_s=share * rate, input_tokens=1000.0, output_tokens=200.0)
        for share in (0.1, 0.5, 0.95)
    ]
    assert found[0].token_s < found[1].token_s < found[2].token_s
    for share, item in zip((0.5, 0.95), found[1:], strict=True):
        inside = float(item.first_token_s + 199 * item.token_s)
        assert float(item.batch) == pytest.approx(share * rate * inside, rel=0.01)


def test_a_queue_forms_beyond_the_largest_batch() -> None:
    on = replica(
        architecture=CATALOG.architecture("Qwen/Qwen3-8B"),
        accelerator=CATALOG.accelerator("H100"),
        gpus=1,
        precision="bf16",
    )
    few, many = (
        closed_loop(on=on, input_tokens=1000.0, output_tokens=200.0, open_requests=count) for count in (10.0, 2000.0)
    )
    assert few.first_token_s < many.first_token_s
    assert many.batch < 2000


def test_pipeline_stages_and_copies_answer_like_their_tensor_groups() -> None:
    size = {"input_tokens": 1000.0, "output_tokens": 200.0}
    common = {"architecture": CATALOG.architecture("Qwen/Qwen3-8B"), "accelerator": CATALOG.accelerator("H100")}
    one = closed_loop(on=replica(**common, gpus=1, precision="fp8"), open_requests=64.0, **size)
    copies = replica(**common, gpus=4, precision="fp8", split=1, copies_weights=True)
    four = closed_loop(on=copies, open_requests=256.0, **size)
    assert float(four.requests_per_s) == pytest.approx(4 * float(one.requests_per_s), rel=0.02)
