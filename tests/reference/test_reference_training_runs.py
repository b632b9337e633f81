"""Step time against throughput that other people published.

Source: foundation-model-stack/fms-acceleration, scripts/benchmarks/refs/a100_80gb.csv (one A100-SXM4-80GB, Mistral-7B,
packed to 4,096 tokens, full gradient checkpointing, TRL's SFTTrainer). The tolerance is the stated p90 error of the
model on that source.
"""

from typing import NamedTuple

import pytest

from estimator.catalog import load_catalog
from estimator.memory import TrainingSetup
from estimator.memory.setup import Method
from estimator.training import step_time

TOLERANCE = 0.22


class Reported(NamedTuple):
    """One published run."""

    method: Method
    micro_batch: float
    tokens_per_s: float


RUNS = (
    Reported("full", 4.0, 3062.694),
    Reported("full", 8.0, 3143.118),
    Reported("lora", 4.0, 3324.155),
    Reported("lora", 8.0, 3353.809),
    Reported("qlora", 4.0, 3595.714),
    Reported("qlora", 8.0, 3662.639),
)


@pytest.mark.parametrize("run", RUNS, ids=lambda run: f"{run.method}-{run.micro_batch:.0f}")
def test_predicts_a_published_run(run: Reported) -> None:
    catalog = load_catalog()
    setup = TrainingSetup(
        method=run.method, quantization="nf4_dq" if run.method == "qlora" else "none", checkpointing="full"
    )
    step = step_time(
        architecture=catalog.architecture("mistralai/Mistral-7B-v0.1"),
        setup=setup,
        accelerator=catalog.accelerator("A100-80GB"),
        micro_batch=run.micro_batch,
        seq_len=4096.0,
    )
    assert float(step.tokens_per_s_per_gpu) == pytest.approx(run.tokens_per_s, rel=TOLERANCE)
