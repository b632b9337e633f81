"""ftune (package ftuneai): its memory and its time estimator, given our model shapes and its own table of GPUs."""

import math
from collections.abc import Callable, Mapping
from typing import Any

from benchmarks.peers.peer import SIXTEEN_BITS, MemoryRun, Peer, need
from estimator.catalog import Architecture
from estimator.memory import parameter_count
from estimator.memory.counts import ParameterCount
from estimator.units import SECONDS_PER_HOUR
from estimator.validation.time_layout import TimeCase

TARGETS: Mapping[frozenset[str], str] = {
    frozenset({"q_proj", "v_proj"}): "attention",
    frozenset({"q_proj", "k_proj", "v_proj", "o_proj"}): "attention_all",
    frozenset({"q_proj", "k_proj", "v_proj", "o_proj", "gate_proj", "up_proj", "down_proj"}): "all_linear",
}
OPTIMIZERS = {
    "adamw": "adamw",
    "adamw_fused": "adamw",
    "adamw_8bit": "adam_8bit",
    "sgd": "sgd",
    "adafactor": "adafactor",
}
SHARDING = {
    "none": "none",
    "ddp": "none",
    "zero1": "zero_1",
    "zero2": "zero_2",
    "zero3": "zero_3",
    "fsdp": "fsdp",
}
BITS = {"none": "none", "nf4": "4bit", "nf4_dq": "4bit", "fp4": "4bit", "gptq_int4": "4bit", "gptq_int8": "8bit"}
GPUS = {
    "H200-SXM-141GB": "H200-141GB",
    "H100-SXM5-80GB": "H100-80GB",
    "A100-SXM4-80GB": "A100-80GB",
    "RTX-4090-24GB": "RTX-4090-24GB",
    "RTX-3090-24GB": "RTX-3090-24GB",
}
"""Our name → its name, where both mean the same board."""
SAMPLES = 10**9
"""Large enough that its rounding of hours to two places does not show. [count]"""
REPOSITORY = "https://github.com/ritikmahy5/ftune"


def shape(architecture: Architecture, parameters: ParameterCount, dtype: str) -> dict[str, Any]:
    """Our shape of a model in its terms."""
    return {
        "name": architecture.name,
        "parameters": int(parameters.total),
        "hidden_size": architecture.hidden,
        "num_layers": architecture.layers,
        "num_attention_heads": architecture.heads,
        "num_kv_heads": architecture.kv_heads,
        "intermediate_size": architecture.ffn,
        "vocab_size": architecture.vocab,
        "max_seq_length": architecture.max_positions,
        "default_dtype": dtype,
        "is_moe": architecture.is_moe,
        "num_experts": architecture.experts or None,
        "num_active_experts": architecture.experts_per_token or None,
    }


def memory_settings(run: MemoryRun) -> dict[str, Any]:
    """A run in its terms, as the names of its choices.

    Raises:
        LeftOutError: it has no terms for the run.
    """
    setup = run.setup
    need(setup.method in ("full", "lora", "qlora"), "DoRA is not in its terms")
    need(setup.checkpointing in ("none", "full"), "selective recomputation is not in its terms")
    need(setup.offload == "none", "offloading is not in its terms")
    need(setup.optimizer in OPTIMIZERS, "paged optimizers are not in its terms")
    need(setup.sharding in SHARDING, "splitting layers over devices is not in its terms")
    need(float(run.micro_batch).is_integer(), "a mean batch size that is not whole")
    need(run.seq_len <= run.architecture.max_positions, "it refuses lengths above those of the model's config.json")
    targets = "attention"
    if setup.method != "full":
        named = setup.targets if isinstance(setup.targets, tuple) else ("all-linear",)
        all_of_them = named in (("all-linear",), ("all linear",))
        targets = "all_linear" if all_of_them else TARGETS.get(frozenset(named), "")
        need(bool(targets), "these LoRA targets are not in its terms")
    return {
        "method": setup.method,
        "quantization": BITS[setup.quantization],
        "batch_size": int(run.micro_batch),
        "seq_length": int(run.seq_len),
        "gradient_checkpointing": setup.checkpointing == "full",
        "optimizer": OPTIMIZERS[setup.optimizer],
        "lora_rank": int(setup.rank),
        "lora_target": targets,
        "flash_attention": setup.attention != "eager",
        "sharding": SHARDING[setup.sharding],
        "num_gpus": int(setup.gpus),
    }


def time_settings(run: TimeCase) -> dict[str, Any]:
    """A run in its terms, as the names of its choices.

    Raises:
        LeftOutError: it has no terms for the run.
    """
    setup, split = run.setup, run.parallelism
    need(setup.method in ("full", "lora", "qlora"), "DoRA is not in its terms")
    need(run.precision in SIXTEEN_BITS, "8- and 4-bit matrix products are not in its terms")
    need(
        split.tensor * split.pipeline * split.context == 1,
        "tensor, pipeline and context parallelism are not in its terms",
    )
    need(setup.sharding in SHARDING, "splitting layers over devices is not in its terms")
    need(setup.offload == "none", "offloading is not in its terms")
    need(run.accelerator.name in GPUS, "the GPU is not in its table")
    return {
        "method": setup.method,
        "seq_length": math.ceil(run.seq_len),
        "sharding": SHARDING[setup.sharding],
        "num_gpus": int(setup.gpus),
    }


def prepare_memory() -> Callable[[MemoryRun], float]:
    """Load ftune's memory estimator."""
    from ftuneai.core.memory import MemoryEstimator
    from ftuneai.core.models import ModelSpec

    def predict(run: MemoryRun) -> float:
        dtype = "float32" if run.setup.weights_dtype == "fp32" else "bfloat16"
        spec = ModelSpec(**shape(run.architecture, run.parameters, dtype))
        return float(MemoryEstimator(spec, training_config(memory_settings(run))).estimate().total_gb)

    return predict


def prepare_time() -> Callable[[TimeCase], float]:
    """Load ftune's time estimator."""
    from ftuneai.core.models import ModelSpec
    from ftuneai.core.time import TimeEstimator
    from ftuneai.loader import get_gpu

    def predict(run: TimeCase) -> float:
        settings = time_settings(run)
        spec = ModelSpec(**shape(run.architecture, parameter_count(architecture=run.architecture), "bfloat16"))
        found = TimeEstimator(spec, training_config(settings)).estimate(
            gpu=get_gpu(GPUS[run.accelerator.name]), dataset_size=SAMPLES, epochs=1, num_gpus=settings["num_gpus"]
        )
        return float(found.total_tokens / (found.total_hours * SECONDS_PER_HOUR) / settings["num_gpus"])

    return predict


def training_config(settings: Mapping[str, Any]) -> Any:
    """Its configuration object from the names of its choices."""
    from ftuneai.core import models

    choices = {
        "method": models.FineTuneMethod,
        "quantization": models.Quantization,
        "optimizer": models.OptimizerType,
        "lora_target": models.LoRATarget,
        "sharding": models.ShardingStrategy,
    }
    return models.TrainingConfig(**{k: choices[k](v) if k in choices else v for k, v in settings.items()})


MEMORY = Peer(
    name="ftune memory",
    kind="memory",
    package="ftuneai",
    source=REPOSITORY,
    predicts="weights, adapters, gradients, optimizer, activations, and 20 % on top",
    prepare=prepare_memory,
)
TIME = Peer(
    name="ftune time",
    kind="time",
    package="ftuneai",
    source=REPOSITORY,
    predicts="6 × parameters (LoRA: 4.5) over a fixed share of the peak, less a share per further device",
    prepare=prepare_time,
)
