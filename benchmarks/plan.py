"""Print how long the plan search takes: python benchmarks/plan.py. Medians of five; nothing here is a test."""

import statistics
import time
from dataclasses import replace
from datetime import date

from estimator.catalog import load_catalog
from estimator.memory.setup import Method
from estimator.training import Job, Lengths, choose, search

ON = date(2026, 11, 25)
CASES: tuple[tuple[str, str, Method], ...] = (
    ("LoRA of an 8B model", "Qwen/Qwen3-8B", "lora"),
    ("all weights of an 8B model", "Qwen/Qwen3-8B", "full"),
    ("QLoRA of a 70B model", "meta-llama/Llama-3.1-70B", "qlora"),
    ("all weights of a 70B model", "meta-llama/Llama-3.1-70B", "full"),
)


def main() -> None:
    """Print one row per case."""
    catalog = load_catalog()
    offers = catalog.gpu_offers(on=ON)
    devices = {offer.gpu: catalog.accelerator(offer.gpu) for offer in offers}
    print(f"{'case':32s} {'plans':>8s} {'fit':>8s} {'search':>9s} {'choice':>9s} {'10,000 plans':>13s}")
    for name, model, method in CASES:
        job = Job(
            architecture=catalog.architecture(model),
            methods=(method,),
            examples=3000.0,
            epochs=3.0,
            lengths=Lengths(mean_tokens=600.0, spread=2.0),
            global_batch=64.0,
        )
        seconds, choices, found = [], [], search(job=job, offers=offers, accelerators=devices)
        for turn in range(5):
            other = replace(job, examples=job.examples + turn + 1.0)  # the answer to the same question is kept
            start = time.perf_counter()
            found = search(job=other, offers=offers, accelerators=devices)
            middle = time.perf_counter()
            choose(found=found, job=other)
            seconds.append(middle - start)
            choices.append(time.perf_counter() - middle)
        searching, choosing = statistics.median(seconds), statistics.median(choices)
        each = 10_000.0 * (searching + choosing) / len(found)
        counts = f"{len(found):8,d} {int(found.fits.sum()):8,d}"
        print(f"{name:32s} {counts} {searching:7.3f} s {choosing:7.3f} s {each:11.3f} s")


if __name__ == "__main__":
    main()
