"""Price of a fine-tuning job on a platform that bills per training token."""

import numpy as np

from estimator.units import MILLION, Value


def managed_cost(*, tokens: Value, usd_per_mtok: Value, minimum_usd: Value) -> Value:
    """Bill of one managed run: max(tokens · price, minimum).

    Args:
        tokens: Trained tokens, all epochs. [token]
        usd_per_mtok: Price per million trained tokens. [USD/Mtok]
        minimum_usd: Smallest bill of a job. [USD]

    Returns:
        Cost of one run. [USD]

    Source: definition; price lists of fine-tuning platforms.

    >>> float(managed_cost(tokens=2e6, usd_per_mtok=0.5, minimum_usd=4.0))
    4.0
    >>> float(managed_cost(tokens=20e6, usd_per_mtok=3.0, minimum_usd=0.0))
    60.0
    """
    bill: Value = np.maximum(tokens * usd_per_mtok / MILLION, minimum_usd)
    return bill
