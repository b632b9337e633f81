"""Print how long the memory model takes: python benchmarks/memory.py. Medians; nothing here is a test.

With --profile it prints, instead, where the time of one call goes.
"""

import cProfile
import pstats
import statistics
import sys
import time
from collections.abc import Callable, Iterator
from itertools import product

import numpy as np

from estimator import load_catalog, memory_of
from estimator.catalog import Architecture
from estimator.memory import TrainingSetup, training_peak
from estimator.memory.choices import usual_setup

SETUPS = 100_000
RUNS = 9
CALLS = 200
MODELS = (
    "meta-llama/Llama-3.1-8B",
    "google/gemma-2-9b",
    "openai-community/gpt2-xl",
    "Qwen/Qwen3-30B-A3B",
    "deepseek-ai/DeepSeek-V3",
)
METHODS = ("full", "lora", "qlora", "dora")
KINDS = ("none", "full")


def cases() -> Iterator[tuple[str, Architecture, TrainingSetup]]:
    """Models of several families by method and checkpointing."""
    catalog = load_catalog()
    for model, method, checkpointing in product(MODELS, METHODS, KINDS):
        setup = usual_setup(method=method, checkpointing=checkpointing)
        yield f"{model} {method}, checkpointing {checkpointing}", catalog.architecture(model), setup


def one_call(architecture: Architecture, setup: TrainingSetup) -> float:
    """Seconds of one peak with its three counters."""

    def once() -> None:
        for _ in range(CALLS):
            peak = training_peak(architecture=architecture, setup=setup, micro_batch=2.0, seq_len=2048.0)
            _ = peak.allocated_bytes, peak.reserved_bytes, peak.device_bytes

    return median_seconds(once) / CALLS


def broadcast(architecture: Architecture, setup: TrainingSetup) -> float:
    """Seconds of 100,000 sizes at once."""
    random = np.random.default_rng(0)
    micro_batch = random.integers(1, 65, SETUPS).astype(float)
    seq_len = random.integers(1, 32_769, SETUPS).astype(float)

    def once() -> None:
        peak = training_peak(architecture=architecture, setup=setup, micro_batch=micro_batch, seq_len=seq_len)
        _ = peak.device_bytes

    return median_seconds(once)


def median_seconds(once: Callable[[], object]) -> float:
    """Median of several runs after one that does not count."""
    once()
    times = []
    for _ in range(RUNS):
        start = time.perf_counter()
        once()
        times.append(time.perf_counter() - start)
    return statistics.median(times)


def show(name: str, seconds: float, aim: str) -> None:
    """One row."""
    print(f"{name:62s} {1000 * seconds:9.3f} ms  {aim}")


def main() -> None:
    """Print the slowest of all models and methods, and the doors on top of the model."""
    calls = {name: one_call(architecture, setup) for name, architecture, setup in cases()}
    arrays = {name: broadcast(architecture, setup) for name, architecture, setup in cases()}
    for title, times, aim in (("one call", calls, "below 0.5 ms"), ("100,000 sizes", arrays, "below 1000 ms")):
        slowest = max(times, key=lambda name: times[name])
        show(f"{title}, median of {len(times)}", statistics.median(times.values()), aim)
        show(f"{title}, slowest: {slowest}", times[slowest], aim)
    llama = MODELS[0]
    show("memory_of, fits", median_seconds(lambda: memory_of(llama, gpu="H100-80GB")), "")
    show("memory_of, every GPU", median_seconds(lambda: memory_of(llama)), "")
    large = {"method": "full", "gpu": "H100-80GB", "micro_batch": 4, "seq_len": 4096}
    show("memory_of, with the ladder", median_seconds(lambda: memory_of(llama, **large)), "")


def profile() -> None:
    """Print the functions that take most of one call."""
    for _, architecture, setup in list(cases())[:1]:
        one_call(architecture, setup)
        with cProfile.Profile() as found:
            one_call(architecture, setup)
        pstats.Stats(found).sort_stats("tottime").print_stats(15)


if __name__ == "__main__":
    profile() if "--profile" in sys.argv else main()
