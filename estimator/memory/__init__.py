"""How many bytes does a fine-tuning run need, and does it fit?"""

from estimator.memory.adapters import lora_parameters
from estimator.memory.constants import DEFAULT_MARGIN
from estimator.memory.counters import Interval
from estimator.memory.counts import ParameterCount, parameter_count
from estimator.memory.fit import Fit, fit, largest_micro_batch, largest_seq_len
from estimator.memory.kv_cache import kv_cache_bytes_per_token
from estimator.memory.peak import Peak, training_peak
from estimator.memory.setup import TrainingSetup
from estimator.memory.stacks import stack_of

__all__ = [
    "DEFAULT_MARGIN",
    "Fit",
    "Interval",
    "ParameterCount",
    "Peak",
    "TrainingSetup",
    "fit",
    "kv_cache_bytes_per_token",
    "largest_micro_batch",
    "largest_seq_len",
    "lora_parameters",
    "parameter_count",
    "stack_of",
    "training_peak",
]
