"""Which matrices LoRA adapts, and how many parameters that adds."""

from functools import lru_cache
from typing import Literal, NamedTuple

from estimator.catalog.types import Architecture
from estimator.errors import InputError
from estimator.memory.shape import Shape, shape_of
from estimator.units import Value

Slot = Literal["attention_in", "attention_out", "mlp_in", "mlp_product", "latent", "head"]
"""The tensor a matrix reads."""


class Matrix(NamedTuple):
    """One linear layer of a block."""

    role: str
    inputs: int
    outputs: int
    slot: Slot


ATTENTION_ROLES = frozenset({"q", "k", "v", "qkv", "o", "q_a", "q_b", "kv_a", "kv_b"})
ROLES: dict[str, tuple[str, ...]] = {
    "q_proj": ("q",), "query": ("q",), "wq": ("q",),
    "k_proj": ("k",), "key": ("k",), "wk": ("k",),
    "v_proj": ("v",), "value": ("v",), "wv": ("v",),
    "c_attn": ("qkv",), "attn.c_attn": ("qkv",), "query_key_value": ("qkv",), "qkv_proj": ("qkv",),
    "w_pack": ("qkv",), "wqkv": ("qkv",), "attn": ("qkv",),
    "o_proj": ("o",), "out_proj": ("o",), "dense": ("o",), "attn.c_proj": ("o",), "projection": ("o",),
    "output_proj": ("o",), "wo": ("o",), "proj": ("o",), "attention.dense": ("o",),
    "c_proj": ("o", "down"),
    "gate_proj": ("gate",), "w2": ("gate",), "w3": ("down",),
    "up_proj": ("up",), "c_fc": ("up",), "mlp.c_fc": ("up",), "fc1": ("up",), "fc_in": ("up",),
    "dense_h_to_4h": ("up",), "w1": ("up",),
    "gate_up_proj": ("gate_up",),
    "down_proj": ("down",), "fc2": ("down",), "dense_4h_to_h": ("down",), "mlp.c_proj": ("down",),
    "mlp": ("gate", "up", "down"),
    "lm_head": ("head",), "head": ("head",), "output": ("head",), "embed_out": ("head",),
    "q_a_proj": ("q_a",), "q_b_proj": ("q_b",), "kv_a_proj_with_mqa": ("kv_a",), "kv_b_proj": ("kv_b",),
}  # fmt: skip
"""Module names of Hugging Face families, torchtune and LitGPT, lower case, by the role they play."""
ALL_NAMES = ("all-linear", "all linear", "all layers")
FUSIONS: dict[str, tuple[str, ...]] = {"qkv": ("q", "k", "v"), "gate_up": ("gate", "up")}


@lru_cache(maxsize=256)
def block_matrices(architecture: Architecture) -> tuple[Matrix, ...]:
    """Linear layers of one dense block, without routed experts (they are 3-D parameters, not linear layers).

    Args:
        architecture: Model shape. [count]

    Returns:
        Role, inputs and outputs of each matrix. [count]

    Source: modelling code of each family in the transformers library.
    """
    shape = shape_of(architecture)
    return (*_attention_matrices(architecture, shape), *_mlp_matrices(shape, _dense_width(architecture)))


def _dense_width(architecture: Architecture) -> int:
    return architecture.shared_expert_ffn if architecture.is_moe else architecture.ffn


def _attention_matrices(arch: Architecture, shape: Shape) -> tuple[Matrix, ...]:
    h = shape.hidden
    out = Matrix("o", shape.context, h, "attention_out")
    if shape.latent:
        rank = arch.q_lora_rank
        queries = (
            (Matrix("q_a", h, rank, "attention_in"), Matrix("q_b", rank, shape.query, "latent"))
            if rank
            else (Matrix("q", h, shape.query, "attention_in"),)
        )
        up = arch.heads * (arch.qk_nope_head_dim + arch.v_head_dim)
        down = Matrix("kv_a", h, arch.kv_lora_rank + arch.qk_rope_head_dim, "attention_in")
        return (*queries, down, Matrix("kv_b", arch.kv_lora_rank, up, "latent"), out)
    if shape.fused_qkv:
        return Matrix("qkv", h, shape.query + shape.key + shape.value, "attention_in"), out
    widths = {"q": shape.query, "k": shape.key, "v": shape.value}
    return (*(Matrix(role, h, width, "attention_in") for role, width in widths.items()), out)


def _mlp_matrices(shape: Shape, width: int) -> tuple[Matrix, ...]:
    if not width:
        return ()
    down = Matrix("down", width, shape.hidden, "mlp_product")
    if shape.fused_gate_up:
        return Matrix("gate_up", shape.hidden, 2 * width, "mlp_in"), down
    up = Matrix("up", shape.hidden, width, "mlp_in")
    return (Matrix("gate", shape.hidden, width, "mlp_in"), up, down) if shape.gated else (up, down)


