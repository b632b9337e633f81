"""What a concrete pilot is worth: so many labels, one training run, so many answers judged."""

from collections.abc import Mapping, Sequence
from typing import Literal

import numpy as np

from estimator.catalog import Catalog
from estimator.decision import Pilot, value_of_pilot
from estimator.errors import InputError
from estimator.inputs import OptionInputs, resolve
from estimator.record import record
from estimator.results import Estimate, OptionParts
from estimator.rooms import ask_rooms
from estimator.tco import evaluation_set_of
from estimator.units import Array, central

LABELS = 200
"""Labels of a pilot where none are given. Judgement. [count]"""
ITEMS = (50, 100, 200, 400, 800, 1600)
"""Answers judged: of these sizes that with the highest net worth is proposed. [count]"""


@record(kw_only=True)
class PilotPlan:
    """A pilot: what it takes, and what it is worth to know its result before choosing."""

    options: tuple[str, ...]
    """One tuned option, or the best and the runner-up together."""
    labels: float
    """Labels the pilot trains on; 0 where the option trains on none. [count]"""
    labels_usd: float
    """Their bill, guidelines and tools included. [USD]"""
    training_usd: float
    """One run. [USD]"""
    evaluation_usd: float
    """Judging the answers. [USD]"""
    expected_quality: tuple[float, ...]
    """Mean quality that the pilot would show, by option. [1]"""
    found: Pilot
    """The number of answers with the highest net worth, which may be negative."""

    @property
    def pays(self) -> Literal["yes", "perhaps", "no"]:
        """Whether it is worth more than it costs; perhaps where that is within two standard errors."""
        if self.found.pays:
            return "yes"
        return "perhaps" if self.found.net_usd > 0 else "no"


def pilots(
    base: Estimate, *, net_benefit: Array, labels: float = LABELS, catalog: Catalog, items: Sequence[int] = ITEMS
) -> tuple[PilotPlan, ...]:
    """A pilot of every tuned option that may be chosen, and of the best two together: measure after a few labels.

    The quality at these labels, the bill and the run are those of the same option with so many labels, in the same
    futures.

    Args:
        base: The estimate that is to be decided on.
        net_benefit: Futures of the eligible options, shape (options, futures). [USD]
        labels: Labels of the pilot; an option that is tuned on fewer is tried on those. [count]
        catalog: Prices and evidence of the estimate.
        items: Answers judged, sizes to compare. [count]

    Returns:
        One plan per eligible tuned option and one of the best two, by net worth. [USD]

    Raises:
        InputError: labels or items are below 1.
        EstimatorError: an input cannot be used.
    """
    if labels < 1 or not items or min(items) < 1:
        raise InputError(f"pilot: {labels:g} labels and {list(items)} answers; give at least 1 of each")
    if base.draws < 2:
        return ()
    today = {
        name: option.parts
        for name, option in base.options.items()
        if option.parts is not None and option.standing.eligible
    }
    tuned = {name: parts.money.option for name, parts in today.items() if parts.money.option.spec.tuning is not None}
    small = today | (_with_labels(base, tuned, labels, catalog) if tuned else {})
    verdict = base.decision.verdict
    pair = tuple(name for name in (verdict.best, verdict.runner_up) if name in small)
    tried: list[tuple[str, ...]] = [(name,) for name in tuned if name in small]
    tried += [pair] if len(pair) > 1 else []
    plans = [_plan({name: small[name] for name in names}, net_benefit, items, base.seed) for names in tried]
    return tuple(sorted(plans, key=lambda plan: -plan.found.net_usd))


def _with_labels(
    base: Estimate, tuned: Mapping[str, OptionInputs], labels: float, catalog: Catalog
) -> dict[str, OptionParts]:
    """Parts of the options when each is trained on the labels of the pilot."""
    key = "tuning.labels"
    held = {
        (option.shown(key) if option.given(key) is not None else key): min(labels, central(option[key]))
        for option in tuned.values()
    }
    options = resolve(base.scenario, catalog=catalog, on=base.on, draws=base.draws, seed=base.seed, pinned=held)
    parts = ask_rooms(options)
    return {name: part for name in tuned if isinstance(part := parts[name], OptionParts)}


def _plan(tried: Mapping[str, OptionParts], net_benefit: Array, items: Sequence[int], seed: int) -> PilotPlan:
    """One pilot of one option, or of several at once: their labels are bought once."""
    size = net_benefit.shape[1] + 1
    quality = np.stack([np.broadcast_to(parts.quality.start, (size,))[1:] for parts in tried.values()])
    money = [parts.money for parts in tried.values()]
    labelling = max(central(part.data.total) if part.data else 0.0 for part in money)
    training = sum(central(part.sizing.usd_per_run) if part.sizing else 0.0 for part in money)
    fixed, per_item = labelling + training, sum(central(evaluation_set_of(part.option)[1]) for part in money)
    sizes = [
        value_of_pilot(
            net_benefit=net_benefit, quality=quality, items=count, cost_usd=fixed + count * per_item, seed=seed
        )
        for count in items
    ]
    found = max(sizes, key=lambda pilot: pilot.net_usd)
    return PilotPlan(
        options=tuple(tried),
        labels=max(central(part.data.labels) if part.data else 0.0 for part in money),
        labels_usd=labelling,
        training_usd=training,
        evaluation_usd=found.items * per_item,
        expected_quality=tuple(map(float, quality.mean(axis=1))),
        found=found,
    )
