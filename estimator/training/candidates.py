"""The answer of the plan search."""

from typing import Literal

from estimator.catalog.types import GpuOffer
from estimator.memory.setup import Method
from estimator.record import record
from estimator.training.families import Checkpointing, Family, Offload, Sharding
from estimator.units import HOURS_PER_DAY, Value


@record(kw_only=True)
class Candidate:
    """One plan with its memory, hours and price per run."""

    gpu: str
    provider: str
    instance: str
    region: str
    term: str
    gpus: int
    """Devices that compute. [count]"""
    instances: int
    """Whole instances paid. [count]"""
    method: Method
    sharding: Sharding
    checkpointing: Checkpointing
    offload: Offload
    tensor: int
    pipeline: int
    micro_batch: int
    gradient_accumulation: int
    needed_bytes: float
    """Peak per device with the safety margin. [B]"""
    usable_bytes: float
    """What a framework can allocate on the device. [B]"""
    tokens_per_s: float
    """Of the whole job, padding included, central case. [token/s]"""
    hours_per_run: Value
    usd_per_run: Value
    runs: Value
    offer: GpuOffer

    @property
    def family(self) -> Family:
        """The choices the plan shares with others."""
        return Family(
            method=self.method,
            gpus=self.gpus,
            sharding=self.sharding,
            checkpointing=self.checkpointing,
            offload=self.offload,
            tensor=self.tensor,
            pipeline=self.pipeline,
        )

    @property
    def is_priced(self) -> bool:
        """Whether somebody rents the hardware out, or its purchase is priced."""
        return bool(self.provider)

    @property
    def hours(self) -> Value:
        """Wall hours of all runs, one after the other. [h]."""
        return self.hours_per_run * self.runs

    @property
    def days(self) -> Value:
        """The same in days. [day]."""
        return self.hours / HOURS_PER_DAY

    @property
    def usd(self) -> Value:
        """Price of all runs. [USD]."""
        return self.usd_per_run * self.runs


MissKind = Literal["memory", "deadline", "budget", "both"]


@record(kw_only=True)
class Miss:
    """The plan of a GPU type that came nearest, and what it lacks."""

    gpu: str
    term: str
    kind: MissKind
    excess: float
    """How far beyond the worst of its limits, as a ratio; 0 is on it. [1]"""
    reason: str
    candidate: Candidate


@record(kw_only=True)
class Plan:
    """The cheapest plan that keeps memory, deadline and budget, what it was compared with, why the others lost."""

    chosen: Candidate | None
    considered: tuple[Candidate, ...]
    """Best plan of each GPU type and term, cheapest first, of which the first is chosen; others are central cases."""
    front: tuple[Candidate, ...]
    """Plans that fit in memory and that no other beats in both price and time, cheapest first."""
    misses: tuple[Miss, ...]
    """For each GPU type and term without a plan: what its nearest lacks, nearest first.

    Where no plan keeps a deadline and a budget, the cheapest and the fastest come second and third.
    """
    searched: int
    """Plans tried. [count]"""
    fitting: int
    """Of these, fitting in memory. [count]"""
    reason: str
    """Why the plan was chosen, or what the nearest miss lacks."""
