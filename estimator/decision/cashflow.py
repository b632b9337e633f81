"""Money over time of one option against another: what the difference earns, when and at which volume it pays."""

from collections.abc import Sequence
from dataclasses import fields, replace
from typing import Literal

import numpy as np
import numpy.typing as npt

from estimator.decision.outcome import Band, Outcome, band
from estimator.record import record
from estimator.tco import Ledger, annual_rate, break_even_month, internal_rates
from estimator.units import MONTHS_PER_YEAR, Array, central

AT_ONCE = 20_000
"""Futures whose months are looked at together: all of them would take more memory than the rest. [count]"""
Side = Literal["above", "below", "always", "never"]
_STEPPED = frozenset({"replica-hour", "retraining"})
"""Units of lines that answer to the volume in steps or by a decision, not in proportion."""


@record
class Spending:
    """Undiscounted cost of one option, split as the books split it."""

    capex_usd: Band
    opex_usd: Band
    one_off_usd: Band
    recurring_usd: Band


@record
class BreakEvenVolume:
    """Volume at which two options are worth the same, the shape of the volume over time being kept."""

    requests_per_month: Band
    """Requests of the first month at full volume; infinite where no volume makes them equal."""
    pays: Side
    """On which side of it the option is the better one, in the central case."""
    is_exact: bool
    """False where replica-hours or a retraining schedule, which move in steps, are held as they are today."""


@record
class Gain:
    """What one option earns over another; income is value gained plus cost saved."""

    option: str
    baseline: str
    npv_usd: Band
    irr_per_month: Band | None
    """Over the futures that have a rate; None where none has."""
    irr_per_year: Band | None
    irr_share: float
    """Share of futures in which the stream changes sign, so that it has a rate. [1]"""
    several_rates_share: float
    """Share of futures with more than one rate, of which the one nearest to zero is shown. [1]"""
    payback_months: Band
    """Month from which the undiscounted sum stays at or above zero; infinite is never."""
    break_even_month: Band
    """The same with the discounted sum."""
    payback_share: float
    """Share of futures that pay back within the horizon. [1]"""
    break_even_share: float
    break_even_volume: BreakEvenVolume


def net_flow(outcome: Outcome) -> Array:
    """Value minus cost of each month.

    Args:
        outcome: One option. [USD]

    Returns:
        Shape (1 or n, months + 1). [USD]

    Source: definition.
    """
    return outcome.net_flow_of(0, outcome.size)


def incremental_flow(option: Outcome, baseline: Outcome, *, first: int = 0, end: int | None = None) -> Array:
    """What an option brings in over another in each month: value gained plus cost saved.

    Args:
        option: The option. [USD]
        baseline: What it is held against. [USD]
        first: First of the rows that are asked for; row 0 is the central case. [1]
        end: Row after the last of them; all that follow where None. [1]

    Returns:
        Shape (rows, months + 1), 1 + futures rows where all are asked for. [USD]

    Source: definition of an incremental cash flow.
    """
    end = option.size if end is None else end
    flow = option.net_flow_of(first, end) - baseline.net_flow_of(first, end)
    return np.broadcast_to(flow, (end - first, flow.shape[1]))


def gain_of(option: Outcome, baseline: Outcome) -> Gain:
    """Measures of an option against any other.

    Args:
        option: The option. [USD]
        baseline: What it is held against. [USD]

    Returns:
        The measures. [USD, months, 1/month]

    Source: net present value, internal rate of return, payback: any text on capital budgeting.
    """
    starts = range(0, option.size, AT_ONCE)
    blocks = [_measures(option, baseline, first, min(first + AT_ONCE, option.size)) for first in starts]
    worth, rate, rates, back, even = (np.concatenate(part) for part in zip(*blocks, strict=True))
    monthly = _band_of_some(rate)
    return Gain(
        option=option.name,
        baseline=baseline.name,
        npv_usd=band(worth),
        irr_per_month=monthly,
        irr_per_year=_yearly(monthly),
        irr_share=_share(np.isfinite(rate)),
        several_rates_share=_share(rates > 1),
        payback_months=band(back),
        break_even_month=band(even),
        payback_share=_share(np.isfinite(back)),
        break_even_share=_share(np.isfinite(even)),
        break_even_volume=volume_of(option, baseline),
    )


