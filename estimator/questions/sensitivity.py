"""What moves the result, what would change the choice, and what is worth measuring first."""

from datetime import date
from typing import Literal, get_args

import numpy as np

from estimator.catalog import Catalog, load_catalog
from estimator.decision import Bar, tornado
from estimator.errors import InputError, UnknownNameError
from estimator.inputs import Input
from estimator.pipeline import DRAWS, estimate
from estimator.questions.factors import COPIES, Factor, factors_of, require_futures, uncertain
from estimator.questions.indices import SobolStudy, sobol_study
from estimator.questions.measuring import Information, information_of
from estimator.questions.piloting import LABELS
from estimator.questions.whatif import WhatIf
from estimator.record import record
from estimator.results import Estimate
from estimator.scenario import Scenario
from estimator.units import Array

Method = Literal["tornado", "sobol", "evppi"]
METHODS: tuple[Method, ...] = get_args(Method)
TOP = 15
POINTS = 512
SWING = 0.2
"""Share by which a price without a range is moved either way. Judgement. [1]"""
ENDS = (0.05, 0.95)


@record
class Pair:
    """What is asked about: the lead of one option over another, or the net benefit of one alone."""

    option: str
    against: str | None

    def of(self, names: tuple[str, ...], net_benefit: Array) -> Array:
        """The lead, or the net benefit, from figures of all options, shape (points,). [USD]"""
        found: Array = net_benefit[names.index(self.option)]
        return found if self.against is None else found - net_benefit[names.index(self.against)]

    @property
    def words(self) -> str:
        """What the figures are."""
        return f"net benefit of {self.option}" + (f" minus that of {self.against}" if self.against else "")


@record(kw_only=True)
class Moved:
    """One input of a tornado: where it is moved and what follows."""

    factor: Factor
    """Moved together where one figure is written for several options; low and high are those of the first."""
    low: float
    high: float
    assumed: bool
    """Whether its range is assumed, because its source states none."""
    bar: Bar


@record(kw_only=True)
class Tornado:
    """Inputs moved one at a time between their ends, all others at today's values."""

    central: float
    """The result today. [USD]"""
    moved: tuple[Moved, ...]
    """Largest swing first, at most as many as were asked for."""
    tried: int
    """Inputs that were moved. [count]"""


@record(slots=False)
class Sensitivity:
    """The answer by one method; the others are None."""

    estimate: Estimate
    method: Method
    pair: Pair
    tornado: Tornado | None = None
    sobol: SobolStudy | None = None
    information: Information | None = None


def sensitivity(
    scenario: Scenario,
    *,
    method: Method = "tornado",
    top: int = TOP,
    option: str | None = None,
    against: str | None = None,
    draws: int = DRAWS,
    seed: int = 0,
    points: int = POINTS,
    pilot_labels: float = LABELS,
    catalog: Catalog | None = None,
    on: date | None = None,
) -> Sensitivity:
    """Which inputs move the lead of the best option over the runner-up, or are worth measuring.

    Args:
        scenario: What the user asks.
        method: `tornado` (one at a time), `sobol` (all at once, shares of the variance) or `evppi` (what it is worth
            to know an input before choosing).
        top: Inputs shown. [count]
        option: Look at this option instead of the best.
        against: Compare it with this one instead of the runner-up or the best.
        draws: Futures, from which ranges are read. [count]
        seed: Seed of the futures and of the points.
        points: Points per block of the Sobol' design, a power of 2. [count]
        pilot_labels: Labels of the pilot whose worth is computed. [count]
        catalog: Prices and evidence; the package's own where not given.
        on: Day of the prices.

    Returns:
        The answer. [USD, shares]

    Raises:
        InputError: a number is out of range, or no option qualifies and none is named.
        UnknownNameError: no such option.
        EstimatorError: an input cannot be used.
    """
    world = catalog or load_catalog()
    _check(method, top, draws)
    base = estimate(scenario, draws=draws, seed=seed, catalog=world, on=on)
    return sensitivity_of(
        base,
        method=method,
        top=top,
        option=option,
        against=against,
        points=points,
        pilot_labels=pilot_labels,
        catalog=world,
    )


def sensitivity_of(
    base: Estimate,
    *,
    method: Method = "tornado",
    top: int = TOP,
    option: str | None = None,
    against: str | None = None,
    points: int = POINTS,
    pilot_labels: float = LABELS,
    catalog: Catalog | None = None,
) -> Sensitivity:
    """The same for an estimate that is there already, made with the same catalog.

    Returns:
        The answer. [USD, shares]

    Raises:
        EstimatorError: as `sensitivity`.
    """
    _check(method, top, base.draws)
    world = catalog or load_catalog()
    pair = pair_of(base, option=option, against=against)
    if method == "evppi":
        found = information_of(base, lead=lead_of(base, pair), top=top, pilot_labels=pilot_labels, catalog=world)
        return Sensitivity(base, method, pair, information=found)
    what = WhatIf(base=base, catalog=world)
    if method == "tornado":
        return Sensitivity(base, method, pair, tornado=tornado_of(what, pair, top=top))
    study = sobol_study(
        what,
        lead=lead_of(base, pair),
        result=lambda gain: pair.of(what.names, gain),
        top=top,
        points=points,
        seed=base.seed,
    )
    return Sensitivity(base, method, pair, sobol=study)


