"""What the catalog hands out: model shapes, accelerators, dated rows, offers and token prices."""

from collections.abc import Mapping
from dataclasses import field
from datetime import date
from types import MappingProxyType
from typing import Literal

from estimator.record import record
from estimator.units import Value
from estimator.warnings import Warned

Basis = Literal["measured", "published", "judgement"]
SourceKind = Literal["primary", "mirror", "secondary"]
Distribution = Literal["pert", "lognormal", "triangular", "uniform", "p5_p50_p95", "p10_p50_p90"]


@record
class Architecture:
    """The shape of a transformer, in Hugging Face `config.json` terms."""

    name: str
    model_type: str
    layers: int
    hidden: int
    heads: int
    kv_heads: int
    head_dim: int
    ffn: int
    """Width of a dense feed-forward block. [count]"""
    vocab: int
    max_positions: int
    tied_embeddings: bool = False
    gated_mlp: bool = True
    """Three MLP matrices (SwiGLU, GeGLU) instead of two."""
    attention_bias: bool = False
    """Bias on the q, k, v projections."""
    output_bias: bool = False
    """Bias on the attention output projection."""
    mlp_bias: bool = False
    norm: Literal["rms", "layer"] = "rms"
    norms_per_layer: int = 2
    qk_norm: bool = False
    parallel_block: bool = False
    """Attention and MLP read the same input (NeoX, Falcon, Phi)."""
    learned_positions: bool = False
    """Position embeddings are a trained table of `max_positions` rows (GPT-2)."""
    lm_head_bias: bool = False
    experts: int = 0
    """Routed experts per MoE layer; 0 means dense. [count]"""
    experts_per_token: int = 0
    expert_ffn: int = 0
    shared_expert_ffn: int = 0
    """Total width of the always-active experts of a MoE layer. [count]"""
    dense_layers: int = 0
    """Layers of a MoE model that stay dense. [count]"""
    sliding_window: int = 0
    """Tokens a sliding-window layer can see; 0 means full attention. [token]"""
    sliding_share: float = 0.0
    """Share of layers that use the sliding window. [1]"""
    q_lora_rank: int = 0
    kv_lora_rank: int = 0
    """Above 0 the model uses multi-head latent attention. [count]"""
    qk_rope_head_dim: int = 0
    qk_nope_head_dim: int = 0
    v_head_dim: int = 0
    published_parameters: float | None = None
    """Total as published by its makers, for the check of our own count. [count]"""
    published_active_parameters: float | None = None
    training_tokens: float | None = None
    """Tokens the makers trained it on, where they say. [token]"""
    training_tokens_source: str = ""
    source: str = ""
    licence: str = ""

    def __hash__(self) -> int:
        """Of what mostly tells two apart: searches look the same few models up thousands of times."""
        return hash((self.name, self.layers, self.heads))

    @property
    def is_moe(self) -> bool:
        """Whether some layers route tokens to experts."""
        return self.experts > 0

    @property
    def uses_latent_attention(self) -> bool:
        """Whether keys and values are compressed (MLA)."""
        return self.kv_lora_rank > 0


@record
class Accelerator:
    """One GPU or similar device."""

    name: str
    vendor: str
    memory_bytes: float
    """As printed by the vendor. [B]"""
    usable_memory_bytes: float
    """What a framework can allocate on it. [B]"""
    bandwidth_bytes_per_s: float
    peak_flops_per_s: Mapping[str, float]
    """Dense peak by dtype: bf16, fp16, fp8, int8, fp4 where the device has it. [FLOP/s]"""
    matmul_flops_per_s: Mapping[str, float]
    """Best measured large-matmul rate by dtype, else peak times a judged ratio. [FLOP/s]"""
    matmul_is_measured: bool
    link_bytes_per_s: float
    """One direction, per device, inside a node. [B/s]"""
    tdp_w: float
    devices_per_node: int
    aliases: tuple[str, ...] = ()
    source: str = ""
    note: str = ""


@record
class Row:
    """One dated, sourced value; a point has low = mode = high."""

    id: str
    what: str
    unit: str
    low: float
    mode: float
    high: float
    valid_from: date
    read_on: date
    source: str
    source_kind: SourceKind
    basis: Basis
    available_until: date | None = None
    region: str = ""
    note: str = ""
    licence: str = ""
    distribution: Distribution = "pert"
    """How a range is drawn: between smallest and greatest, or with low and high as percentiles."""
    attributes: Mapping[str, str] = field(default_factory=lambda: MappingProxyType({}))
    """Further columns of the row's table, e.g. provider, gpu, gpus, term."""
    overlay: str = ""
    """File of the overlay that the row comes from; empty for a row of the package."""

    @property
    def cited(self) -> str:
        """The source, how near it is, when it was read, and the private file that it comes from."""
        where = f", overlay {self.overlay}" if self.overlay else ""
        return f"{self.source} ({self.source_kind}, read {self.read_on}{where})"

    @property
    def is_point(self) -> bool:
        """Whether the row states one value and no range."""
        return self.low == self.high


@record
class GpuOffer:
    """A way to rent an accelerator by the hour."""

    row: Row
    provider: str
    instance: str
    gpu: str
    """Name in the accelerator catalog."""
    gpus: int
    """Devices in the instance; they are rented together. [count]"""
    term: Literal["on_demand", "spot", "reserved"]

    @property
    def usd_per_instance_hour(self) -> float:
        """Price of the whole instance. [USD/h]"""
        return self.row.mode

    @property
    def usd_per_gpu_hour(self) -> float:
        """Price of one device of the instance. [USD/h]"""
        return self.row.mode / self.gpus


@record
class PriceTier:
    """Prices that hold for a whole request once its input exceeds a size."""

    above_input_tokens: float
    input_usd_per_mtok: Value
    cached_input_usd_per_mtok: Value
    cache_write_usd_per_mtok: Value
    output_usd_per_mtok: Value


@record
class TokenPrice:
    """What a hosted model costs per token on one day; tier 0 starts at 0 input tokens."""

    provider: str
    model: str
    tiers: tuple[PriceTier, ...]
    on: date
    source: str
    retires_on: date | None = None
    warnings: tuple[Warned, ...] = ()
    context_window: int | None = None
    """Tokens a request may hold, where the price list says so. [token]"""
