"""DeepSpeed: its estimators of model states under ZeRO-2 and ZeRO-3, given parameter counts."""

from collections.abc import Callable

from benchmarks.peers.peer import ADAMW, SIXTEEN_BITS, MemoryRun, Peer, need
from estimator.units import GIB


def prepare() -> Callable[[MemoryRun], float]:
    """Load DeepSpeed."""
    from deepspeed.runtime.zero.stage3 import estimate_zero3_model_states_mem_needs as zero3
    from deepspeed.runtime.zero.stage_1_and_2 import estimate_zero2_model_states_mem_needs as zero2

    def predict(run: MemoryRun) -> float:
        setup, total = run.setup, int(run.parameters.total)
        need(setup.method == "full", "adapters are not in its terms: it trains every parameter")
        need(setup.sharding in ("zero2", "zero3", "fsdp"), "neither ZeRO-2 nor ZeRO-3 (FSDP)")
        need(setup.optimizer in ADAMW, "its only optimizer is Adam")
        need(setup.weights_dtype in SIXTEEN_BITS or setup.autocast != "none", "its weights have 16 bits")
        need(setup.offload != "activations", "offloaded activations are not in its terms")
        gpus, offload = int(setup.gpus), setup.offload != "none"
        if setup.sharding == "zero2":
            _, on_gpu = zero2(total, num_gpus_per_node=gpus, cpu_offload=offload)
            return float(on_gpu) / GIB
        _, on_gpu, *_ = zero3(
            total,
            int(run.parameters.largest_tensor),
            num_gpus_per_node=gpus,
            cpu_offload=offload,
            cpu_offload_params=setup.offload in ("params", "all"),
        )
        return float(on_gpu) / GIB

    return predict


PEER = Peer(
    name="DeepSpeed ZeRO estimators",
    kind="memory",
    package="deepspeed",
    source="https://deepspeed.readthedocs.io/en/latest/memory.html",
    predicts="weights, gradients, master weights and moments of a device; no activations; FSDP asked as ZeRO-3",
    prepare=prepare,
)
