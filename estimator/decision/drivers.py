"""Which uncertain inputs move the decision."""

from collections.abc import Iterable, Sequence

import numpy as np

from estimator.decision.odds import explained_share
from estimator.inputs import Input
from estimator.record import record
from estimator.units import Array

AT_ONCE = 8
"""Inputs looked at together: all of them would be copied twice at a time. [count]"""
WORTH_NAMING = 0.005
"""Inputs that explain less than half a percent are left out of the list."""


@record
class Driver:
    """An uncertain input and the share of the spread it explains alone."""

    key: str
    share: float
    origin: str


def drivers(*, outcome: Array, inputs: Iterable[Input]) -> tuple[Driver, ...]:
    """Uncertain inputs by the share of the outcome's variance they explain, largest first.

    Args:
        outcome: Futures of a result, shape (futures,). [USD]
        inputs: Resolved inputs; certain ones explain nothing. [units of the inputs]

    Returns:
        Drivers, largest first. [1]

    Source: squared correlation, see `explained_share`.
    """
    uncertain: Sequence[Input] = [item for item in inputs if isinstance(item.value, np.ndarray)]
    if not uncertain:
        return ()
    shares = np.concatenate(
        [
            explained_share(outcome=outcome, values=np.stack([np.asarray(item.value)[1:] for item in some]))
            for some in (uncertain[at : at + AT_ONCE] for at in range(0, len(uncertain), AT_ONCE))
        ]
    )
    found = [
        Driver(item.key, float(share), item.origin)
        for item, share in zip(uncertain, shares, strict=True)
        if share >= WORTH_NAMING
    ]
    return tuple(sorted(found, key=lambda driver: (-driver.share, driver.key)))
