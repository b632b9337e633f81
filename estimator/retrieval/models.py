"""Embedding and reranking models on GPUs of one's own: rate, memory, devices that stand by, price."""

import numpy as np

from estimator.errors import InfeasibleError, InputError
from estimator.record import record
from estimator.retrieval.chunks import embedding_rate
from estimator.units import GB, HOURS_PER_MONTH, MILLION, SECONDS_PER_HOUR, Value, central

WEIGHT_BYTES = 2.0  # bf16
WORKING_SHARE = 1.3
"""Memory over the weights for activations of a batch and the runtime."""


@record(kw_only=True)
class OwnGpu:
    """A device that embeds and reranks."""

    name: str
    flops_per_s: float
    memory_bytes: float
    usd_per_hour: Value
    efficiency: Value
    usable_share: Value = 0.5
    """Share of the rate that may be planned with at the peak. [1]"""


@record(kw_only=True)
class OwnModel:
    """An encoder: an embedding model or a reranker."""

    what: str
    parameters: Value
    tokens_per_query: Value
    """Tokens it reads with every question. [token]"""


@record(kw_only=True)
class OwnModels:
    """What one's own models need."""

    tokens_per_s: tuple[Value, ...]
    """Rate of each model. [token/s]"""
    gpus: Value
    """Devices that stand by for questions. [count]"""
    memory_bytes: Value
    usd_per_month: Value

    def usd_per_mtok(self, gpu: OwnGpu, index: int = 0) -> Value:
        """Price of a million tokens at full rate, for work that can wait. [USD/Mtok]"""
        return gpu.usd_per_hour / SECONDS_PER_HOUR * MILLION / self.tokens_per_s[index]


def own_models(*, gpu: OwnGpu, models: tuple[OwnModel, ...], peak_queries_per_s: Value) -> OwnModels:
    """Devices for questions: ⌈Σ QPS t_i/(r_i u)⌉, at least one; all models share each device.

    Args:
        gpu: Device.
        models: Models that answer each question. [1]
        peak_queries_per_s: QPS. [1/s]

    Returns:
        Rates, devices, memory and rent. [USD/month]

    Raises:
        InputError: a model without parameters.
        InfeasibleError: the models do not fit the device.

    Source: 2 FLOPs per weight and token; weights in 2 bytes.
    """
    if any(not np.all(np.asarray(model.parameters) > 0) for model in models):
        raise InputError(
            "retrieval: embedding_parameters and rerank_parameters must be above 0; e.g. 335M of bge-large"
        )
    held = sum((model.parameters for model in models), start=0.0) * WEIGHT_BYTES * WORKING_SHARE
    if central(held) > gpu.memory_bytes:
        raise InfeasibleError(
            f"embedding and reranking models need {central(held) / GB:.1f} GB, {gpu.name} has "
            f"{gpu.memory_bytes / GB:.1f} GB; choose a smaller model or a larger retrieval.gpu"
        )
    rates = tuple(
        embedding_rate(flops_per_s=gpu.flops_per_s, efficiency=gpu.efficiency, parameters=model.parameters)
        for model in models
    )
    busy = sum(
        (peak_queries_per_s * model.tokens_per_query / rate for model, rate in zip(models, rates, strict=True)),
        start=0.0,
    )
    devices: Value = np.maximum(np.ceil(busy / gpu.usable_share), 1.0)
    return OwnModels(
        tokens_per_s=rates,
        gpus=devices,
        memory_bytes=held,
        usd_per_month=devices * HOURS_PER_MONTH * gpu.usd_per_hour,
    )
