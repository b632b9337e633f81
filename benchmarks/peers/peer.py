"""A peer: another tool, or a rule that people use, asked for the figure that a validation case measured."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from importlib import metadata
from typing import Any, Literal

from estimator.catalog import Architecture, load_catalog
from estimator.errors import EstimatorError
from estimator.memory import TrainingSetup, parameter_count
from estimator.memory.counts import ParameterCount
from estimator.validation.setups import architecture_of, setup_of
from estimator.validation.time_case import time_case
from estimator.validation.time_layout import TimeCase

Kind = Literal["memory", "time"]
Case = Mapping[str, Any]
EXACT_COUNTERS = ("allocated", "simulated")
"""Counters that hold tensors only; what the others add (cache of the allocator, CUDA context) no peer claims."""
ADAMW = ("adamw", "adamw_fused")
SIXTEEN_BITS = ("bf16", "fp16")


class LeftOutError(Exception):
    """A case that a peer cannot express; the message is the reason, the same for all cases of its sort."""


class MissingPeerError(Exception):
    """A peer whose package is not installed."""


@dataclass(frozen=True, slots=True)
class MemoryRun:
    """A measured fine-tuning run as the peers are told about it."""

    model: str
    architecture: Architecture
    parameters: ParameterCount
    setup: TrainingSetup
    micro_batch: float
    seq_len: float


@dataclass(frozen=True, slots=True, kw_only=True)
class Peer:
    """One tool or rule for one kind of case."""

    name: str
    kind: Kind
    package: str = ""
    """Distribution it is installed from; empty for a rule."""
    source: str
    predicts: str
    """What its figure is."""
    prepare: Callable[[], Callable[[Any], float]]
    """Import the package and give the function of a run; raises ImportError where it is not installed."""

    def version(self) -> str:
        """Installed version; empty for a rule."""
        return metadata.version(self.package) if self.package else ""

    def ready(self) -> Callable[[Any], float]:
        """The function of a run.

        Raises:
            MissingPeerError: the package is not installed.
        """
        try:
            return self.prepare()
        except ImportError as error:
            raise MissingPeerError(f"{self.name} is left out: {error}; install {self.package}") from None


def memory_run(case: Case) -> MemoryRun:
    """A memory case as the peers are told about it.

    Raises:
        LeftOutError: its counter holds more than tensors.
    """
    if case["measured"].get("counter") not in EXACT_COUNTERS:
        raise LeftOutError("measured by a counter that holds more than tensors, or by an unknown one")
    architecture, setup = architecture_of(case), case["setup"]
    return MemoryRun(
        model=str(case.get("model", "")),
        architecture=architecture,
        parameters=parameter_count(architecture=architecture),
        setup=setup_of(setup),
        micro_batch=float(setup["micro_batch"]),
        seq_len=float(setup["seq_len"]),
    )


def time_run(case: Case) -> TimeCase:
    """A time case as the peers are told about it; where its source is silent, filled in as for our own prediction."""
    return time_case(case, catalog=load_catalog())


def as_run(kind: Kind, case: Case) -> MemoryRun | TimeCase:
    """A case as the peers are told about it.

    Raises:
        LeftOutError: no peer can be asked for it.
    """
    try:
        return memory_run(case) if kind == "memory" else time_run(case)
    except EstimatorError as error:
        raise LeftOutError(f"not described well enough: {error}") from None


def need(holds: bool, reason: str) -> None:
    """Leave a case out for a reason unless something holds.

    Raises:
        LeftOutError: it does not hold.
    """
    if not holds:
        raise LeftOutError(reason)
