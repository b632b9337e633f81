"""A model shape from the few figures that a benchmark table states about it."""

import math
import re
from collections.abc import Iterator, Mapping
from dataclasses import replace
from itertools import product
from typing import Any

from estimator.catalog.types import Architecture
from estimator.errors import InputError
from estimator.memory import parameter_count
from estimator.units import GB

HEAD_DIM = 128
"""Width of a head where only the hidden width is stated; the usual choice since LLaMA. [count]"""
ASPECT = 128.0
"""Hidden width over layers of published models between 1 and 100 B parameters. [1]"""
VOCAB = 32_000
LAYER_WEIGHTS = 12.0
"""Weights of a block over the square of its width, Kaplan et al. 2020, arXiv:2001.08361, table 1. [1]"""
POSITIONS = 2048
LATENT: Mapping[str, Any] = {
    "q_lora_rank": 1536,
    "kv_lora_rank": 512,
    "qk_rope_head_dim": 64,
    "qk_nope_head_dim": 128,
    "v_head_dim": 128,
}
"""Ranks and widths of multi-head latent attention in DeepSeek-V2 and -V3, arXiv:2412.19437, section 4.2."""
SHARED_EXPERTS = (0, 1, 2, 4)
DENSE_LAYERS = (0, 1, 3)
DEPARTURE = 0.01
"""How much nearer a count must come to justify an unusual choice. [1]"""
DENSE_FFN_RATIO = 9
"""Dense over expert width in the leading layers of DeepSeek-V3 (18,432 over 2,048). [1]"""


def described_architecture(name: str, given: Mapping[str, Any]) -> Architecture:
    """Shape of a model from `params_b`, `layers`, `hidden`, `heads` and what else is stated.

    What is not stated (tied embeddings, gated MLP, shared experts, dense layers) is the combination whose parameter
    count comes nearest to `params_b` and `active_params_b`.

    Args:
        name: Label for messages. [text]
        given: Stated figures; every key but one of size (`params_b` or `hidden` with `layers`) may be missing.

    Returns:
        The shape. [count]

    Raises:
        InputError: neither a size nor a shape is stated, or a figure is no positive number.

    Source: definition; defaults as their constants say.
    """
    base = _base(name, given)
    total = _figure(name, given, "params_b") * GB
    active = _figure(name, given, "active_params_b") * GB

    def distance(shape: Architecture) -> float:
        count = parameter_count(architecture=shape)
        miss = abs(math.log(count.total / total)) if total else 0.0
        miss += abs(math.log(count.active / active)) if active and shape.is_moe else 0.0
        unusual = (not shape.gated_mlp) + shape.tied_embeddings + (shape.shared_expert_ffn > base.shared_expert_ffn)
        return miss + DEPARTURE * unusual

    return min(_variants(base), key=distance)


def _variants(base: Architecture) -> Iterator[Architecture]:
    """The usual shapes first, so that ties go to them."""
    shared = SHARED_EXPERTS if base.is_moe and not base.shared_expert_ffn else (0,)
    dense = DENSE_LAYERS if base.is_moe else (0,)
    for gated, tied, experts, layers in product((True, False), (False, True), shared, dense):
        if layers >= base.layers or (base.is_moe and not gated):
            continue
        width = base.expert_ffn * DENSE_FFN_RATIO if layers else base.ffn
        extra = experts * base.expert_ffn or base.shared_expert_ffn
        yield replace(
            base, gated_mlp=gated, tied_embeddings=tied, shared_expert_ffn=extra, dense_layers=layers, ffn=width
        )


def _base(name: str, given: Mapping[str, Any]) -> Architecture:
    figure = _Figures(name, given)
    hidden, layers = _size(figure)
    experts = figure("experts", "n_experts", "num_experts") if given.get("moe", True) else 0
    top = figure("experts_per_token", "top_k", "num_experts_per_tok") or min(2, experts)
    head_dim = figure("head_dim")
    heads = figure("heads") or max(1, hidden // (head_dim or HEAD_DIM))
    ffn = figure("ffn") or _multiple(hidden * 8 / 3)
    expert_ffn = figure("moe_ffn", "expert_ffn") or ffn
    latent = re.search(r"mla|latent", str(given.get("attention", "")), re.IGNORECASE)
    shape = Architecture(
        name=name,
        model_type="",
        layers=layers,
        hidden=hidden,
        heads=heads,
        kv_heads=figure("kv_heads") or heads,
        head_dim=head_dim or max(1, hidden // heads),
        ffn=ffn,
        vocab=figure("vocab") or VOCAB,
        max_positions=POSITIONS,
        experts=experts,
        experts_per_token=min(top, experts),
        expert_ffn=expert_ffn if experts else 0,
        shared_expert_ffn=figure("shared_expert_ffn") if experts else 0,
    )
    return replace(shape, **LATENT) if latent else shape


def _size(figure: "_Figures") -> tuple[int, int]:
    """Hidden width and layers, from the parameter count where they are not stated."""
    hidden, layers = figure("hidden"), figure("layers")
    weights = figure.share("active_params_b", "params_b") * GB
    if not (hidden and layers) and not weights:
        raise InputError(f"{figure.name}: neither params_b nor hidden with layers is stated; give one of them")
    if hidden:
        return hidden, layers or max(1, round(weights / (LAYER_WEIGHTS * hidden**2)))
    if layers:
        return _multiple(math.sqrt(weights / (LAYER_WEIGHTS * layers))), layers
    layers = max(1, round((weights / (LAYER_WEIGHTS * ASPECT**2)) ** (1 / 3)))
    return _multiple(math.sqrt(weights / (LAYER_WEIGHTS * layers))), layers


def _multiple(width: float) -> int:
    return max(HEAD_DIM, HEAD_DIM * round(width / HEAD_DIM))


class _Figures:
    """Figures of a description, checked as they are read."""

    def __init__(self, name: str, given: Mapping[str, Any]) -> None:
        self.name, self._given = name, given

    def __call__(self, *keys: str) -> int:
        """The first of some keys that is stated, as a whole number; 0 without one."""
        return round(self.share(*keys))

    def share(self, *keys: str) -> float:
        """The same as it stands."""
        return next((value for key in keys if (value := _figure(self.name, self._given, key))), 0.0)


def _figure(name: str, given: Mapping[str, Any], key: str) -> float:
    """A stated figure; 0 where there is none."""
    value = given.get(key)
    if value is None or isinstance(value, bool):
        return 0.0
    try:
        number = float(value)
    except (TypeError, ValueError):
        number = math.nan
    if not 0.0 <= number <= 1e12:
        raise InputError(f"{name}: architecture.{key}: {value!r} is no number from 0 to 1e12; correct or drop it")
    return number
