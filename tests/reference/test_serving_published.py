"""Serving rates against published benchmarks: the expected value is always what somebody else measured.

Sources: vLLM performance benchmark, buildkite.com/vllm/performance-benchmark/builds/9515 (mean latency at batch 8);
TensorRT-LLM docs/source/performance/perf-overview.md at v0.12.0, v0.19 and v1.0.0; LMDeploy v0.1.0
docs/en/benchmark/a100_fp16.md. The points of v0.19 belong to those that the constants were fitted on.
Tolerances are the errors reached, rounded up: they keep the model from getting worse and are no measure of its
accuracy (see docs/method/serving.md).
"""

from typing import NamedTuple

import pytest

from estimator.catalog import Architecture, load_catalog
from estimator.serving import (
    engine_of,
    queue_wait_seconds,
    replica,
    saturated_throughput,
    self_hosted_capacity,
    smallest_gpus,
)
from estimator.units import central
from estimator.validation import summary_rows, validate

CATALOG = load_catalog()


def llama(name: str, layers: int, hidden: int, heads: int, kv_heads: int, ffn: int, vocab: int) -> Architecture:
    return Architecture(
        name=name,
        model_type="llama",
        layers=layers,
        hidden=hidden,
        heads=heads,
        kv_heads=kv_heads,
        head_dim=128,
        ffn=ffn,
        vocab=vocab,
        max_positions=131072,
    )


MODELS = {
    "8B": llama("Llama-3.1-8B", 32, 4096, 32, 8, 14336, 128256),
    "70B": llama("Llama-3.1-70B", 80, 8192, 64, 8, 28672, 128256),
    "405B": llama("Llama-3.1-405B", 126, 16384, 128, 8, 53248, 128256),
    "llama2-7B": llama("Llama-2-7B", 32, 4096, 32, 32, 11008, 32000),
    "llama2-70B": llama("Llama-2-70B", 80, 8192, 64, 8, 28672, 32000),
}
VLLM_CI = "vLLM performance benchmark, build 9515"
TRT_V1 = "TensorRT-LLM performance overview v1.0"
TRT_V012 = "TensorRT-LLM performance overview v0.12"
TRT_V019 = "TensorRT-LLM performance overview v0.19"
TURBOMIND = "LMDeploy v0.1.0 benchmark"
ENGINES = {
    VLLM_CI: "vllm@0.6",
    TRT_V1: "tensorrt-llm@1.0",
    TRT_V012: "tensorrt-llm@0.12",
    TRT_V019: "tensorrt-llm@0.19",
    TURBOMIND: "lmdeploy",
}


class Published(NamedTuple):
    """Output tokens per second of one replica, as its authors wrote it."""

    source: str
    model: str
    precision: str
    gpu: str
    gpus: int
    read: float
    written: float
    concurrency: float | None
    tokens_per_s: float
    rel: float


POINTS = [
    Published(VLLM_CI, "8B", "bf16", "A100-80GB", 1, 32, 128, 8, 645.88, 0.10),
    Published(VLLM_CI, "8B", "bf16", "H100-80GB", 1, 32, 128, 8, 1026.52, 0.14),
    Published(VLLM_CI, "8B", "bf16", "H200", 1, 32, 128, 8, 1228.67, 0.13),
    Published(VLLM_CI, "70B", "bf16", "H100-80GB", 4, 32, 128, 8, 418.9, 0.10),
    Published(VLLM_CI, "70B", "bf16", "H200", 4, 32, 128, 8, 492.89, 0.10),
    Published(TRT_V1, "70B", "fp4", "B200", 1, 128, 128, None, 11147.0, 0.30),
    Published(TRT_V1, "70B", "fp8", "H200", 1, 128, 128, None, 3803.0, 0.15),
    Published(TRT_V1, "70B", "fp8", "H100-80GB", 2, 128, 128, None, 6378.0, 0.15),
    Published(TRT_V1, "8B", "fp8", "H200", 1, 128, 128, None, 27911.0, 0.15),
    Published(TRT_V1, "8B", "fp8", "H100-80GB", 1, 128, 128, None, 28312.0, 0.16),
    Published(TRT_V019, "8B", "fp8", "H100-80GB", 1, 1000, 1000, None, 15270.02, 0.17),
    Published(TRT_V019, "405B", "fp8", "H200", 8, 128, 128, None, 3800.11, 0.15),
    Published(TRT_V019, "405B", "fp8", "H100-80GB", 8, 128, 128, None, 3732.4, 0.15),
    Published(TURBOMIND, "llama2-7B", "fp16", "A100-80GB", 1, 1, 128, 1, 100.02, 0.10),
    Published(TURBOMIND, "llama2-70B", "fp16", "A100-80GB", 4, 1, 128, 1, 33.94, 0.20),
]


