"""Seconds of one training micro-batch, itemised."""

from collections.abc import Sequence

import numpy as np

from estimator.catalog.types import Accelerator, Architecture
from estimator.errors import InputError
from estimator.memory.setup import TrainingSetup
from estimator.record import record
from estimator.training.constants import CONSTANTS, Precision, Stack, StackTraits, StepConstants
from estimator.training.hardware import Hardware, Kernel, fast_domain, hardware
from estimator.training.parallel import Parallelism
from estimator.training.uncertainty import time_bounds, time_spread
from estimator.training.work import Work, work
from estimator.units import Value


@record(kw_only=True)
class StepTime:
    """Where the seconds of one micro-batch go, on the device that all others wait for."""

    matmul: Value
    attention: Value
    elementwise: Value
    dequantization: Value
    optimizer: Value
    """Share of one micro-batch in the optimizer step. [s]"""
    communication: Value
    """Only what is not hidden behind compute. [s]"""
    launch: Value
    """Only what exceeds the work on the device. [s]"""
    bubble: Value
    """Idle time of pipeline stages. [s]"""
    tokens_per_gpu: Value
    """Tokens of the micro-batch over the devices of one replica. [token]"""
    model_flops_per_gpu: Value
    """Needed FLOPs without recomputation. [FLOP]"""
    peak_flops_per_s: Value
    error_low: Value = 1.0
    """p5 of measured over predicted time; 1 where it was not asked for. [1]"""
    error_high: Value = 1.0
    """p95 of measured over predicted time; 1 where it was not asked for. [1]"""

    @property
    def seconds(self) -> Value:
        """Sum of the parts. [s]."""
        device = self.matmul + self.attention + self.elementwise + self.dequantization
        return device + self.optimizer + self.communication + self.launch + self.bubble

    @property
    def tokens_per_s_per_gpu(self) -> Value:
        """Throughput of one device. [token/s]."""
        return self.tokens_per_gpu / self.seconds

    @property
    def tokens_per_s_range(self) -> tuple[Value, Value]:
        """p5 and p95 of the throughput of one device. [token/s]."""
        rate = self.tokens_per_s_per_gpu
        return rate / self.error_high, rate / self.error_low

    @property
    def mfu(self) -> Value:
        """Model FLOPs utilisation: needed FLOPs without recomputation over the dense peak. [1]."""
        return self.model_flops_per_gpu / (self.seconds * self.peak_flops_per_s)


def exposed(*, compute: Value, transfer: Value, leak: Value) -> Value:
    """Time that communication adds: max(C, X) + p min(C, X) − C.

    Args:
        compute: C, time of the device's own work. [s]
        transfer: X, time of the traffic. [s]
        leak: p, share of the shorter one that is not hidden. [1]

    Returns:
        Seconds added to C. [s]

    Source: two-resource overlap; p fitted to published training throughput.

    >>> round(float(exposed(compute=1.0, transfer=0.5, leak=0.4)), 6)
    0.2
    >>> round(float(exposed(compute=1.0, transfer=3.0, leak=0.4)), 6)
    2.4
    """
    both: Value = np.maximum(compute, transfer) + leak * np.minimum(compute, transfer)
    return both - compute


def combine(
    *,
    load: Work,
    device: Hardware,
    stack: Stack | Sequence[Stack],
    bubble_share: Value,
    constants: StepConstants,
    ranged: bool = False,
) -> StepTime:
    """Seconds of a micro-batch from its work and the rates of the device.

    Args:
        load: FLOPs and bytes.
        device: Rates; columns of shape (devices, 1) price many devices at once.
        stack: Software class, or one for each run.
        bubble_share: Idle share of the pipeline relative to its work. [1]
        constants: Constants of the model.
        ranged: Whether the range of measured times is asked for; a search compares many plans without. [bool]

    Returns:
        Itemised seconds. [s]

    Source: max(C, X) + p min(C, X) with constants fitted to published training throughput; see
    docs/method/training.md.
    """
    traits = constants.traits(stack)
    factor, bandwidth = traits.factor * load.method_factor, device.bandwidth_bytes_per_s
    matmul = factor * _matmul(load, device, constants)
    attention = factor * load.attention_flops / (constants.attention_efficiency * device.attention_flops_per_s)
    elementwise = factor * _moved_bytes(load, traits, constants) / bandwidth
    unpack = load.dequantization_bytes / bandwidth
    busy = matmul + attention + elementwise + unpack
    launch = exposed(compute=busy, transfer=_launches(load, traits, constants), leak=constants.launch_leak)
    inner = (
        traits.tensor_exposed * load.tensor_bytes / device.link_bytes_per_s
        + constants.expert_parallel_exposed * load.link_bytes / device.link_bytes_per_s
        + constants.expert_parallel_exposed * load.network_bytes / device.port_bytes_per_s
        + constants.message_seconds * load.messages
    )
    bubble = bubble_share * (busy + launch + inner)
    optimizer = load.optimizer_bytes / bandwidth
    compute = busy + launch + inner + bubble + optimizer
    transfer = load.collective_bytes / device.collective_bytes_per_s + load.host_bytes / constants.pcie_bytes_per_s
    outer = exposed(compute=compute, transfer=transfer, leak=constants.overlap_leak)
    low, high = _error((launch + inner + outer + bubble) / (compute + outer), load, constants) if ranged else (1.0, 1.0)
    return StepTime(
        error_low=low,
        error_high=high,
        matmul=matmul,
        attention=attention,
        elementwise=elementwise,
        dequantization=unpack,
        optimizer=optimizer,
        communication=inner + outer,
        launch=launch,
        bubble=bubble,
        tokens_per_gpu=load.tokens,
        model_flops_per_gpu=load.model_flops,
        peak_flops_per_s=device.peak_flops_per_s,
    )


