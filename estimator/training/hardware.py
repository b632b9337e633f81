"""Rates of the devices a job runs on; each may be an array, so that many GPUs are priced in one call."""

import re
from collections.abc import Iterable
from dataclasses import fields
from typing import Literal

import numpy as np

from estimator.catalog.types import Accelerator
from estimator.errors import InputError
from estimator.record import record
from estimator.training.constants import Precision, Stack, StepConstants
from estimator.units import Value

Family = Literal["ampere", "hopper", "blackwell", "other"]
Kernel = Literal["usual", "flash1"]

FAMILIES: tuple[tuple[Family, tuple[str, ...]], ...] = (
    ("ampere", ("A100", "A800", "A30-")),
    ("hopper", ("H100", "H200", "H800", "H20-", "GH200")),
    ("blackwell", ("B200", "B300", "GB200", "GB300")),
)
BITS = {"fp4": 4.0, "fp8": 8.0}
FALLBACK: dict[str, tuple[str, ...]] = {
    "fp4": ("fp4", "fp8", "bf16", "fp16"),
    "fp8_rowwise": ("fp8", "bf16", "fp16"),
    "fp8": ("fp8", "bf16", "fp16"),
    "bf16": ("bf16", "fp16"),
    "fp16": ("fp16", "bf16"),
}  # a device without a dtype computes in the next wider one


@record(kw_only=True)
class Hardware:
    """Rates one device sees in a given job."""

    matmul_flops_per_s: Value
    attention_flops_per_s: Value
    peak_flops_per_s: Value
    bandwidth_bytes_per_s: Value
    link_bytes_per_s: Value
    """Of collectives inside a node. [B/s]"""
    collective_bytes_per_s: Value
    """Of collectives over all devices of the job. [B/s]"""
    wide_flops_per_s: Value
    """Matmul rate of what stays in 16 bits: the LM head. [FLOP/s]"""
    matmul_bits: Value
    """Width of the operands of block matmuls: 16, 8 or 4. [bit]"""
    rowwise: Value
    """1 where eight-bit operands have one scale per row. [1]"""
    port_bytes_per_s: Value
    """Network port of a device. [B/s]"""


def gpu_family(name: str) -> Family:
    """Kernel generation of a GPU by its catalog name.

    Args:
        name: Catalog name, e.g. `H100-SXM5-80GB`. [text]

    Returns:
        The family whose attention kernels it runs. [text]

    Source: vendor product lines.

    >>> gpu_family("H100-SXM5-80GB"), gpu_family("L4-24GB")
    ('hopper', 'other')
    """
    for family, prefixes in FAMILIES:
        if name.startswith(prefixes):
            return family
    return "other"


def attention_ceiling(*, family: Family, stack: Stack, constants: StepConstants, kernel: Kernel = "usual") -> float:
    """Share of the bf16 matmul rate that the attention kernel of a family reaches on long sequences.

    Args:
        family: Kernel generation.
        stack: Megatron-class stacks call cuDNN or FlashAttention-3 kernels on Hopper, the others FlashAttention-2.
        constants: Constants of the model.
        kernel: The usual one of the class, or FlashAttention 1 in software until the middle of 2023.

    Returns:
        Ceiling over the measured large-matmul rate. [1]

    Source: kernel benchmarks of FlashAttention-2 (arXiv:2307.08691) and -3 (arXiv:2407.08608).
    """
    age = constants.attention_first_generation if kernel == "flash1" else 1.0
    if family == "hopper":
        native = stack == "megatron" and kernel == "usual"
        return age * (constants.attention_hopper_native if native else constants.attention_hopper_flash2)
    return age * float(getattr(constants, f"attention_{family}"))


