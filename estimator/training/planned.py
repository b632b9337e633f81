"""The training of an option as a question to the plan search, and its answer."""

from estimator.catalog import Accelerator, Architecture, GpuOffer
from estimator.errors import CatalogError, InfeasibleError
from estimator.inputs import OptionInputs
from estimator.memory import DEFAULT_MARGIN
from estimator.memory.setup import Method
from estimator.record import record
from estimator.scenario import Tuning
from estimator.training.candidates import Candidate, Plan
from estimator.training.job import training_tokens
from estimator.training.lengths import Lengths
from estimator.training.offers import offers_of
from estimator.training.plan import plan
from estimator.training.run import Power, TrainingRun, run_of
from estimator.training.spec import Bounds, Job, Overheads, Space
from estimator.units import HOURS_PER_MONTH, HOURS_PER_YEAR, Value, central

US_AVERAGE = "us-average"


@record(kw_only=True)
class Planned:
    """How an option is trained: the job, the plan, and one run of it in full."""

    option: str
    model: str
    job: Job
    bounds: Bounds
    plan: Plan
    run: TrainingRun | None
    """Of the chosen plan, else of the nearest miss; None where no hardware is offered."""

    @property
    def shown(self) -> Candidate | None:
        """The plan the run belongs to."""
        return self.plan.chosen or (self.plan.misses[0].candidate if self.plan.misses else None)


def architecture_of(option: OptionInputs) -> Architecture:
    """Model shape of an option whose weights are needed.

    Raises:
        InfeasibleError: the model is only hosted, its weights are not public.

    Returns:
        Shape of the model. [1]

    Source: definition.
    """
    if option.architecture is None:
        raise InfeasibleError(f"{option.model} is a hosted model without public weights; name an open-weights model")
    return option.architecture


def tokens_per_example_of(option: OptionInputs) -> Value:
    """Mean tokens of one training example: as written, else prompt and answer of the workload.

    Args:
        option: Inputs of the option.

    Returns:
        Length. [token]

    Source: definition.
    """
    if option.given("tuning.tokens_per_example") is not None:
        return option["tuning.tokens_per_example"]
    return option["workload.tokens.prompt"] + option["workload.tokens.output"]


def billed_tokens_of(option: OptionInputs, *, examples: Value) -> Value:
    """Tokens a platform bills for one managed run; padding only where the scenario says so.

    Args:
        option: Inputs of the option.
        examples: Training examples of one run. [count]

    Returns:
        Tokens of all epochs. [token]

    Source: price lists of fine-tuning platforms: examples · tokens · epochs.
    """
    padded = option.given("tuning.padding_waste") is not None
    return training_tokens(
        examples=examples,
        tokens_per_example=tokens_per_example_of(option),
        epochs=option["tuning.epochs"],
        padding_waste=option["tuning.padding_waste"] if padded else 0.0,
    )


def job_of(option: OptionInputs, *, examples: Value) -> Job:
    """What an option trains, and what its runs carry beside training.

    Args:
        option: Inputs of the option.
        examples: Training examples of one run, synthetic ones included. [count]

    Returns:
        The job, with draws. [1]

    Raises:
        InfeasibleError: the model is only hosted, or nothing is trained.

    Source: definition.
    """
    tuning = option.spec.tuning
    if tuning is None or tuning.method == "managed":
        raise InfeasibleError(f"options.{option.name} trains on no hardware of its own; name another option")
    method: Method = tuning.method or "lora"
    return Job(
        architecture=architecture_of(option),
        methods=(method,),
        examples=examples,
        epochs=option["tuning.epochs"],
        lengths=_lengths(option, tuning),
        global_batch=central(option["tuning.global_batch"]),
        rank=option["tuning.rank"],
        optimizer=tuning.optimizer,
        targets=tuning.targets,
        runs=option["tuning.runs"],
        margin=option.memory_margin(DEFAULT_MARGIN),
        host_bytes_per_gpu=_constant(option, "host_bytes_per_gpu") * _constant(option, "host_usable_share"),
        server_bytes=_servers(option),
        host_bytes_trained=_constant(option, "host_bytes_trained"),
        overheads=_overheads(option, tuning),
    )


def _given(option: OptionInputs, key: str) -> Value | None:
    return option[key] if option.given(key) is not None else None


def _constant(option: OptionInputs, name: str) -> float:
    return option.certain(option.world.catalog.constant(f"training.{name}"))


