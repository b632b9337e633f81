"""What it is worth to know more before choosing, with the standard error of each figure."""

import math

import numpy as np

from estimator.decision.odds import value_of_perfect_information
from estimator.decision.smoothing import conditional_mean
from estimator.record import record
from estimator.units import Array


@record
class Worth:
    """What a piece of information is worth at most, and the standard error that the number of futures leaves."""

    usd: float
    standard_error_usd: float


def perfect_information(*, net_benefit: Array) -> Worth:
    """EVPI = E[max_o NB_o] − max_o E[NB_o], with s.e. = sd(max_o NB_o − NB_best) / √futures.

    Args:
        net_benefit: Eligible options only, shape (options, futures). [USD]

    Returns:
        What it is worth at most to remove all uncertainty before choosing. [USD]

    Source: Raiffa & Schlaifer 1961; Claxton 1999; standard error of a mean of regrets.

    >>> perfect_information(net_benefit=np.array([[1.0, 5.0], [2.0, 3.0]]))
    Worth(usd=0.5, standard_error_usd=0.5)
    """
    regret = net_benefit.max(axis=0) - net_benefit[_best_on_average(net_benefit)]
    return Worth(value_of_perfect_information(net_benefit=net_benefit), _standard_error(regret))


def value_of_knowing(*, net_benefit: Array, values: Array) -> tuple[Worth, ...]:
    """EVPPI(x) = E_x[max_o E[NB_o | x]] − max_o E[NB_o] of each input, between 0 and the EVPI of the same futures.

    Args:
        net_benefit: Eligible options only, shape (options, futures). [USD]
        values: Draws of the inputs, shape (inputs, futures). [units of the inputs]

    Returns:
        What it is worth at most to learn each input alone, shape (inputs,). [USD]

    Raises:
        InputError: Fewer futures than the regression needs.

    Source: Strong, Oakley & Brennan 2014, Medical Decision Making 34(3).

    >>> nb = np.array([[0.0, 0.0, 0.0, 0.0] * 4, [-1.0, -1.0, 1.0, 1.0] * 4])
    >>> value_of_knowing(net_benefit=nb, values=np.array([[1.0, 1.0, 2.0, 2.0] * 4]))[0].usd
    0.5
    """
    return tuple(value_of_knowing_together(net_benefit=net_benefit, values=row[None, :]) for row in values)


def value_of_knowing_together(*, net_benefit: Array, values: Array) -> Worth:
    """EVPPI(x, y, …) = E[max_o E[NB_o | x, y, …]] − max_o E[NB_o] of a group of inputs that are learnt together.

    s.e. = sd(NB_chosen(x, y, …) − NB_best) / √futures, where `chosen` is the option that the knowledge would point to.

    Args:
        net_benefit: Eligible options only, shape (options, futures). [USD]
        values: Draws of the inputs of the group, shape (inputs, futures). [units of the inputs]

    Returns:
        What it is worth at most to learn the whole group, at most the EVPI. [USD]

    Raises:
        InputError: Fewer futures than the regression needs.

    Source: Strong, Oakley & Brennan 2014, Medical Decision Making 34(3); standard error from the influence function
    of the value of a policy (Athey & Wager 2021, Econometrica 89(1)).

    >>> x, y = np.tile([-1.0, -1.0, 1.0, 1.0], 16), np.tile([-1.0, 1.0], 32)
    >>> nb = np.stack([0 * x, x * y])
    >>> round(value_of_knowing_together(net_benefit=nb, values=np.stack([x, y])).usd, 6)
    0.5
    """
    best = _best_on_average(net_benefit)
    gain = net_benefit - net_benefit[best]
    expected = conditional_mean(outcomes=gain, values=values)
    expected[best] = 0.0
    usd = float(np.clip(expected.max(axis=0).mean(), 0.0, value_of_perfect_information(net_benefit=net_benefit)))
    chosen = np.take_along_axis(gain, expected.argmax(axis=0)[None, :], axis=0)[0]
    return Worth(usd, _standard_error(chosen) if usd > 0 else 0.0)


def _best_on_average(net_benefit: Array) -> int:
    return int(net_benefit.mean(axis=1).argmax())


def _standard_error(values: Array) -> float:
    return float(values.std(ddof=1)) / math.sqrt(values.size) if values.size > 1 else math.inf
