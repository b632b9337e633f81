"""From the setup of a measured case to a training configuration."""

from collections.abc import Mapping
from functools import cache
from typing import Any, get_args, get_type_hints

from estimator.catalog import Architecture, Catalog, architecture_from_config, load_catalog
from estimator.errors import EstimatorError, InputError
from estimator.memory import Peak, TrainingSetup, stack_of, training_peak
from estimator.record import record

NAMES = {"lora_rank": "rank", "lora_targets": "targets", "grad_accum": "gradient_accumulation"}
"""Keys of a case whose field has another name."""
COPIED = (
    "method",
    "quantization",
    "weights_dtype",
    "autocast",
    "lora_rank",
    "lora_targets",
    "modules_to_save",
    "adapter_dtype",
    "lora_dropout",
    "kbit_preparation",
    "optimizer",
    "optimizer_in_backward",
    "checkpointing",
    "attention",
    "attention_mask",
    "cross_entropy",
    "compile",
    "packing",
    "implementation",
    "grad_accum",
    "gpus",
    "sharding",
    "offload",
    "framework",
)
COUNTS = ("lora_rank", "grad_accum", "gpus")
PARALLEL = {
    "tp": "tensor_parallel",
    "pp": "pipeline_parallel",
    "cp": "context_parallel",
    "ep": "expert_parallel",
}


@record
class Measured:
    """A case that can be predicted."""

    peak: Peak
    setup: TrainingSetup


@cache
def catalog() -> Catalog:
    """The catalog of the package."""
    return load_catalog()


@cache
def _choices() -> dict[str, tuple[Any, ...]]:
    return {name: get_args(hint) for name, hint in get_type_hints(TrainingSetup).items()}


def architecture_of(case: Mapping[str, Any]) -> Architecture:
    """The model of a case: a catalog name, a path, or its own `architecture` in `config.json` terms.

    Args:
        case: The case.

    Returns:
        Model shape. [count]

    Raises:
        InputError: no model is named.
        CatalogError: the model is unknown.

    Source: definition.
    """
    config = case.get("architecture")
    if isinstance(config, Mapping):
        return architecture_from_config(str(case.get("model", "model")), config)
    if not case.get("model"):
        raise InputError("model: missing; give a catalog name or a path of a config.json")
    return catalog().architecture(str(case["model"]))


def setup_of(setup: Mapping[str, Any]) -> TrainingSetup:
    """Configuration of a case; what it leaves out is what users of its framework run.

    Args:
        setup: Keys of the case.

    Returns:
        Training configuration.

    Raises:
        InputError: a value is not one of those allowed, or not a number above 0.

    Source: definition; defaults of frameworks in `estimator.memory.stack_of`.
    """
    given = {NAMES.get(key, key): setup[key] for key in COPIED if setup.get(key) is not None}
    for key in COUNTS:
        if setup.get(key) is not None:
            _number(setup, key)
    for key in ("targets", "modules_to_save"):
        if isinstance(given.get(key), list):
            given[key] = tuple(map(str, given[key]))
    parallel = setup.get("parallelism")
    if isinstance(parallel, Mapping):
        given |= {field: int(parallel[key]) for key, field in PARALLEL.items() if parallel.get(key)}
    for name, value in given.items():
        allowed = _choices().get(name, ())
        if allowed and all(isinstance(item, str) for item in allowed) and value not in allowed:
            raise InputError(f"setup.{name}: {value!r} is not one of {', '.join(allowed)}")
    targets = given.get("targets", ())
    modules = (targets,) if isinstance(targets, str) else targets
    return TrainingSetup(**{**stack_of(str(setup.get("framework", "")), modules), **given})


def measured_peak(case: Mapping[str, Any]) -> Measured:
    """Predict the peak of a case.

    Args:
        case: The case.

    Returns:
        Prediction and configuration. [B]

    Raises:
        EstimatorError: it cannot be predicted; the message says why.

    Source: definition.
    """
    setup = case.get("setup")
    if not isinstance(setup, Mapping):
        raise InputError("setup: missing; give the configuration of the run")
    sizes = {key: _number(setup, key) for key in ("micro_batch", "seq_len")}
    try:
        known = setup_of(setup)
        peak = training_peak(architecture=architecture_of(case), setup=known, **sizes)
    except EstimatorError:
        raise
    except (TypeError, ValueError) as error:
        raise InputError(f"setup: {error}") from None
    return Measured(peak=peak, setup=known)


def _number(setup: Mapping[str, Any], key: str) -> float:
    value = setup.get(key)
    if isinstance(value, bool) or not isinstance(value, (int, float)) or not 0 < value < float("inf"):
        raise InputError(f"setup.{key}: {value!r} is not a number above 0; give it")
    return float(value)


def source_of(case: Mapping[str, Any]) -> str:
    """Host, owner and repository of a source address.

    >>> source_of({"source": "https://github.com/pytorch/torchtune/blob/main/README.md"})
    'github.com/pytorch/torchtune'
    """
    text = str(case.get("source", "") or "–").removeprefix("https://").removeprefix("http://")
    return "/".join(text.split("/")[:3])