def fast_domain(accelerator: Accelerator, gpus_per_node: int) -> int:
    """Devices behind one fast link: those of a node, or of the whole rack where the link spans it.

    Args:
        accelerator: Catalog entry.
        gpus_per_node: Devices of one server. [count]

    Returns:
        Devices. [count]

    Source: NVIDIA product names state the NVLink domain, e.g. GB200-NVL72.

    >>> from estimator.catalog import load_catalog
    >>> fast_domain(load_catalog().accelerator("GB200-NVL72"), 4)
    72
    """
    found = re.search(r"-NVL(\d+)$", accelerator.name)
    return max(gpus_per_node, int(found[1])) if found else gpus_per_node


def _rate(accelerator: Accelerator, precision: Precision) -> tuple[float, str]:
    for dtype in FALLBACK[precision]:
        rate = accelerator.matmul_flops_per_s.get(dtype) or accelerator.peak_flops_per_s.get(dtype)
        if rate:
            return rate, dtype
    raise InputError(
        f"gpu: {accelerator.name} has no {precision} matmul rate in the catalog; known: "
        f"{', '.join(accelerator.matmul_flops_per_s) or 'none'}; choose another GPU or add the rate"
    )


def hardware(
    *,
    accelerator: Accelerator,
    gpus: Value,
    gpus_per_node: Value,
    stack: Stack,
    precision: Precision,
    constants: StepConstants,
    network_bytes_per_s: float | None = None,
    attention_kernel: Kernel = "usual",
) -> Hardware:
    """Rates that one accelerator gives a job of some size.

    Args:
        accelerator: Catalog entry.
        gpus: Devices of the job. [count]
        gpus_per_node: Devices behind one fast link. [count]
        stack: Software class.
        precision: Dtype of the matmuls; falls back to a wider one the device has.
        constants: Constants of the model.
        network_bytes_per_s: Network port per device; None takes the usual one of its class. [B/s]
        attention_kernel: The usual one of the software class, or FlashAttention 1.

    Returns:
        The rates. [FLOP/s, B/s]

    Raises:
        InputError: the accelerator has no usable matmul rate.

    Source: definition; collectives over nodes are limited by the node's network ports together.
    """
    rate, dtype = _rate(accelerator, precision)
    wide, _ = _rate(accelerator, "bf16")
    fabric = accelerator.link_bytes_per_s >= constants.fabric_bytes_per_s
    link = accelerator.link_bytes_per_s * (constants.link_efficiency if fabric else constants.pcie_efficiency)
    port = network_bytes_per_s or (constants.network_fabric if fabric else constants.network_plain)
    domain = np.maximum(gpus_per_node, fast_domain(accelerator, 1))
    ceiling = attention_ceiling(
        family=gpu_family(accelerator.name), stack=stack, constants=constants, kernel=attention_kernel
    )
    port = constants.link_efficiency * port
    return Hardware(
        matmul_flops_per_s=rate,
        attention_flops_per_s=wide * ceiling,
        peak_flops_per_s=accelerator.peak_flops_per_s.get(dtype, wide),
        bandwidth_bytes_per_s=accelerator.bandwidth_bytes_per_s,
        link_bytes_per_s=link,
        collective_bytes_per_s=np.where(gpus <= domain, link, np.minimum(link, port * domain)),
        wide_flops_per_s=wide,
        matmul_bits=BITS.get(dtype, 16.0),
        rowwise=float(precision == "fp8_rowwise" and dtype == "fp8"),
        port_bytes_per_s=min(link, port),
    )


def stacked(parts: Iterable[Hardware]) -> Hardware:
    """Devices in rows, jobs in columns, as one `Hardware` of arrays.

    Args:
        parts: The devices; each rate is one number, or one for each job.

    Returns:
        Rates of shape (devices, 1) or (devices, jobs), so that one formula prices all. [FLOP/s, B/s]

    Source: definition.
    """
    devices = list(parts)
    columns = {part.name: np.array([getattr(device, part.name) for device in devices]) for part in fields(Hardware)}
    return Hardware(**{name: column.reshape(len(devices), -1) for name, column in columns.items()})
