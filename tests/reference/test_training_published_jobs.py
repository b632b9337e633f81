"""Whole jobs whose wall time their authors wrote down."""

from datetime import date

import pytest

from estimator.catalog import load_catalog
from estimator.training import Job, Lengths, Space, plan, unpriced_offer


def test_guanaco_takes_a_day_on_one_48_gb_gpu() -> None:
    """QLoRA, Dettmers et al. 2023, arXiv:2305.14314: 65B in 24 hours on one 48 GB GPU.

    1,875 steps of 16 sequences of up to 512 tokens, rank 64. The 70B of the next generation stands in for the 65B;
    every sequence counts as full.
    """
    catalog = load_catalog()
    gpu = catalog.accelerator("RTX-A6000-48GB")
    job = Job(
        architecture=catalog.architecture("meta-llama/Llama-2-70b-hf"),
        methods=("qlora",),
        examples=1875.0 * 16,
        epochs=1.0,
        lengths=Lengths(mean_tokens=512.0),
        global_batch=16.0,
        rank=64.0,
    )
    offer = unpriced_offer(gpu, on=date(2026, 11, 22))
    found = plan(job=job, offers=(offer,), accelerators={gpu.name: gpu}, space=Space(gpu_counts=(1,)))
    assert found.chosen is not None
    assert float(found.chosen.hours_per_run) == pytest.approx(24.0, rel=0.35)