def _error(overhead: Value, load: Work, constants: StepConstants) -> tuple[Value, Value]:
    """p5 and p95 of measured over predicted time."""
    routed = np.where(np.asarray(load.expert_flops) > 0, 1.0, 0.0)
    return time_bounds(spread=time_spread(overhead=overhead, routed=routed, constants=constants), constants=constants)


def _matmul(load: Work, device: Hardware, constants: StepConstants) -> Value:
    """Blocks and head, routed experts in small matmuls, and the weights read from memory."""
    bits = np.asarray(device.matmul_bits)
    eight = constants.matmul_efficiency_fp8 * np.where(np.asarray(device.rowwise) > 0, constants.rowwise_scaling, 1.0)
    narrow = np.where(bits > 8.0, constants.matmul_efficiency, eight)
    narrow = np.where(bits < 8.0, constants.matmul_efficiency_fp4, narrow) * device.matmul_flops_per_s
    filled = (1.0 + constants.expert_tokens / load.tokens_per_expert) * (
        1.0 + constants.expert_width / load.expert_width
    )
    experts = load.expert_flops * filled / constants.expert_efficiency
    head = load.head_flops / (constants.matmul_efficiency * device.wide_flops_per_s)
    return (load.block_flops + experts) / narrow + head + load.weight_bytes / device.bandwidth_bytes_per_s


def _moved_bytes(load: Work, traits: StackTraits, constants: StepConstants) -> Value:
    """Norms, residuals, activations, loss, adapters and sorting by expert."""
    fused = np.asarray(load.fused_loss) > 0
    return (
        constants.elementwise_factor * load.elementwise_bytes
        + np.where(fused, constants.logit_bytes_fused, constants.logit_bytes) * load.logits
        + traits.adapter_unfused * constants.adapter_factor * load.adapter_bytes
        + constants.permute_factor * load.permute_bytes
    )


def _launches(load: Work, traits: StackTraits, constants: StepConstants) -> Value:
    """Seconds the host needs to launch the kernels of a micro-batch."""
    dense = (
        constants.launch_seconds_per_layer * load.launches
        + constants.launch_seconds_quantized * load.quantized_launches
    )
    return traits.launches * dense + traits.routes * constants.launch_seconds_experts * load.expert_launches


def step_time(
    *,
    architecture: Architecture,
    setup: TrainingSetup,
    accelerator: Accelerator,
    micro_batch: Value,
    seq_len: Value,
    gpus_per_node: int = 8,
    stack: Stack = "eager",
    precision: Precision = "bf16",
    parallelism: Parallelism | None = None,
    constants: StepConstants = CONSTANTS,
    attention_kernel: Kernel = "usual",
) -> StepTime:
    """Itemised seconds per micro-batch: matmul + attention + elementwise + … + exposed communication.

    Args:
        architecture: Model shape.
        setup: Training configuration; `gpus` devices share the job.
        accelerator: The device.
        micro_batch: Sequences per replica and forward pass. [count]
        seq_len: Tokens of a sequence. [token]
        gpus_per_node: Devices behind one fast link. [count]
        stack: Software class.
        precision: Dtype of the matmuls.
        parallelism: Megatron-style split; None is pure data parallelism.
        constants: Constants of the model.
        attention_kernel: The usual one of the software class, or FlashAttention 1.

    Returns:
        Seconds by part, throughput and MFU. [s]

    Raises:
        InputError: the devices do not divide into replicas, or the accelerator has no matmul rate.

    Valid for: dense models on data-centre and consumer GPUs; mixtures of experts with a wider error.
    Source: mechanism and constants as in `combine`.
    """
    split = parallelism or Parallelism()
    if setup.gpus % split.model_ranks:
        raise InputError(
            f"gpus: {setup.gpus} is not a multiple of the {split.model_ranks} devices of one replica; "
            "change gpus or the parallelism"
        )
    device = hardware(
        accelerator=accelerator,
        gpus=setup.gpus,
        gpus_per_node=gpus_per_node,
        stack=stack,
        precision=precision,
        constants=constants,
        attention_kernel=attention_kernel,
    )
    load = work(
        architecture=architecture,
        setup=setup,
        micro_batch=micro_batch,
        seq_len=seq_len,
        parallelism=split,
        stack=stack,
        constants=constants,
        precision=precision,
        fast_domain=fast_domain(accelerator, gpus_per_node),
    )
    bubble = split.bubble(setup.gradient_accumulation)
    return combine(load=load, device=device, stack=stack, bubble_share=bubble, constants=constants, ranged=True)
