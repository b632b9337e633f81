"""Which option is best, in how many futures, and what it would be worth to know more."""

import numpy as np

from estimator.decision.brackets import ROUNDING
from estimator.units import Array


def best_option(*, net_benefit: Array, eligible: Array) -> Array:
    """Index of the eligible option with the highest net benefit in each future; the first of several that are alike.

    A plan that moves to another option in some futures adds up to that of its first stage in the others.

    Args:
        net_benefit: Shape (options, futures). [USD]
        eligible: Which options may be chosen, shape (options,). [1]

    Returns:
        Index per future, shape (futures,). [1]

    Source: definition.

    >>> best_option(net_benefit=np.array([[1.0, 5.0], [2.0, 3.0]]), eligible=np.array([True, True])).tolist()
    [1, 0]
    """
    return first_best(np.where(eligible[:, None], net_benefit, -np.inf), axis=0)


def first_best(values: Array, *, axis: int) -> Array:
    """Place of the first of the highest values along an axis; those that differ by rounding alone are alike.

    Args:
        values: Figures of several options. [USD]
        axis: Along which the options stand.

    Returns:
        Places, of the shape of the other axes. [1]

    Source: definition.

    >>> first_best(np.array([[1.0, 3.0, 3.0 + 1e-15]]), axis=1).tolist()
    [1]
    """
    top = values.max(axis=axis, keepdims=True)
    index: Array = (values >= top - ROUNDING * np.abs(top)).argmax(axis=axis)
    return index


def probability_best(*, net_benefit: Array, eligible: Array) -> Array:
    """Share of futures in which each option is the best of the eligible ones.

    Args:
        net_benefit: Shape (options, futures). [USD]
        eligible: Which options may be chosen, shape (options,). [1]

    Returns:
        Shares that sum to 1 when any option is eligible, shape (options,). [1]

    Source: Claxton 1999, J. Health Economics 18(3) (probability of being cost-effective).

    >>> probability_best(net_benefit=np.array([[1.0, 5.0], [2.0, 3.0]]), eligible=np.array([True, True])).tolist()
    [0.5, 0.5]
    """
    if not eligible.any():
        return np.zeros(eligible.size)
    chosen = best_option(net_benefit=net_benefit, eligible=eligible)
    share: Array = np.bincount(chosen, minlength=eligible.size) / net_benefit.shape[1]
    return share


def expected_regret(*, net_benefit: Array, eligible: Array) -> Array:
    """E[max over eligible − own], the average loss from committing to each option today.

    Args:
        net_benefit: Shape (options, futures). [USD]
        eligible: Which options may be chosen, shape (options,). [1]

    Returns:
        Shape (options,). [USD]

    Source: decision theory; the smallest entry is the expected value of perfect information.

    >>> expected_regret(net_benefit=np.array([[1.0, 5.0], [2.0, 3.0]]), eligible=np.array([True, True])).tolist()
    [0.5, 1.0]
    """
    if not eligible.any():
        return np.zeros(eligible.size)
    top = net_benefit[eligible].max(axis=0)
    regret: Array = (top - net_benefit).mean(axis=1)
    return regret


def value_of_perfect_information(*, net_benefit: Array) -> float:
    """EVPI = E[max_o NB_o] − max_o E[NB_o].

    Args:
        net_benefit: Eligible options only, shape (options, futures). [USD]

    Returns:
        What it is worth at most to remove all uncertainty before choosing. [USD]

    Source: Raiffa & Schlaifer 1961; Claxton 1999.

    >>> value_of_perfect_information(net_benefit=np.array([[1.0, 5.0], [2.0, 3.0]]))
    0.5
    """
    return float(net_benefit.max(axis=0).mean() - net_benefit.mean(axis=1).max())


def explained_share(*, outcome: Array, values: Array) -> Array:
    """Squared correlation of each input with an outcome: the share of its spread the input explains alone.

    Args:
        outcome: Draws of a result, shape (futures,). [USD]
        values: Draws of the inputs, shape (inputs, futures). [units of the inputs]

    Returns:
        r² per input, shape (inputs,). [1]

    Source: standardised regression coefficients (Saltelli et al. 2008, section 1.2.5).

    >>> explained_share(outcome=np.array([1.0, 2.0, 3.0]), values=np.array([[2.0, 4.0, 6.0]])).round(6).tolist()
    [1.0]
    """
    centred_outcome = outcome - outcome.mean()
    centred = values - values.mean(axis=1, keepdims=True)
    spread = np.sqrt((centred**2).sum(axis=1) * (centred_outcome**2).sum())
    safe = np.where(spread > 0, spread, 1.0)
    share: Array = np.where(spread > 0, (centred @ centred_outcome / safe) ** 2, 0.0)
    return share