def _lengths(option: OptionInputs, tuning: Tuning) -> Lengths:
    window = float(architecture_of(option).max_positions)
    cut = _given(option, "tuning.max_tokens")
    mean = tokens_per_example_of(option)
    longest = 1.0 if cut is None else central(cut)
    for name, value in (("tuning.max_tokens", longest), ("tuning.tokens_per_example", central(mean))):
        if value > window:
            raise InfeasibleError(
                f"{name}: {value:,.0f} is more than the {window:,.0f} tokens that {option.model} reads; "
                "shorten the examples or choose another model"
            )
    known = _given(option, "tuning.padding_waste")
    return Lengths(
        mean_tokens=mean,
        spread=option["tuning.length_spread"],
        limit_tokens=window if cut is None else central(cut),
        packing=tuning.packing,
        packing_waste=_constant(option, "packing_waste") if tuning.packing else 0.0,
        padding_waste=known,
    )


def _servers(option: OptionInputs) -> dict[tuple[str, str], float]:
    """What offloaded states may take of rented servers, by provider and instance."""
    rows, share = option.world.catalog.rows("host_memory"), _constant(option, "host_usable_share")
    return {(provider, instance): row.mode * share for row in rows for _, provider, instance in (row.id.split("/", 2),)}


def _passes(option: OptionInputs) -> Value:
    """Passes over the evaluation set: as written, else one after each epoch."""
    given = option.given("tuning.evaluations") is not None
    return option["tuning.evaluations"] if given else option["tuning.epochs"]


def _overheads(option: OptionInputs, tuning: Tuning) -> Overheads:
    share = _given(option, "tuning.evaluation_share")
    spot = tuning.term != "on_demand"
    return Overheads(
        time_uncertainty=option["tuning.time_error"],
        startup_hours=option["tuning.startup_hours"],
        download_bytes_per_s=_constant(option, "download_bytes_per_s"),
        checkpoint_bytes_per_s=_constant(option, "checkpoint_bytes_per_s"),
        checkpoint_interval_hours=_given(option, "tuning.checkpoint_hours"),
        evaluation_share=share,
        evaluation_examples=0.0 if share is not None else option["tuning.evaluation_labels"],
        evaluations=_passes(option) if share is None else 0.0,
        spot_interruptions_per_hour=option["tuning.spot_interruptions"] / HOURS_PER_MONTH if spot else 0.0,
        failures_per_gpu_hour=_constant(option, "gpu_failures") / HOURS_PER_YEAR,
    )


def power_of(option: OptionInputs, *, grid: str = US_AVERAGE) -> Power:
    """What turns device hours of an option into electricity and emissions.

    Args:
        option: Inputs of the option.
        grid: Name of a row `infrastructure/grid/…`.

    Returns:
        Shares, PUE and carbon of the grid. [1, gCO2e/kWh]

    Raises:
        CatalogError: no such grid.

    Source: rows of `pricing/infrastructure.csv` and `pricing/constants/training_job.csv`.
    """
    catalog, on = option.world.catalog, option.world.on
    names = [row.id for row in catalog.rows("infrastructure") if row.id.startswith("infrastructure/grid/")]
    if f"infrastructure/grid/{grid}" not in names:
        known = ", ".join(sorted({name.rsplit("/", 1)[1] for name in names}))
        raise CatalogError(f"grid: {grid!r:.40} is not known; choose one of {known}")
    return Power(
        power_share=_constant(option, "power_share"),
        server_ratio=_constant(option, "server_ratio"),
        pue=option.certain(catalog.row("infrastructure/pue", on)),
        grid_g_per_kwh=option.certain(catalog.row(f"infrastructure/grid/{grid}", on)),
    )


def planned_of(
    option: OptionInputs,
    *,
    job: Job,
    space: Space | None = None,
    bounds: Bounds | None = None,
    offers: tuple[GpuOffer, ...] | None = None,
    grid: str = US_AVERAGE,
) -> Planned:
    """The plan of a job on the hardware an option may use.

    Args:
        option: Inputs of the option.
        job: What is trained.
        space: What may be chosen; None searches everything sensible.
        bounds: Deadline and budget of all runs.
        offers: Hardware; what the option asks for where None.
        grid: Where the electricity comes from.

    Returns:
        Plan, and a run of it in full. [h, USD, B, kWh]

    Raises:
        InfeasibleError: nobody offers what is wanted on that day.

    Source: `plan`.
    """
    tuning = option.spec.tuning or Tuning()
    offered = offers_of(option, tuning) if offers is None else offers
    catalog = option.world.catalog
    devices: dict[str, Accelerator] = {name: catalog.accelerator(name) for name in {item.gpu for item in offered}}
    limits = bounds or Bounds()
    found = plan(job=job, offers=offered, accelerators=devices, space=space, bounds=limits)
    near = found.chosen or (found.misses[0].candidate if found.misses else None)
    run = None
    if near is not None:
        power = power_of(option, grid=grid)
        run = run_of(job=job, candidate=near, accelerator=devices[near.gpu], power=power)
    return Planned(option=option.name, model=option.model, job=job, bounds=limits, plan=found, run=run)