def _roles(names: tuple[str, ...]) -> frozenset[str]:
    found: set[str] = set()
    for name in names:
        key = name.lower().split("(")[0].strip().removeprefix("self_attn.")
        roles = ROLES.get(key)
        if roles is None:
            raise InputError(f"tuning targets: unknown module {name!r}; give all-linear, attention or module names")
        found.update(roles)
    return frozenset(found)


@lru_cache(maxsize=1024)
def adapted_matrices(architecture: Architecture, targets: str | tuple[str, ...]) -> tuple[Matrix, ...]:
    """The matrices of one block, and the LM head if named, that get an adapter.

    Args:
        architecture: Model shape. [count]
        targets: "all-linear", "attention", or module names.

    Returns:
        The adapted matrices. [count]

    Raises:
        InputError: a module name is unknown, or none of them occurs in the model.

    Source: PEFT, `LoraConfig.target_modules`.
    """
    matrices = block_matrices(architecture)
    names = (targets,) if isinstance(targets, str) else targets
    if any(name.lower().startswith(ALL_NAMES) for name in names):
        return matrices
    if "attention" in names:
        return tuple(matrix for matrix in matrices if matrix.role in ATTENTION_ROLES)
    roles = _roles(names)
    chosen = _by_role(matrices, roles, shape_of(architecture))
    if "head" in roles:
        chosen = (*chosen, Matrix("head", architecture.hidden, architecture.vocab, "head"))
    if not chosen:
        raise InputError(f"tuning targets: {names} name no linear layer of {architecture.name}; use all-linear")
    return chosen


def _by_role(matrices: tuple[Matrix, ...], roles: frozenset[str], shape: Shape) -> tuple[Matrix, ...]:
    """Match roles; a part of a fused matrix gets its own adapter, a fused name covers its parts."""
    parts = {"q": shape.query, "k": shape.key, "v": shape.value}
    chosen: list[Matrix] = []
    for matrix in matrices:
        whole = next((name for name, members in FUSIONS.items() if matrix.role in members), "")
        if matrix.role in roles or whole in roles:
            chosen.append(matrix)
        elif matrix.role == "qkv":
            chosen += [matrix._replace(role=part, outputs=parts[part]) for part in parts if part in roles]
        elif matrix.role == "gate_up" and roles & {"gate", "up"}:
            chosen += [
                matrix._replace(role=part, outputs=matrix.outputs // 2) for part in ("gate", "up") if part in roles
            ]
    return tuple(chosen)


def lora_parameters(*, architecture: Architecture, rank: Value, targets: str | tuple[str, ...]) -> Value:
    """Parameters of the adapters: Σ r·(d_in + d_out) over the adapted matrices of every block.

    Args:
        architecture: Model shape. [count]
        rank: Inner dimension r. [count]
        targets: "all-linear", "attention", or a tuple of module names as in Hugging Face.

    Returns:
        Trainable adapter parameters. [count]

    Raises:
        InputError: a module name is unknown, or none of them occurs in the model.

    Valid for: routed experts stay unadapted, as in transformers 5.

    Source: Hu et al. 2021, arXiv:2106.09685, section 4.2.

    >>> llama = Architecture(name="Llama-3.1-8B", model_type="llama", layers=32, hidden=4096, heads=32, kv_heads=8,
    ...     head_dim=128, ffn=14336, vocab=128256, max_positions=131072)
    >>> lora_parameters(architecture=llama, rank=16.0, targets="all-linear")
    41943040.0
    """
    widths = adapter_widths(architecture, targets)
    count: Value = rank * float(widths)
    return count


@lru_cache(maxsize=1024)
def adapter_widths(architecture: Architecture, targets: str | tuple[str, ...]) -> int:
    """Sum of inputs and outputs over all adapted matrices of the model.

    Args:
        architecture: Model shape. [count]
        targets: As in `lora_parameters`.

    Returns:
        Parameters per unit of rank. [count]

    Source: Hu et al. 2021, arXiv:2106.09685, section 4.2.
    """
    arch = architecture
    total = 0
    for matrix in adapted_matrices(arch, targets):
        layers = 1 if matrix.slot == "head" else arch.layers
        if arch.is_moe and matrix.role in {"gate", "up", "down", "gate_up"}:
            layers = arch.layers - arch.dense_layers
        total += layers * (matrix.inputs + matrix.outputs)
    if arch.is_moe and arch.dense_layers:
        dense = _mlp_matrices(shape_of(arch), arch.ffn)
        roles = {matrix.role for matrix in adapted_matrices(arch, targets)} or {"gate", "up", "down"}
        total += arch.dense_layers * sum(m.inputs + m.outputs for m in dense if m.role in roles)
    return total
