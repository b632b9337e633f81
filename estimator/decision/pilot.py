"""What a concrete pilot is worth: it measures the quality of some options on a few items, by chance a little off."""

from collections.abc import Sequence

import numpy as np

from estimator.decision.information import Worth, value_of_knowing_together
from estimator.errors import InputError
from estimator.record import record
from estimator.units import Array


@record
class Pilot:
    """A pilot of a given size: what it is worth, what it costs, and what no pilot of this quality can exceed."""

    items: int
    worth: Worth
    at_most_usd: float
    cost_usd: float

    @property
    def net_usd(self) -> float:
        """Expected gain from running the pilot before choosing; below zero, choose today."""
        return self.worth.usd - self.cost_usd

    @property
    def pays(self) -> bool:
        """Whether the pilot is worth more than it costs, by more than two standard errors."""
        return self.net_usd > 2.0 * self.worth.standard_error_usd


def measured_quality(*, quality: Array, items: int, extra_sd: float = 0.0, seed: int = 0) -> Array:
    """Share of m items answered correctly in a pilot: Binomial(m, clip(q + N(0, sd²), 0, 1)) / m.

    Args:
        quality: True quality in every future, shape (options, futures). [1]
        items: Evaluation items m, the same for every option. [count]
        extra_sd: Standard deviation between the quality of the pilot's training run and that of the later one. [1]
        seed: Seed of the chance in the measurement. [1]

    Returns:
        What the pilot would show in every future, shape (options, futures). [1]

    Raises:
        InputError: A quality outside 0 to 1, no items, or a negative standard deviation.

    Source: binomial sampling of independent items; Strong, Oakley, Brennan & Breeze 2015, step 2 (simulated data).

    >>> measured_quality(quality=np.array([[0.0, 1.0]]), items=50).tolist()
    [[0.0, 1.0]]
    """
    if not ((quality >= 0) & (quality <= 1)).all():
        raise InputError("quality: every draw must lie in 0 to 1; give the share of correct answers")
    if items < 1 or extra_sd < 0:
        raise InputError(f"items: {items}, extra_sd: {extra_sd}; allowed: at least 1 item and a deviation of 0 or more")
    rng = np.random.default_rng(seed)
    shown = np.clip(quality + extra_sd * rng.standard_normal(quality.shape), 0.0, 1.0)
    share: Array = rng.binomial(items, shown) / items
    return share


def value_of_pilot(
    *,
    net_benefit: Array,
    quality: Array,
    items: int,
    cost_usd: float = 0.0,
    extra_sd: float = 0.0,
    seed: int = 0,
) -> Pilot:
    """EVSI = E_data[max_o E[NB_o | data]] − max_o E[NB_o] of measuring quality on m items, never above the EVPPI of it.

    Args:
        net_benefit: Eligible options only, shape (options, futures). [USD]
        quality: What the pilot measures, shape (measured options, futures): the quality at the labels of the pilot, of
            one option or of several on the same items. [1]
        items: Evaluation items; 0 measures nothing. [count]
        cost_usd: Cost of the pilot: labels, training runs, evaluation. [USD]
        extra_sd: Standard deviation between the pilot's training run and the later one. [1]
        seed: Seed of the chance in the measurement. [1]

    Returns:
        The pilot with its worth, the most it could be worth, and its cost. [USD]

    Raises:
        InputError: A quality outside 0 to 1, negative items or deviation, or too few futures.

    Source: Strong, Oakley, Brennan & Breeze 2015, Medical Decision Making 35(5) (EVSI by regression on the data).

    >>> quality = np.tile([0.0, 0.0, 1.0, 1.0], 6)
    >>> nb = np.stack([np.zeros(24), 100 * (quality - 0.5)])
    >>> round(value_of_pilot(net_benefit=nb, quality=quality[None, :], items=20, cost_usd=9.0).net_usd, 6)
    16.0
    """
    most = value_of_knowing_together(net_benefit=net_benefit, values=quality).usd
    if items == 0:
        return Pilot(0, Worth(0.0, 0.0), most, cost_usd)
    seen = measured_quality(quality=quality, items=items, extra_sd=extra_sd, seed=seed)
    found = value_of_knowing_together(net_benefit=net_benefit, values=seen)
    return Pilot(items, Worth(min(found.usd, most), found.standard_error_usd), most, cost_usd)


def best_pilot(
    *,
    net_benefit: Array,
    quality: Array,
    items: Sequence[int],
    fixed_usd: float,
    usd_per_item: float,
    extra_sd: float = 0.0,
    seed: int = 0,
) -> Pilot:
    """The size m with the largest EVSI(m) − fixed − m · price, among the given sizes and no pilot at all.

    Args:
        net_benefit: Eligible options only, shape (options, futures). [USD]
        quality: What the pilot measures, shape (measured options, futures). [1]
        items: Sizes to compare. [count]
        fixed_usd: Cost of any pilot: its labels and training runs. [USD]
        usd_per_item: Cost of one more evaluation item. [USD/item]
        extra_sd: Standard deviation between the pilot's training run and the later one. [1]
        seed: Seed of the chance in the measurement. [1]

    Returns:
        The best pilot; 0 items where none pays. [USD]

    Raises:
        InputError: As `value_of_pilot`.

    Source: expected net gain of sampling, Raiffa & Schlaifer 1961, chapter 4; Willan & Pinto 2005, Statistics in
    Medicine 24(12).

    >>> quality = np.tile([0.0, 0.0, 1.0, 1.0], 6)
    >>> nb = np.stack([np.zeros(24), 100 * (quality - 0.5)])
    >>> best_pilot(net_benefit=nb, quality=quality[None, :], items=[1, 50], fixed_usd=5.0, usd_per_item=0.1).items
    1
    """
    pilots = [
        value_of_pilot(
            net_benefit=net_benefit,
            quality=quality,
            items=size,
            cost_usd=fixed_usd + size * usd_per_item if size else 0.0,
            extra_sd=extra_sd,
            seed=seed,
        )
        for size in (0, *items)
    ]
    return max(pilots, key=lambda pilot: pilot.net_usd)
