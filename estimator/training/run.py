"""One plan in full: step, hours, memory and energy."""

from estimator.catalog.types import Accelerator
from estimator.memory import Fit, Peak, fit
from estimator.record import record
from estimator.training.candidates import Candidate
from estimator.training.energy import Energy, run_energy
from estimator.training.evaluate import device_of, device_peak, host_bytes, plan_hours, plan_step, server_bytes
from estimator.training.job import JobHours
from estimator.training.spec import Job
from estimator.training.step import StepTime
from estimator.units import Value, central


@record(kw_only=True)
class Power:
    """What turns device hours into electricity and emissions."""

    power_share: Value = 1.0
    """Mean draw over thermal design power while training. [1]"""
    server_ratio: Value = 1.0
    """Draw of the server over that of its devices. [1]"""
    pue: Value = 1.0
    grid_g_per_kwh: Value = 0.0


@record(kw_only=True)
class TrainingRun:
    """One run of a plan; hours and energy carry the draws of the job, step and memory are its central case."""

    step: StepTime
    """Of one micro-batch. [s]"""
    hours: JobHours
    peak: Peak
    fit: Fit
    host_needed_bytes: float
    """Memory of one server that offloaded states need. [B]"""
    host_usable_bytes: float
    energy: Energy
    tokens: Value
    """Worked through, padding included. [token]"""
    padding_share: float
    """Share of these that is padding or an empty place, central case. [1]"""
    tokens_per_s_per_gpu: float
    """At the central case, padding included. [token/s]"""
    gpus: int
    """Devices that compute. [count]"""
    usd: Value | None
    """Price of the run; None where nobody rents the device out. [USD]"""
    runs: Value
    """Full-size runs until the keeper, one after the other. [count]"""

    @property
    def fits(self) -> bool:
        """Whether the run fits in the memory of its devices and servers."""
        return self.fit.fits and self.host_needed_bytes <= self.host_usable_bytes

    @property
    def hours_all_runs(self) -> Value:
        """Wall hours of all runs. [h]."""
        return self.hours.hours * self.runs

    @property
    def usd_all_runs(self) -> Value | None:
        """Price of all runs. [USD]."""
        return None if self.usd is None else self.usd * self.runs

    @property
    def tokens_per_s(self) -> float:
        """Of the whole job. [token/s]."""
        return self.tokens_per_s_per_gpu * self.gpus


def run_of(*, job: Job, candidate: Candidate, accelerator: Accelerator, power: Power) -> TrainingRun:
    """Everything about one run of a plan, also of one that does not fit.

    Args:
        job: What is trained, with draws.
        candidate: The plan.
        accelerator: Its device.
        power: What turns device hours into electricity.

    Returns:
        Step, hours, memory, energy, price. [s, h, B, kWh, USD]

    Source: definition.
    """
    middle, family, offer = job.central(), candidate.family, candidate.offer
    micro = float(candidate.micro_batch)
    device = device_of(offer=offer, accelerator=accelerator, gpus=family.gpus, job=middle)
    step = plan_step(
        job=middle,
        family=family,
        gpus=family.gpus,
        devices=device,
        micro_batch=micro,
        accumulation=float(candidate.gradient_accumulation),
    )
    rate = float(step.tokens_per_s_per_gpu)
    tokens = job.tokens(micro)
    hours = plan_hours(
        job=job,
        family=family,
        gpus=family.gpus,
        tokens=tokens,
        tokens_per_s=rate * family.gpus,
        instances=float(candidate.instances),
        is_spot=float(offer.term == "spot"),
    )
    peak = device_peak(job=middle, family=family, gpus=family.gpus, micro_batch=micro)
    return TrainingRun(
        step=step,
        hours=hours,
        peak=peak,
        fit=fit(peak=peak, accelerator=accelerator, margin=job.margin),
        host_needed_bytes=host_bytes(job=middle, family=family) / candidate.instances,
        host_usable_bytes=server_bytes(job=job, offer=offer),
        energy=run_energy(
            gpu_hours=hours.hours * family.gpus,
            tdp_w=accelerator.tdp_w,
            power_share=power.power_share,
            server_ratio=power.server_ratio,
            pue=power.pue,
            grid_g_per_kwh=power.grid_g_per_kwh,
        ),
        tokens=tokens,
        padding_share=1.0 - central(middle.lengths.kept_tokens / middle.lengths.processed_tokens(micro)),
        tokens_per_s_per_gpu=rate,
        gpus=family.gpus,
        runs=job.runs,
        usd=hours.hours * candidate.instances * offer.usd_per_instance_hour if candidate.is_priced else None,
    )
