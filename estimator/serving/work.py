"""What one replica is made of, in numbers: bytes to read, FLOPs to do, devices to do it on."""

from dataclasses import field

from estimator.catalog import Accelerator, Architecture
from estimator.errors import InputError
from estimator.memory import kv_cache_bytes_per_token, parameter_count
from estimator.record import record
from estimator.serving import constants as c
from estimator.serving.engines import Engine, engine_of
from estimator.units import Value


@record(kw_only=True)
class Work:
    """Numbers of one replica; scalars, or arrays over many replicas."""

    layers: Value
    hidden: Value
    vocab: Value
    attention_width: Value
    """Heads times their size. [count]"""
    heads_per_cache: Value
    """Query heads that share a cached head. [1]"""
    resident_bytes: Value
    """Weights over all devices. [B]"""
    shared_bytes: Value
    """Weights every step reads, LM head included. [B]"""
    expert_bytes: Value
    """Weights of all routed experts. [B]"""
    expert_share: Value
    """Experts per token over all experts; 1 where dense. [1]"""
    dense_parameters: Value
    """Multiplied for every token, LM head and routed experts excluded. [count]"""
    head_parameters: Value
    expert_parameters: Value
    """Of the experts one token goes to. [count]"""
    routed_width: Value
    """Hidden values of one token that are handed to experts, over all layers. [count]"""
    token_cache_bytes: Value
    """Keys and values of one token in full attention. [B]"""
    window: Value
    """Tokens a windowed layer sees. [token]"""
    windowed: Value
    """Share of layers with a window. [1]"""
    gpus: Value
    split: Value
    """GPUs that share one copy of the attention (tensor parallel); the rest are copies or stages. [count]"""
    flops_per_s: Value
    """Best measured matmul rate of one device at the precision. [FLOP/s]"""
    wide_flops_per_s: Value
    """The same at 16 bit. [FLOP/s]"""
    is_fp4: Value
    is_weight_only: Value
    bandwidth_bytes_per_s: Value
    link_bytes_per_s: Value
    memory_bytes: Value
    """Usable memory of one device. [B]"""


@record(kw_only=True)
class Deployment:
    """Work on an engine."""

    work: Work
    engine: Engine
    physics: c.Physics = field(default=c.PHYSICS)


@record(kw_only=True)
class Replica(Deployment):
    """One copy of a model on some devices at one precision."""

    architecture: Architecture
    accelerator: Accelerator
    gpus: int
    precision: str
    cache_bytes: float
    """Bytes per cached element. [B]"""


def replica(
    *,
    architecture: Architecture,
    accelerator: Accelerator,
    gpus: int,
    precision: str,
    cache_bytes: float | None = None,
    engine: Engine | None = None,
    split: int | None = None,
    copies_weights: bool = False,
    widens_in_memory: bool = False,
) -> Replica:
    """A replica, checked.

    Args:
        architecture: Model shape.
        accelerator: The device.
        gpus: Devices of one replica. [count]
        precision: One of `WEIGHT_BYTES`.
        cache_bytes: Bytes per cached element; what the engine does by default where not given. [B]
        engine: Engine generation; the newest vLLM where not given.
        split: Tensor-parallel degree; all GPUs where not given, fewer with pipeline stages or data parallelism. [count]
        copies_weights: The other GPUs hold copies of the shared weights (data parallel) and no stages.
        widens_in_memory: Narrow weights are written out at 16 bit and multiplied from there in every step, as by
            torchao's weight-only quantization; else the kernels unpack them as they multiply.

    Returns:
        The replica. [1]

    Raises:
        InputError: unknown precision, or fewer than one GPU.

    Source: definition.
    """
    if precision not in c.WEIGHT_BYTES:
        raise InputError(f"serving.precision: {precision!r} is not one of {', '.join(c.WEIGHT_BYTES)}")
    if gpus < 1:
        raise InputError(f"serving.gpus: {gpus} is below 1; give the GPUs of one replica")
    runs = engine or engine_of()
    cache = cache_bytes or (1.0 if runs.quantizes_cache and precision in {"fp8", "int8", "fp4"} else 2.0)
    tensor = min(split or gpus, gpus)
    copies = gpus / tensor if copies_weights else 1.0
    return Replica(
        work=_work(architecture, accelerator, gpus, tensor, copies, precision, cache, widens_in_memory),
        engine=runs,
        architecture=architecture,
        accelerator=accelerator,
        gpus=gpus,
        precision=precision,
        cache_bytes=cache,
    )


def _work(
    arch: Architecture,
    device: Accelerator,
    gpus: int,
    split: int,
    copies: float,
    precision: str,
    cache: float,
    widens_in_memory: bool,
) -> Work:
    count = parameter_count(architecture=arch)
    width = c.WEIGHT_BYTES[precision]
    head = count.embedding
    tables = head * (1.0 if count.tied else 2.0)
    shared = count.total - count.experts - tables
    resident = copies * (shared * width + c.WIDE_BYTES * tables) + count.experts * width
    rate, weight_only = _rate(device, precision)
    widened = weight_only and widens_in_memory
    read = width + 2.0 * c.WIDE_BYTES if widened else width
    wide = device.matmul_flops_per_s
    return Work(
        layers=arch.layers,
        hidden=arch.hidden,
        vocab=arch.vocab,
        attention_width=arch.heads * (arch.v_head_dim if arch.uses_latent_attention else arch.head_dim),
        heads_per_cache=arch.heads / arch.kv_heads,
        resident_bytes=resident,
        shared_bytes=shared * read + c.WIDE_BYTES * head,
        expert_bytes=count.experts * read,
        expert_share=count.active_expert_share,
        dense_parameters=shared,
        head_parameters=head,
        expert_parameters=count.experts * count.active_expert_share,
        routed_width=arch.hidden * arch.experts_per_token * (arch.layers - arch.dense_layers) if arch.is_moe else 0,
        token_cache_bytes=kv_cache_bytes_per_token(architecture=arch, context_tokens=1.0, bytes_per_element=cache),
        window=float(arch.sliding_window),
        windowed=arch.sliding_share if arch.sliding_window else 0.0,
        gpus=gpus,
        split=split,
        flops_per_s=rate,
        wide_flops_per_s=wide.get("bf16") or wide.get("fp16") or rate,
        is_fp4=float(precision == "fp4" and not weight_only),
        is_weight_only=float(weight_only and not widened),
        bandwidth_bytes_per_s=device.bandwidth_bytes_per_s,
        link_bytes_per_s=device.link_bytes_per_s,
        memory_bytes=device.usable_memory_bytes,
    )


def _rate(device: Accelerator, precision: str) -> tuple[float, bool]:
    """Matmul rate, and whether the weights must be widened to 16 bit for it."""
    known = device.matmul_flops_per_s
    own = next((known[dtype] for dtype in c.RATES[precision] if dtype in known), None)
    if own is not None:
        return own, False
    wide = known.get("bf16") or known.get("fp16")
    if wide is None:
        raise InputError(f"{device.name}: no {precision} rate is known; choose another GPU")
    return wide, precision not in c.WIDE
