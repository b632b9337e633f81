"""The training of one option, asked alone: what it takes, and the cheapest plan under a deadline and a budget."""

from collections.abc import Mapping
from dataclasses import field, replace
from datetime import date
from typing import Any

from estimator.catalog import Catalog, GpuOffer, load_catalog
from estimator.errors import InfeasibleError, InputError, UsageError, did_you_mean
from estimator.inputs import Input, OptionInputs, resolve, used
from estimator.memory.setup import Method
from estimator.record import record
from estimator.scenario import Limits, OwnedGpu, Quantity, Scenario, Tuning, from_data
from estimator.training import OWNED, Bounds, Job, Planned, Space, job_of, offers_of, planned_of, unpriced_offer

OPTION = "job"
ROW_TOKENS = 2048.0
"""Length of a row of text where only the number of tokens is known. [token]"""
DRAWS = 10_000


@record(kw_only=True)
class Hardware:
    """Which hardware a plan may use, instead of what the scenario says."""

    gpu: str | None = None
    provider: str | None = None
    term: str | None = None
    owned_gpu: str | None = None
    """Bought device that competes with the rented ones."""
    owned_usd: str | None = None
    """Its price."""
    unpriced: bool = False
    """A device that nobody rents out is sized all the same, without a price."""
    grid: str = "us-average"
    """Where the electricity comes from, a row `infrastructure/grid/…`."""


@record(kw_only=True)
class TrainingAnswer:
    """The plan of one option, and everything it rests on."""

    planned: Planned
    inputs: tuple[Input, ...]
    on: date
    draws: int
    seed: int
    notes: tuple[str, ...] = ()
    grid: str = "us-average"


@record(kw_only=True)
class Futures:
    """How many futures are drawn, from what, on which day's prices."""

    draws: int = DRAWS
    seed: int = 0
    catalog: Catalog = field(default_factory=load_catalog)
    on: date | None = None


def last_reading(catalog: Catalog) -> date:
    """Day on which the rents of GPUs were last read: the day of the prices where none is named."""
    return max(row.read_on for row in catalog.rows("gpu_offers"))


def training_scenario(
    *,
    model: str,
    method: str,
    on: date,
    catalog: Catalog,
    tokens: float | None = None,
    examples: float | None = None,
    tokens_per_example: float | None = None,
    tuning: Mapping[str, Any] | None = None,
) -> Scenario:
    """A scenario with one option that is trained, from a few numbers.

    Args:
        model: Catalog name, or path of a `config.json`.
        method: full, lora, qlora or dora.
        on: Day of the prices.
        catalog: Where the model is looked up.
        tokens: Tokens of the data set, in full rows; or
        examples: Examples of the data set, and
        tokens_per_example: their mean length.
        tuning: Further keys of the tuning section.

    Returns:
        The scenario; its option is named `job`.

    Raises:
        UsageError: the size of the data set is not given, or twice.
        CatalogError: no such model, or one that is only hosted.
        ScenarioError: a value is out of range.
    """
    given = dict(tuning or {})
    if (tokens is None) == (examples is None):
        raise UsageError("give the data set once: --tokens, or --examples with --tokens-per-example")
    if examples is not None and tokens_per_example is None:
        raise UsageError("--examples needs --tokens-per-example: give the mean length of an example in tokens")
    window = float(catalog.architecture(model).max_positions)
    if tokens is not None:
        row = tokens_per_example or given.get("max_tokens") or min(ROW_TOKENS, tokens, window)
        examples, tokens_per_example = tokens / row, row
        given.setdefault("length_spread", 1)
    section = {"method": method, "labels": examples, "tokens_per_example": tokens_per_example, "runs": 1, "epochs": 1}
    data = {
        "name": f"{method} of {model}"[:200],
        "start": on,
        "prices_on": on,
        "horizon": 1,
        "workload": {"requests_per_month": 1, "tokens": {"prompt": tokens_per_example, "output": 1}},
        "task": {"kind": "generation"},
        "options": {OPTION: {"model": model, "tuning": {**section, **given}}},
    }
    return from_data(data, origin="training")


