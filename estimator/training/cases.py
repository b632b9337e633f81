"""What a plan search goes through: device counts and micro-batches of families, as columns of arrays."""

import math
from collections.abc import Mapping, Sequence
from dataclasses import fields
from typing import Any, TypeAlias

import numpy as np
import numpy.typing as npt

from estimator.memory import parameter_count
from estimator.record import record
from estimator.training.families import Family, families
from estimator.training.market import Market
from estimator.training.spec import Job, Space
from estimator.units import Array

LARGEST_MICRO_BATCH = 256.0
LARGE_WEIGHTS = 20e9  # from here on tensor and pipeline splits are worth trying
Index: TypeAlias = npt.NDArray[np.int64]


@record
class Cases:
    """Device counts and micro-batches of families, one case after the other."""

    family: Index
    """Row of the family. [1]"""
    size: Index
    """Place of the device count in `Market.counts`. [1]"""
    gpus: Array
    micro_batch: Array
    accumulation: Array
    tokens: Array
    offered: npt.NDArray[np.bool_]
    """Whether an offer can hold the devices, shape (offers, cases)."""

    def __len__(self) -> int:
        return len(self.family)

    def of(self, chosen: Any) -> "Cases":
        """Some of the cases."""
        return Cases(**{item.name: getattr(self, item.name)[..., chosen] for item in fields(self)})

    @classmethod
    def joined(cls, parts: Sequence["Cases"]) -> "Cases":
        """Several after one another."""
        return cls(*(np.concatenate([getattr(part, item.name) for part in parts], axis=-1) for item in fields(cls)))


@record
class _Batches:
    """Micro-batches that a number of data-parallel copies may take."""

    micro_batch: Array
    accumulation: Array
    tokens: Array
    """Worked through in one run. [token]"""


def tried_families(job: Job, space: Space) -> tuple[Family, ...]:
    """All families of a search.

    Args:
        job: What is trained.
        space: What may be chosen.

    Returns:
        The families. [1]

    Source: definition.
    """
    large = parameter_count(architecture=job.architecture).total >= LARGE_WEIGHTS
    return tuple(
        family
        for method in job.methods
        for family in families(
            method=method,
            gpu_counts=space.gpu_counts,
            shardings=space.shardings,
            checkpointings=space.checkpointings,
            offloads=space.offloads,
            model_parallel=large if space.model_parallel is None else space.model_parallel,
        )
    )


def cases_alike(tried: Sequence[Family], market: Market, space: Space) -> list[Cases]:
    """Cases of families that differ in their device count alone, together; those that no offer can hold are left out.

    Args:
        tried: Families.
        market: Offers.
        space: What may be chosen.

    Returns:
        One group of cases per kind of family. [1]

    Source: definition.
    """
    batches = {copies: _batches(market.job, copies, space) for copies in {family.replicas for family in tried}}
    groups = [_cases(rows, tried, market, batches) for rows in _alike(tried)] if market.offers else []
    return [cases for cases in groups if cases.offered.any()]


def _batches(job: Job, replicas: int, space: Space) -> _Batches:
    """Micro-batches to try, and the gradient accumulation and the tokens each needs."""
    share = job.global_batch / replicas
    if space.micro_batches is not None:
        micro = np.array(sorted(space.micro_batches), dtype=float)
    elif share < 1.0:
        micro = np.zeros(0)
    else:
        micro = 2.0 ** np.arange(math.floor(math.log2(min(share, LARGEST_MICRO_BATCH))) + 1.0)
    tokens = np.broadcast_to(job.tokens(micro), micro.shape)
    return _Batches(micro, np.maximum(np.ceil(share / micro), 1.0), tokens)


def _alike(tried: Sequence[Family]) -> list[list[int]]:
    """Rows of families that differ in their device count alone; one device alone has no peers to talk to."""
    groups: dict[tuple[object, ...], list[int]] = {}
    for row, family in enumerate(tried):
        choices = (family.method, family.sharding, family.checkpointing, family.offload, family.tensor, family.pipeline)
        groups.setdefault((*choices, family.gpus > 1), []).append(row)
    return list(groups.values())


def _cases(rows: Sequence[int], tried: Sequence[Family], market: Market, batches: Mapping[int, _Batches]) -> Cases:
    found = [batches[tried[row].replicas] for row in rows]
    many = [each.micro_batch.size for each in found]
    size = np.repeat([market.counts.index(tried[row].gpus) for row in rows], many)
    return Cases(
        family=np.repeat(rows, many),
        size=size,
        gpus=np.array(market.counts, dtype=float)[size],
        micro_batch=np.concatenate([each.micro_batch for each in found]),
        accumulation=np.concatenate([each.accumulation for each in found]),
        tokens=np.concatenate([each.tokens for each in found]),
        offered=market.known_holds[:, size] & (tried[rows[0]].tensor <= market.sizes),
    )
