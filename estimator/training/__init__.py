"""How many hours does training take, and what is the cheapest plan that fits?"""

from estimator.training.calibrate import calibration_of
from estimator.training.candidates import Candidate, Plan
from estimator.training.collectives import (
    block_messages,
    context_parallel_bytes,
    distinct_nodes,
    expert_parallel_bytes,
    tensor_parallel_bytes,
)
from estimator.training.constants import CONSTANTS, Precision, Stack, StepConstants
from estimator.training.energy import co2e_kg, energy_kwh
from estimator.training.flops import attention_flops_per_token, gemm_flops_per_token, visible_tokens
from estimator.training.hardware import Hardware, gpu_family, hardware
from estimator.training.job import JobHours, job_hours, training_tokens
from estimator.training.managed import managed_cost
from estimator.training.of_option import Sizing, architecture_of, sizing_of
from estimator.training.owned import owned_gpu_usd_per_hour
from estimator.training.parallel import Parallelism
from estimator.training.plan import plan
from estimator.training.pretraining import Pretraining, pretraining, pretraining_tokens
from estimator.training.step import StepTime, exposed, step_time
from estimator.training.traffic import (
    adapter_bytes,
    all_reduce_bytes,
    dequantisation_bytes,
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
    "Candidate",
    "Hardware",
    "JobHours",
    "Parallelism",
    "Plan",
    "Precision",
    "Pretraining",
    "Sizing",
    "Stack",
    "StepConstants",
    "StepTime",
    "Work",
    "adapter_bytes",
    "all_reduce_bytes",
    "architecture_of",
    "attention_flops_per_token",
    "block_messages",
    "calibration_of",
    "co2e_kg",
    "context_parallel_bytes",
    "dequantisation_bytes",
    "distinct_nodes",
    "elementwise_bytes_per_token",
    "energy_kwh",
    "expert_parallel_bytes",
    "exposed",
    "gather_bytes",
    "gemm_flops_per_token",
    "gpu_family",
    "hardware",
    "job_hours",
    "managed_cost",
    "offload_bytes",
    "optimizer_bytes",
    "owned_gpu_usd_per_hour",
    "permute_bytes",
    "plan",
    "pretraining",
    "pretraining_tokens",
    "sizing_of",
    "step_time",
    "tensor_parallel_bytes",
    "time_bounds",
    "time_spread",
    "training_tokens",
    "visible_tokens",
    "work",
]
