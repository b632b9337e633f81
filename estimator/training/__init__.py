"""How many hours does training take, and what is the cheapest plan that fits?"""

from estimator.training.calibrate import calibration_of
from estimator.training.candidates import Candidate, Miss, Plan
from estimator.training.collectives import (
    block_messages,
    context_parallel_bytes,
    distinct_nodes,
    expert_parallel_bytes,
    tensor_parallel_bytes,
)
from estimator.training.constants import CONSTANTS, Precision, Stack, StepConstants
from estimator.training.energy import Energy, co2e_kg, energy_kwh, run_energy
from estimator.training.families import OWNED, Checkpointing, Family, Sharding, families
from estimator.training.flops import attention_flops_per_token, gemm_flops_per_token, visible_tokens
from estimator.training.hardware import Hardware, gpu_family, hardware
from estimator.training.job import (
    JobHours,
    checkpoint_bytes,
    checkpoint_interval,
    evaluation_share,
    forward_share,
    job_hours,
    training_tokens,
)
from estimator.training.lengths import Lengths, expected_longest, lognormal_sigma
from estimator.training.managed import managed_cost
from estimator.training.of_option import Sizing, sizing_of
from estimator.training.offers import offers_of, owned_offer, unpriced_offer
from estimator.training.owned import owned_gpu_usd_per_hour
from estimator.training.parallel import Parallelism
from estimator.training.plan import choose, lost_because, pareto_rows, plan
from estimator.training.planned import Planned, architecture_of, job_of, planned_of, power_of
from estimator.training.pretraining import Pretraining, pretraining, pretraining_tokens
from estimator.training.run import Power, TrainingRun, run_of
from estimator.training.search import Searched, search
from estimator.training.spec import Bounds, Job, Overheads, Space
from estimator.training.step import StepTime, exposed, step_time
from estimator.training.traffic import (
    adapter_bytes,
    all_reduce_bytes,
    dequantization_bytes,
    elementwise_bytes_per_token,
    gather_bytes,
    offload_bytes,
    optimizer_bytes,
    permute_bytes,
)
from estimator.training.uncertainty import time_bounds, time_spread
from estimator.training.work import Work, work

__all__ = [
    "CONSTANTS",
    "OWNED",
    "Bounds",
    "Candidate",
    "Checkpointing",
    "Energy",
    "Family",
    "Hardware",
    "Job",
    "JobHours",
    "Lengths",
    "Miss",
    "Overheads",
    "Parallelism",
    "Plan",
    "Planned",
    "Power",
    "Precision",
    "Pretraining",
    "Searched",
    "Sharding",
    "Sizing",
    "Space",
    "Stack",
    "StepConstants",
    "StepTime",
    "TrainingRun",
    "Work",
    "adapter_bytes",
    "all_reduce_bytes",
    "architecture_of",
    "attention_flops_per_token",
    "block_messages",
    "calibration_of",
    "checkpoint_bytes",
    "checkpoint_interval",
    "choose",
    "co2e_kg",
    "context_parallel_bytes",
    "dequantization_bytes",
    "distinct_nodes",
    "elementwise_bytes_per_token",
    "energy_kwh",
    "evaluation_share",
    "expected_longest",
    "expert_parallel_bytes",
    "exposed",
    "families",
    "forward_share",
    "gather_bytes",
    "gemm_flops_per_token",
    "gpu_family",
    "hardware",
    "job_hours",
    "job_of",
    "lognormal_sigma",
    "lost_because",
    "managed_cost",
    "offers_of",
    "offload_bytes",
    "optimizer_bytes",
    "owned_gpu_usd_per_hour",
    "owned_offer",
    "pareto_rows",
    "permute_bytes",
    "plan",
    "planned_of",
    "power_of",
    "pretraining",
    "pretraining_tokens",
    "run_energy",
    "run_of",
    "search",
    "sizing_of",
    "step_time",
    "tensor_parallel_bytes",
    "time_bounds",
    "time_spread",
    "training_tokens",
    "unpriced_offer",
    "visible_tokens",
    "work",
]