def _measures(option: Outcome, baseline: Outcome, first: int, end: int) -> tuple[Array, ...]:
    """Present value, rate of return, number of rates, month of payback and of break-even in some of the futures."""
    flow = incremental_flow(option, baseline, first=first, end=end)
    worth = flow * option.costs.factors_of(first, end)
    rate, rates = internal_rates(flows=flow)
    back = break_even_month(cumulative_gain=np.cumsum(flow, axis=1))
    even = break_even_month(cumulative_gain=np.cumsum(worth, axis=1))
    return worth.sum(axis=1), rate, rates, back, even


def gains_of(outcomes: Sequence[Outcome]) -> dict[tuple[str, str], Gain]:
    """Every option that can be carried out against every other.

    Args:
        outcomes: The options. [USD]

    Returns:
        Gain by option and baseline. [USD]

    Source: `gain_of`.
    """
    able = [outcome for outcome in outcomes if not outcome.infeasible]
    return {(a.name, b.name): gain_of(a, b) for a in able for b in able if a is not b}


def volume_of(option: Outcome, baseline: Outcome) -> BreakEvenVolume:
    """Volume at which an option is worth as much as another: λ = −A/B times today's, net gain A + λ B.

    A is the present value of the gain in lines that stay when the volume changes, B that of the lines that follow it.
    With one-off and monthly costs and a saving per request this is (ΔF/H + Δops)/saving.

    Args:
        option: The option. [USD]
        baseline: What it is held against. [USD]

    Returns:
        The volume. [requests/month]

    Source: break-even analysis, equal to `break_even_volume` at a discount rate of 0.
    """
    fixed, fixed_base = (item.benefits.stays - item.costs.stays for item in (option, baseline))
    follows, follows_base = (item.benefits.follows - item.costs.follows for item in (option, baseline))
    stays, moves = np.broadcast_arrays(fixed - fixed_base, follows - follows_base)
    crosses = stays * moves < 0
    scale = np.where(crosses, -stays / np.where(crosses, moves, 1.0), np.inf)
    volume = np.broadcast_to(scale * option.full_requests, (option.size,))
    lines = (*option.costs.lines, *baseline.costs.lines)
    return BreakEvenVolume(
        requests_per_month=band(volume),
        pays=_side(central(stays), central(moves)),
        is_exact=not any(line.unit in _STEPPED for line in lines),
    )


def spending_of(costs: Ledger) -> Spending:
    """Undiscounted cost by treatment in the books and by nature.

    Args:
        costs: Ledger of costs. [USD]

    Returns:
        Totals over the horizon. [USD]

    Source: `Line.treatment`, `Line.nature`.
    """

    def total(attribute: str, wanted: str) -> Band:
        return band(sum((line.total for line in costs.lines if getattr(line, attribute) == wanted), np.zeros(1)))

    return Spending(
        capex_usd=total("treatment", "capex"),
        opex_usd=total("treatment", "opex"),
        one_off_usd=total("nature", "one_off"),
        recurring_usd=total("nature", "recurring"),
    )


def _side(stays: float, moves: float) -> Side:
    if stays * moves < 0:
        return "above" if moves > 0 else "below"
    return "always" if stays + moves >= 0 else "never"


def _band_of_some(values: Array) -> Band | None:
    """Band over the futures that have a value; its central figure is nan where the central case has none."""
    futures = values[1:] if values.size > 1 else values
    some = futures[np.isfinite(futures)]
    return band(np.concatenate((values[:1], some))) if some.size else None


def _yearly(monthly: Band | None) -> Band | None:
    """Each figure compounded: the mean is that of the monthly rate, which a few extreme futures do not carry away."""
    if monthly is None:
        return None
    yearly = Band(*(float(annual_rate(monthly=getattr(monthly, item.name))) for item in fields(Band)))
    slope = MONTHS_PER_YEAR * (1.0 + monthly.mean) ** (MONTHS_PER_YEAR - 1)
    return replace(yearly, se=monthly.se * slope)  # an error is no rate: it grows by the slope at the mean


def _share(holds: npt.NDArray[np.bool_]) -> float:
    return float((holds[1:] if holds.size > 1 else holds).mean())
