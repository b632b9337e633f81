"""The offers a plan may use, as columns of arrays: what they hold, cost and achieve in jobs of several sizes."""

from collections.abc import Iterable, Mapping
from dataclasses import replace
from functools import cached_property

import numpy as np
import numpy.typing as npt

from estimator.catalog.types import Accelerator, GpuOffer
from estimator.record import record
from estimator.training.evaluate import device_of, server_bytes
from estimator.training.families import OWNED
from estimator.training.hardware import Hardware, stacked
from estimator.training.spec import Job
from estimator.units import Array


@record(slots=False)
class Market:
    """Offers for a job; columns have the shape (offers, 1)."""

    job: Job
    offers: tuple[GpuOffer, ...]
    accelerators: Mapping[str, Accelerator]
    counts: tuple[int, ...]

    def column(self, values: Iterable[float]) -> Array:
        """One value per offer, shape (offers, 1)."""
        return np.array([float(value) for value in values]).reshape(-1, 1)

    @cached_property
    def sizes(self) -> Array:
        """Devices of one instance. [count]"""
        return self.column(offer.gpus for offer in self.offers)

    @cached_property
    def owned(self) -> Array:
        """1 where the hardware is bought. [1]"""
        return self.column(offer.provider == OWNED for offer in self.offers)

    @cached_property
    def spot(self) -> Array:
        """1 where the instances are interruptible. [1]"""
        return self.column(offer.term == "spot" for offer in self.offers)

    @cached_property
    def prices(self) -> Array:
        """Price of one instance. [USD/h]"""
        return self.column(offer.usd_per_instance_hour for offer in self.offers)

    @cached_property
    def memory(self) -> Array:
        """What a framework can allocate on a device. [B]"""
        return self.column(self.accelerators[offer.gpu].usable_memory_bytes for offer in self.offers)

    @cached_property
    def servers(self) -> Array:
        """Memory of one server. [B]"""
        return self.column(server_bytes(job=self.job, offer=offer) for offer in self.offers)

    @cached_property
    def known_holds(self) -> npt.NDArray[np.bool_]:
        """Whether an offer can hold a job of every size: in one instance, or in several whole ones unless it is owned.

        Shape (offers, counts).
        """
        gpus = np.array(self.counts)
        holds: npt.NDArray[np.bool_] = (gpus <= self.sizes) | ((gpus % self.sizes == 0.0) & (self.owned == 0.0))
        return holds

    @cached_property
    def machines(self) -> dict[tuple[str, int], GpuOffer]:
        """One offer of each machine: a device, and how many an instance has. Time depends on no more."""
        return {(offer.gpu, offer.gpus): offer for offer in self.offers}

    @cached_property
    def machine(self) -> npt.NDArray[np.int64]:
        """Row of the machine of each offer. [1]"""
        rows = {kind: row for row, kind in enumerate(self.machines)}
        return np.array([rows[offer.gpu, offer.gpus] for offer in self.offers], dtype=np.int64)

    @cached_property
    def known_rates(self) -> Hardware:
        """Rates of every machine; those of collectives in a job of every size, shape (machines, counts)."""
        gpus = np.array(self.counts, dtype=float)
        return stacked(
            device_of(offer=offer, accelerator=self.accelerators[offer.gpu], gpus=gpus, job=self.job)
            for offer in self.machines.values()
        )

    def rates(self, sizes: npt.NDArray[np.int64]) -> Hardware:
        """Rates of every machine in each case, by the place of its size in `counts`; shape (machines, cases)."""
        collective = np.asarray(self.known_rates.collective_bytes_per_s)
        return replace(self.known_rates, collective_bytes_per_s=collective[:, sizes])