@pytest.mark.parametrize("point", POINTS, ids=lambda point: f"{point.source} {point.model} {point.gpus}x{point.gpu}")
def test_output_rate_of_a_replica(point: Published) -> None:
    on = replica(
        architecture=MODELS[point.model],
        accelerator=CATALOG.accelerator(point.gpu),
        gpus=point.gpus,
        precision=point.precision,
        engine=engine_of(ENGINES[point.source]),
    )
    found = saturated_throughput(
        on=on, input_tokens=point.read, output_tokens=point.written, concurrency=point.concurrency
    )
    assert float(found) == pytest.approx(point.tokens_per_s, rel=point.rel)


class Starved(NamedTuple):
    """Rates of a replica whose weights fill the memory, and of one twice as large, as their authors wrote them."""

    source: str
    model: str
    precision: str
    gpus: int
    read: float
    written: float
    tokens_per_s: float
    twice_tokens_per_s: float
    rel: float
    """Nine in ten points of that table are closer than this."""


STARVED = [
    Starved(TRT_V012, "70B", "fp16", 2, 128, 4096, 369.29, 2969.99, 0.45),
    Starved(TRT_V012, "llama2-70B", "fp16", 2, 2048, 2048, 321.95, 2439.1, 0.45),
    Starved(TRT_V019, "70B", "fp8", 1, 2048, 2048, 357.98, 2732.86, 0.20),
]


@pytest.mark.parametrize("case", STARVED, ids=lambda case: f"{case.model} {case.precision}")
def test_a_starved_cache_collapses(case: Starved) -> None:
    """Published runs squeezed these in at an eighth of the rate of twice the GPUs; so do we, and we warn."""
    found = [
        self_hosted_capacity(
            architecture=MODELS[case.model],
            accelerator=CATALOG.accelerator("H100-80GB"),
            gpus=gpus,
            precision=case.precision,
            input_tokens=case.read,
            output_tokens=case.written,
            engine=engine_of(ENGINES[case.source]),
        )
        for gpus in (case.gpus, 2 * case.gpus)
    ]
    assert case.twice_tokens_per_s > 7 * case.tokens_per_s
    assert central(found[1].output_tokens_per_s) > 3.5 * central(found[0].output_tokens_per_s)
    assert found[0].warnings
    assert not found[1].warnings
    assert central(found[1].output_tokens_per_s) == pytest.approx(case.twice_tokens_per_s, rel=case.rel)


def test_published_tensor_parallel_degrees() -> None:
    """VLLM needs eight H100 for 405B in FP8 and four for 70B in FP16."""
    h100 = CATALOG.accelerator("H100-80GB")
    assert smallest_gpus(architecture=MODELS["405B"], accelerator=h100, precision="fp8") == 8
    assert smallest_gpus(architecture=MODELS["70B"], accelerator=h100, precision="fp16") == 4


def test_worked_example_of_the_queue() -> None:
    wait = queue_wait_seconds(servers=12, service_seconds=1.0, requests_per_s=10.0)
    assert float(wait) == pytest.approx(0.22469411214913554, rel=1e-4)


def test_errors_on_all_published_cases() -> None:
    """What is asked of the model: dense NVIDIA 10 % / 32 %, dense 14 % / 45 %, MoE 22 % / 70 %."""
    found = validate("serving")
    assert not found.skipped
    rows = {(row["by"], row["group"]): row for row in summary_rows(found)}
    for key, median, p90 in (
        (("kind × vendor", "dense × NVIDIA"), 0.10, 0.32),
        (("kind", "dense"), 0.14, 0.45),
        (("kind", "MoE"), 0.22, 0.70),
    ):
        assert rows[key]["median"] <= median
        assert rows[key]["p90"] <= p90