def _check(method: str, top: int, draws: int) -> None:
    if method not in METHODS:
        raise UnknownNameError("method", method, METHODS, f"choose among {', '.join(METHODS)}")
    if not 1 <= top <= MOST_SHOWN:
        raise InputError(f"top: {top} is outside 1 to {MOST_SHOWN}; {TOP} is a good number")
    require_futures(draws)


MOST_SHOWN = 200
ADVISED_DRAWS = 1_000
"""With fewer futures the error of a worth is as large as the worth."""


def advice_on(base: Estimate, *, catalog: Catalog | None = None, pilot_labels: float = LABELS) -> str:
    """What to measure before choosing, in words, by the worth of knowing it; empty where nothing can be said.

    Args:
        base: The estimate that is to be decided on.
        catalog: Prices and evidence of the estimate; the package's own where not given.
        pilot_labels: Labels of the pilot whose worth is computed. [count]

    Returns:
        Sentences. [text]
    """
    if base.decision.verdict.best is None or base.draws < ADVISED_DRAWS:
        return ""
    lead = lead_of(base, pair_of(base))
    world = catalog or load_catalog()
    return information_of(base, lead=lead, top=1, pilot_labels=pilot_labels, catalog=world).advice


def pair_of(base: Estimate, *, option: str | None = None, against: str | None = None) -> Pair:
    """The options that are compared: the best and the runner-up where none are named.

    Raises:
        InputError: no option qualifies and none is named, or an option is compared with itself.
        UnknownNameError: no such option.
    """
    verdict = base.decision.verdict
    possible = [name for name, item in base.options.items() if not item.outcome.infeasible]
    for field, name in (("option", option), ("against", against)):
        if name is not None and name not in base.options:
            raise UnknownNameError(field, name, list(base.options), f"choose among {', '.join(base.options)}")
        if name is not None and name not in possible:
            raise InputError(f"{field}: {name} cannot be carried out: {base.options[name].outcome.infeasible}")
    first = option or (verdict.best if verdict.best != against else verdict.runner_up)
    if first is None:
        raise InputError(
            "options: none qualifies, so no input can change the choice; `estimator compare` says why for each, "
            "--option NAME looks at one"
        )
    if first == against:
        raise InputError(f"against: {against} is the option itself; name another")
    other = against or (verdict.runner_up if first == verdict.best else verdict.best)
    return Pair(first, other)


def lead_of(base: Estimate, pair: Pair) -> Array:
    """Futures of what the pair is asked about, shape (futures,). [USD]

    Raises:
        InputError: they are not finite.
    """
    names = tuple(base.options)
    lead = pair.of(names, np.stack([base.options[name].outcome.net_benefit[1:] for name in names]))
    if not np.isfinite(lead).all():
        raise InputError(f"options: {pair.words} is no finite number in some futures; check the ranges of their inputs")
    return lead


def tornado_of(what: WhatIf, pair: Pair, *, top: int = TOP) -> Tornado:
    """Every uncertain input at p5 and p95 of its futures, and every price without a range a fifth lower and higher.

    Args:
        what: The estimate, ready to be asked at other values.
        pair: What is looked at.
        top: Bars wanted. [count]

    Returns:
        Bars by swing. [USD]
    """
    base = what.base
    prices = tuple(Factor(item.key, (item,)) for item in base.inputs if _is_bare_price(item))
    factors = (*factors_of(uncertain(base.inputs), together=COPIES), *prices)
    ends = [_ends(factor, assumed=factor in prices) for factor in factors]
    today = float(pair.of(what.names, np.stack([o.outcome.net_benefit[:1] for o in base.options.values()]))[0])
    if not factors:
        return Tornado(central=today, moved=(), tried=0)
    held = {item.key: np.full(2 * len(factors), item.central) for factor in factors for item in factor.inputs}
    for place, (factor, pairs) in enumerate(zip(factors, ends, strict=True)):
        for item, values in zip(factor.inputs, pairs, strict=True):
            held[item.key][2 * place : 2 * place + 2] = values
    results = pair.of(what.names, what.at(held).net_benefit).reshape(-1, 2)
    names = tuple(factor.name for factor in factors)
    bars = tornado(names=names, at_low=results[:, 0], at_high=results[:, 1], central=today)
    moved = tuple(
        Moved(
            factor=factors[place],
            low=float(ends[place][0, 0]),
            high=float(ends[place][0, 1]),
            assumed=factors[place] in prices,
            bar=bar,
        )
        for bar in bars[:top]
        for place in [names.index(bar.name)]
    )
    return Tornado(central=today, moved=moved, tried=len(factors))


def _ends(factor: Factor, *, assumed: bool) -> Array:
    """Low and high value of each input, shape (inputs, 2). [units of the inputs]"""
    if assumed:
        return factor.inputs[0].central * np.array([[1.0 - SWING, 1.0 + SWING]])
    return np.quantile(factor.futures, ENDS, axis=1).T


def _is_bare_price(item: Input) -> bool:
    """Whether an input is a price for which one figure is stated and no range."""
    return item.unit.startswith("USD") and not item.is_uncertain and item.central > 0
