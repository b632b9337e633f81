"""Physical constants of the serving model; each stands in `pricing/constants/serving.csv` with its source."""

from estimator.record import record
from estimator.serving.fitted import PHYSICS_FITS

CACHE_MINIMUM = 1024.0  # serving.cache_minimum
TIGHT_WEIGHTS = 0.85  # serving.tight_weights

WEIGHT_BYTES = {
    "bf16": 2.0,
    "fp16": 2.0,
    "fp8": 1.0,
    "int8": 1.0,
    "w8a16": 1.03,
    "int4": 0.53,
    "fp4": 0.5625,
}
"""Bytes per weight with its scales; int4 (AWQ, GPTQ) and w8a16 are multiplied at 16 bit. [B]"""
CACHE_BYTES = {"bf16": 2.0, "fp16": 2.0, "fp8": 1.0, "int8": 1.0, "fp4": 0.5625}
"""Bytes per cached key or value element. [B]"""
WIDE = frozenset({"bf16", "fp16"})
WIDE_BYTES = 2.0
"""Of a weight at 16 bit. [B]"""
WEIGHT_ONLY = frozenset({"w8a16", "int4"})
RATES = {
    "bf16": ("bf16", "fp16"),
    "fp16": ("fp16", "bf16"),
    "fp8": ("fp8",),
    "int8": ("int8", "fp8"),
    "fp4": ("fp4",),
    "w8a16": (),
    "int4": (),
}
"""Matrix rates of a device that a precision can use; where it has none the weights are widened to 16 bit."""


@record(kw_only=True)
class Physics:
    """What all engines share: shares of a device's measured rates, and the bytes that are not for the cache."""

    memory_efficiency: float
    """Achieved share of memory bandwidth when weights are read. [1]"""
    cache_efficiency: float
    """Of that share, what reading the cache achieves. [1]"""
    matmul_efficiency: float
    """Achieved share of the best measured matmul rate, decoding. [1]"""
    matmul_efficiency_fp4: float
    prefill_efficiency: float
    """Achieved share of the best measured matmul rate, reading prompts. [1]"""
    attention_efficiency: float
    """Achieved share of the 16-bit matmul rate in the attention of a prompt. [1]"""
    weight_only_efficiency: float
    """Share of the 16-bit efficiency in kernels that unpack the weights as they multiply (Marlin). [1]"""
    weight_only_reading: float
    """Share of the memory efficiency that such kernels reach. [1]"""
    expert_efficiency: float
    """Share of the dense efficiency in experts with many tokens each. [1]"""
    expert_tokens: float
    """Tokens per expert at which that share halves. [token]"""
    routing_passes: float
    """Times a token's hidden values are read or written to hand them to its experts and back. [count]"""
    overlap: float
    """p of (reading^p + computing^p)^(1/p): 1 one after the other, large side by side. [1]"""
    collective_seconds: float
    """Latency of one all-reduce per doubling of the GPUs. [s]"""
    link_efficiency: float
    reserved_output: float
    """Share of the output a scheduler keeps room for when it admits a request. [1]"""
    activation_bytes: float
    """Context, graphs and workspaces per device. [B]"""
    activation_copies: float
    """Hidden states of one step that live at once. [count]"""
    step_tokens: float
    """Tokens that one step reads at most. [token]"""
    sampling_base: float
    """Part of the time per sequence that does not grow with the vocabulary (of 128,256 words). [1]"""


PHYSICS = Physics(**PHYSICS_FITS)
