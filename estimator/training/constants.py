"""Constants of the step-time model; `pricing/constants/training.csv` holds the same numbers with source and basis."""

from dataclasses import dataclass
from typing import Literal

Stack = Literal["eager", "fused", "compiled", "megatron", "fused_cpp"]
Precision = Literal["bf16", "fp16", "fp8"]


@dataclass(frozen=True, slots=True, kw_only=True)
class StepConstants:
    """Everything in the step time that was fitted to or read from published throughput."""

    matmul_efficiency: float = 0.765
    """e_bf16, training matmuls over the best measured large matmul. [1]"""
    matmul_efficiency_fp8: float = 0.74
    """e_fp8, the same in eight bits. [1]"""
    attention_efficiency: float = 0.57
    """e_a, over the attention ceiling. [1]"""
    attention_ampere: float = 0.75
    """Attention kernel over the bf16 matmul rate, A100. [1]"""
    attention_hopper_native: float = 0.70
    """cuDNN or FlashAttention-3 on Hopper. [1]"""
    attention_hopper_flash2: float = 0.43
    """FlashAttention-2 on Hopper. [1]"""
    attention_blackwell: float = 0.60
    attention_other: float = 0.65
    elementwise_factor: float = 4.5
    """k, times each saved byte crosses the memory bus. [1]"""
    logit_bytes: float = 30.0
    """Traffic per logit of an unfused loss. [B]"""
    logit_bytes_fused: float = 10.0
    """Traffic per logit of a fused or chunked loss. [B]"""
    launch_leak: float = 0.85
    """Share of the shorter of launch and work that is not hidden: some kernels are shorter than their launch. [1]"""
    launch_seconds_per_layer: float = 4.9e-3
    """tau, CPU launch time of a block, forward and backward, in an eager stack. [s]"""
    overlap_leak: float = 0.5
    """p, share of the shorter of compute and communication that is not hidden. [1]"""
    moe_factor: float = 2.2
    """Slow-down of routed experts against dense matmuls of the same FLOPs. [1]"""
    link_efficiency: float = 0.75
    """Share of the printed link rate that collectives reach. [1]"""
    pcie_efficiency: float = 0.5
    """The same without NVLink or a like fabric: traffic passes the host. [1]"""
    tensor_parallel_exposed: float = 0.75
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
    dequantisation_bytes: float = 4.5
    """Bytes moved to unpack one 4-bit weight once. [B]"""
    optimizer_bytes: float = 26.0
    """Bytes an Adam step moves per trained weight. [B]"""
    dora_factor: float = 1.18
    """Time of DoRA over LoRA. [1]"""
    stack_eager: float = 1.0
    stack_fused: float = 0.93
    stack_compiled: float = 1.05
    stack_megatron: float = 1.0
    stack_fused_cpp: float = 0.65

    def launch_seconds(self, stack: Stack) -> float:
        """Launch time of one block; stacks that replay graphs or fuse kernels stay ahead of the device. [s]."""
        return self.launch_seconds_per_layer if stack in ("eager", "fused") else 0.0

    def stack_factor(self, stack: Stack) -> float:
        """Time of a software class over that of the fitted average. [1]."""
        return float(getattr(self, f"stack_{stack}"))


CONSTANTS = StepConstants()
