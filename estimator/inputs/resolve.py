"""Join the scenario with the catalog, per option."""

from collections.abc import Mapping
from datetime import date

import numpy as np

from estimator.catalog import Catalog
from estimator.errors import CatalogError, InputError, UnknownNameError
from estimator.inputs.correlations import ranks_of
from estimator.inputs.resolved import Kind, OptionInputs
from estimator.inputs.world import World
from estimator.scenario import Option, Scenario
from estimator.units import Value

MAX_DRAWS = 200_000
"""About 2.4 GB for six options over 36 months, twice what 100,000 were measured to take."""


def resolve(
    scenario: Scenario,
    *,
    catalog: Catalog,
    on: date | None = None,
    draws: int,
    seed: int,
    pinned: Mapping[str, Value] | None = None,
    typical: bool = False,
) -> dict[str, OptionInputs]:
    """Inputs of every option of a scenario.

    Args:
        scenario: What the user wrote.
        catalog: Where defaults, prices and model shapes come from.
        on: Day of the prices; `prices_on` of the scenario, else its first day where not given.
        draws: Number of futures. [count]
        seed: Seed of the futures.
        pinned: Values by key of an input that stand for what it would be: one, or one per future with the central case
            first, shape (1 + draws,).
        typical: Every other input takes its central value, so that the futures are what-ifs of the pinned ones.

    Returns:
        Inputs by option name, in the order of the file. [1]

    Raises:
        InputError: draws or seed are out of range, or inputs cannot be correlated as asked.
        CatalogError: a model, GPU or price is unknown; the message names the option.
        UnknownNameError: `correlations` names no input.

    Source: definition.
    """
    check_futures(draws=draws, seed=seed)
    for name in scenario.task.evidence:
        if name not in catalog.findings:
            hint = f"choose among {', '.join(catalog.findings)}"
            raise UnknownNameError("finding in task.evidence", name, catalog.findings, hint)
    held = pinned or {}
    for key, value in held.items():
        if isinstance(value, np.ndarray) and value.shape != (1 + draws,):
            raise InputError(f"{key}: pinned to {value.shape} values; give one, or 1 + draws = {1 + draws}")
    prices = catalog.pinned(held) if held else catalog
    world = World(scenario, prices, on or scenario.prices_on or scenario.start, draws, seed, typical, pinned=held)
    options = {name: _option(name, option, world) for name, option in scenario.composed.items()}
    world.ranks.update(ranks_of(options))
    return options


def check_futures(*, draws: int, seed: int) -> None:
    """Refuse a number of futures or a seed that cannot be used.

    Args:
        draws: Number of futures. [count]
        seed: Seed of the futures.

    Raises:
        InputError: one of them is out of range.

    Source: definition.
    """
    if not 1 <= draws <= MAX_DRAWS:
        raise InputError(f"draws: {draws} is outside 1 to {MAX_DRAWS:,}; 10000 is a good number")
    if not 0 <= seed < 2**32:
        raise InputError(f"seed: {seed} is outside 0 to {2**32 - 1}; give a whole number inside")


def _option(name: str, spec: Option, world: World) -> OptionInputs:
    model = str(spec.model)
    catalog = world.catalog
    if _needs_weights(spec) and catalog.is_hosted(model) and not catalog.has_shape(model):
        raise CatalogError(
            f"options.{name}.model: {model} is hosted only, its weights are not public; name an open-weights model, "
            "or use tuning.method: managed or serving.mode: api"
        )
    try:
        hosted = not _needs_weights(spec) and world.catalog.is_hosted(model)
        architecture = None if hosted else world.catalog.architecture(model)
        token_price = world.catalog.token_price(model, on=world.on) if hosted else None
    except CatalogError as error:
        raise CatalogError(f"options.{name}.model: {error}") from None
    option = OptionInputs(name, spec, world, _kind(spec), architecture, token_price)
    for key, section in (("tuning", spec.tuning), ("serving", spec.serving), ("retrieval", spec.retrieval)):
        if section is not None and section.gpu is not None:  # a wrong name must not wait until something asks for it
            option.known_accelerator(f"{key}.gpu", section.gpu)
    return option


def _needs_weights(spec: Option) -> bool:
    """Whether the option only makes sense with weights in one's own hands."""
    tuned = spec.tuning is not None and spec.tuning.method != "managed"
    return tuned or spec.pretraining is not None or (spec.serving is not None and spec.serving.mode == "self_hosted")


def _kind(spec: Option) -> Kind:
    if spec.pretraining is not None:
        return "pretraining"
    if spec.tuning is not None:
        return "hybrid" if spec.retrieval is not None else "tuning"
    return "rag" if spec.retrieval is not None else "prompt"
