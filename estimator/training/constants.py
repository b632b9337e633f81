"""Constants of the step-time model; `pricing/constants/training.csv` holds the same numbers with source and basis."""

from collections.abc import Sequence
from typing import Literal, NamedTuple

import numpy as np

from estimator.record import record
from estimator.units import Value

Stack = Literal["eager", "fused", "compiled", "megatron", "fused_cpp"]
Precision = Literal["bf16", "fp16", "fp8", "fp8_rowwise", "fp4"]


class StackTraits(NamedTuple):
    """What a software class changes; each may be an array, one entry per run."""

    factor: Value
    """Time of the device's work over that of eager kernels. [1]"""
    launches: Value
    """1 where the host launches every kernel of a dense block, 0 where graphs or fused kernels keep it ahead. [1]"""
    routes: Value
    """1 where the host launches the kernels of routed experts. [1]"""
    tensor_exposed: Value
    """Share of tensor-parallel traffic that shows. [1]"""
    adapter_unfused: Value
    """Share of adapter traffic that separate kernels cause. [1]"""


@record(kw_only=True)
class StepConstants:
    """Everything in the step time that was fitted to or read from published throughput."""

    matmul_efficiency: float = 0.769
    """e_bf16, training matmuls over the best measured large matmul. [1]"""
    matmul_efficiency_fp8: float = 0.715
    """e_fp8, the same in eight bits. [1]"""
    matmul_efficiency_fp4: float = 0.45
    """e_fp4, the same in four bits, with the layers that recipes leave in more bits. [1]"""
    rowwise_scaling: float = 0.528
    """Rate of eight-bit matmuls with one scale per row over those with one per tensor. [1]"""
    attention_efficiency: float = 0.798
    """e_a, over the attention ceiling. [1]"""
    attention_ampere: float = 0.75
    """Attention kernel over the bf16 matmul rate, A100. [1]"""
    attention_hopper_native: float = 0.70
    """cuDNN or FlashAttention-3 on Hopper. [1]"""
    attention_hopper_flash2: float = 0.43
    """FlashAttention-2 on Hopper. [1]"""
    attention_blackwell: float = 0.60
    attention_other: float = 0.65
    attention_first_generation: float = 0.589
    """FlashAttention 1 over its successor. [1]"""
    elementwise_factor: float = 4.97
    """k, times each saved byte crosses the memory bus. [1]"""
    adapter_factor: float = 6.78
    """Bytes per adapter input and output that unfused low-rank kernels move in one pass. [B]"""
    logit_bytes: float = 30.0
    """Traffic per logit of an unfused loss. [B]"""
    logit_bytes_fused: float = 10.4
    """Traffic per logit of a fused or chunked loss. [B]"""
    launch_leak: float = 0.8
    """Share of the shorter of launch and work that is not hidden: some kernels are shorter than their launch. [1]"""
    launch_seconds_per_layer: float = 0.00435
    """tau, CPU launch time of a block, forward, backward and recomputation, in an eager stack. [s]"""
    launch_seconds_quantized: float = 0.00268
    """The same of unpacking the weights of a block. [s]"""
    launch_seconds_experts: float = 0.00179
    """The same of routing tokens through a mixture layer, forward and backward. [s]"""
    overlap_leak: float = 0.592
    """p, share of the shorter of compute and communication that is not hidden. [1]"""
    expert_efficiency: float = 0.9
    """Grouped over single matmuls of the same shape. [1]"""
    expert_tokens: float = 247.0
    """Tokens per expert at which a grouped matmul runs at half its rate: tiles are partly empty. [token]"""
    expert_width: float = 902.0
    """Expert width at which it runs at half its rate. [count]"""
    permute_factor: float = 4.11
    """Times each routed activation crosses the memory bus beside the experts. [1]"""
    expert_parallel_exposed: float = 0.77
    """Share of expert- and context-parallel traffic that is not hidden. [1]"""
    message_seconds: float = 2.16e-05
    """Latency of one collective inside a block. [s]"""
    link_efficiency: float = 0.75
    """Share of the printed link rate that collectives reach. [1]"""
    pcie_efficiency: float = 0.7
    """The same without NVLink or a like fabric. [1]"""
    tensor_parallel_exposed: float = 0.689
    """Share of tensor-parallel traffic that Megatron-class stacks do not overlap; others overlap none. [1]"""
    selective_matmul_share: float = 0.5
    """Share of block matmuls that per-operation selective checkpointing runs again. [1]"""
    network_fabric: float = 50e9
    """Network port per device of servers with NVLink or a like fabric (400 Gbit/s). [B/s]"""
    network_plain: float = 3.125e9
    """Network port per device of other servers (25 Gbit/s). [B/s]"""
    fabric_bytes_per_s: float = 100e9
    """Link rate from which a device counts as having a fabric. [B/s]"""
    pcie_bytes_per_s: float = 20e9
    """Host link of a device, as CPU offload sees it. [B/s]"""
    dequantization_bytes: float = 4.5
    """Bytes moved to unpack one 4-bit weight once. [B]"""
    optimizer_bytes: float = 26.0
    """Bytes an Adam step moves per trained weight. [B]"""
    dora_factor: float = 1.18
    """Time of DoRA over LoRA. [1]"""
    stack_eager: float = 1.0
    stack_fused: float = 0.926
    stack_compiled: float = 1.12
    stack_megatron: float = 1.0
    stack_fused_cpp: float = 0.754

    spread_base: float = 0.13
    """s₀, spread of log(measured over predicted time) of a step of matmuls. [1]"""
    spread_overhead: float = 0.4
    """s₁, further spread of a step that is all launches, communication and bubbles. [1]"""
    spread_experts: float = 0.2
    """s₂, further spread of mixtures of experts. [1]"""
    spread_faster: float = 1.8
    """Spreads from the prediction down to p5 of the time. [1]"""
    spread_slower: float = 2.2
    """Spreads from the prediction up to p95 of the time. [1]"""

    def stack_factor(self, stack: Stack) -> float:
        """Time of a software class over that of eager kernels. [1]."""
        return float(getattr(self, f"stack_{stack}"))

    def traits(self, stack: Stack | Sequence[Stack]) -> StackTraits:
        """What a software class changes, or each of several."""
        if not isinstance(stack, str):
            table = {name: self.traits(name) for name in set(stack)}
            return StackTraits(*(np.array(column) for column in zip(*(table[name] for name in stack), strict=True)))
        return StackTraits(
            factor=self.stack_factor(stack),
            launches=float(stack in ("eager", "fused")),
            routes=float(stack != "fused_cpp"),
            tensor_exposed=self.tensor_parallel_exposed if stack == "megatron" else 1.0,
            adapter_unfused={"eager": 1.0, "fused_cpp": 0.0}.get(stack, 0.5),
        )


CONSTANTS = StepConstants()