def plan_training(
    scenario: Scenario,
    *,
    option: str | None = None,
    methods: tuple[Method, ...] | None = None,
    bounds: Bounds | None = None,
    space: Space | None = None,
    hardware: Hardware | None = None,
    futures: Futures | None = None,
) -> TrainingAnswer:
    """The cheapest plan that trains one option of a scenario, as the pipeline would choose it.

    Args:
        scenario: What the user asks.
        option: Which option; the first that trains where not given.
        methods: Ways to tune that compete; that of the option where not given.
        bounds: Deadline and budget of all runs.
        space: What the search may choose; everything sensible where not given.
        hardware: Hardware to use instead of what the scenario says.
        futures: Draws, seed, catalog and day of the prices.

    Returns:
        Plan, run and inputs. [h, USD, B, kWh]

    Raises:
        InputError: the scenario has no such option, or none that trains.
        InfeasibleError: nobody offers such hardware.
    """
    futures, hardware = futures or Futures(), hardware or Hardware()
    options = resolve(scenario, catalog=futures.catalog, on=futures.on, draws=futures.draws, seed=futures.seed)
    name, notes = _chosen(options, option)
    asked = _on_hardware(options[name], hardware)
    job = job_of(asked, examples=asked["tuning.labels"] + asked["tuning.synthetic_labels"])
    job = replace(job, methods=methods or job.methods)
    world = asked.world
    kept = ("tuning.", f"options.{name}.tuning.", "training.", "infrastructure/", "gpu/")
    if len(job.methods) > 1:
        notes = (*notes, f"{', '.join(job.methods)} compete on price alone; the quality they reach differs")
    planned = planned_of(
        asked,
        job=_with_batch(job, asked, space),
        space=space,
        bounds=bounds,
        offers=_offers(asked, hardware),
        grid=hardware.grid,
    )
    if planned.shown is not None and planned.shown.is_priced and planned.shown.provider != OWNED:
        asked.certain(planned.shown.offer.row)
    inputs = tuple(item for item in used(world.touched.values()) if item.key.startswith(kept))
    return TrainingAnswer(
        planned=planned,
        inputs=inputs,
        on=world.on,
        draws=futures.draws,
        seed=futures.seed,
        notes=notes,
        grid=hardware.grid,
    )


def _chosen(options: Mapping[str, OptionInputs], wanted: str | None) -> tuple[str, tuple[str, ...]]:
    """The option that is asked about, and a note where the choice was ours."""
    training = [
        name
        for name, option in options.items()
        if option.spec.tuning is not None and option.spec.tuning.method != "managed"
    ]
    if wanted is not None and wanted not in options:
        raise InputError(f"option: {wanted!r:.60} is not one of {', '.join(options)}{did_you_mean(wanted, options)}")
    if wanted is not None and wanted not in training:
        known = ", ".join(training) or "none"
        raise InputError(f"option: {wanted} trains on no hardware of its own; options that do: {known}")
    if not training:
        raise InputError("option: none of the scenario trains on hardware of its own; add tuning.method to one")
    if wanted is not None:
        return wanted, ()
    others = ", ".join(training[1:])
    return training[0], (f"planned for {training[0]}; also trained: {others} (--option)",) if others else ()


def _on_hardware(option: OptionInputs, hardware: Hardware) -> OptionInputs:
    """The option with the hardware that was asked for."""
    tuning = option.spec.tuning
    if tuning is None:
        return option
    changes = {
        key: value
        for key, value in (("gpu", hardware.gpu), ("provider", hardware.provider), ("term", hardware.term))
        if value is not None
    }
    if hardware.provider is not None:
        known = {row.attributes.get("provider", "") for row in option.world.catalog.rows("gpu_offers")}
        if hardware.provider not in known:
            near = did_you_mean(hardware.provider, known)
            raise InputError(f"provider: {hardware.provider!r:.40} is not one of {', '.join(sorted(known))}{near}")
    changed = tuning.model_copy(update=changes)
    return replace(option, spec=option.spec.model_copy(update={"tuning": changed}))


def _with_batch(job: Job, option: OptionInputs, space: Space | None) -> Job:
    """A default batch grows to one sequence per device and micro-batch of what is asked for."""
    if space is None or len(space.gpu_counts) > 1 or option.given("tuning.global_batch") is not None:
        return job
    most = max(space.micro_batches or (1,)) * space.gpu_counts[0]
    return replace(job, global_batch=max(job.global_batch, float(most)))


def _offers(option: OptionInputs, hardware: Hardware) -> tuple[GpuOffer, ...]:
    """Rented hardware, and the bought one that competes with it."""
    tuning = option.spec.tuning or Tuning()
    if (hardware.owned_gpu is None) != (hardware.owned_usd is None):
        raise UsageError("--owned and --owned-usd belong together: name the bought GPU and its price")
    if hardware.owned_gpu is None or hardware.owned_usd is None:
        return _rented(option, tuning, hardware)
    bought = tuning.model_copy(update={"gpu": hardware.owned_gpu, "owned": _bought(hardware.owned_usd)})
    priced = replace(option, spec=option.spec.model_copy(update={"tuning": bought}))
    return (*offers_of(priced, bought), *_rented(option, tuning.model_copy(update={"owned": None}), hardware))


def _bought(usd: str) -> OwnedGpu:
    try:
        return OwnedGpu(purchase_usd=Limits("USD", above=0, most=1e7).check(Quantity.parse(usd)))
    except ValueError as error:
        raise InputError(f"owned-usd: {error}") from None


def _rented(option: OptionInputs, tuning: Tuning, hardware: Hardware) -> tuple[GpuOffer, ...]:
    try:
        return offers_of(option, tuning)
    except InfeasibleError:
        if not hardware.unpriced or tuning.gpu is None or tuning.provider is not None:
            raise
        return (unpriced_offer(option.accelerator("tuning.gpu", tuning.gpu), on=option.world.on),)
