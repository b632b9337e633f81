"""The offers a plan may use, as columns of arrays: what they hold, cost and achieve in jobs of several sizes."""

from collections.abc import Iterable, Mapping
from dataclasses import replace
from functools import cached_property

import numpy as np

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
    def known_rates(self) -> Hardware:
        """Rates of every offer; those of collectives in a job of every size, shape (offers, counts)."""
        gpus = np.array(self.counts, dtype=float)
        return stacked(
            device_of(offer=offer, accelerator=self.accelerators[offer.gpu], gpus=gpus, job=self.job)
            for offer in self.offers
        )

    def rates(self, gpus: Array) -> Hardware:
        """Rates of every offer in each case, shape (offers, cases)."""
        places = np.searchsorted(self.counts, gpus)
        collective = np.asarray(self.known_rates.collective_bytes_per_s)
        return replace(self.known_rates, collective_bytes_per_s=collective[:, places])
