"""How long the examples are, and what padding or packing makes of it."""

import math
from functools import cache, lru_cache

import numpy as np

from estimator.errors import InputError
from estimator.record import record
from estimator.units import Array, Value, central

Z95 = 1.6448536269514722  # 95 % point of the standard normal
WIDEST_SPREAD = 3.8  # a lognormal's p95 is at most exp(Z95²/2) = 3.87 times its mean
_LOWEST, _HIGHEST, _BINS = -5.0, 7.0, 128
_MAX_EXAMPLES = 1e12
_KNOTS = 128
"""Spreads per unit at which a curve over many draws is evaluated; the error of the lines between is below 0.03 %."""


def lognormal_sigma(*, spread: Value) -> Value:
    """Standard deviation of the log length from p95/mean: σ = z − √(z² − 2 ln r).

    Args:
        spread: r, 95 % quantile of the lengths over their mean, 1 to 3.8. [1]

    Returns:
        σ of the lognormal with that ratio. [1]

    Raises:
        InputError: the ratio is outside 1 to 3.8, where no lognormal has it.

    Source: quantile and mean of the lognormal, ln r = z σ − σ²/2 with z = 1.645.

    >>> round(float(lognormal_sigma(spread=2.0)), 3)
    0.496
    """
    ratio = np.asarray(spread, dtype=float)
    if not (np.all(ratio >= 1.0) and np.all(ratio <= WIDEST_SPREAD)):
        raise InputError(
            f"tuning.length_spread: {np.min(ratio):g} to {np.max(ratio):g} is outside 1 to {WIDEST_SPREAD}; "
            "give the 95 % quantile of the example lengths over their mean"
        )
    sigma: Value = Z95 - np.sqrt(Z95**2 - 2.0 * np.log(ratio))
    return sigma


@cache
def _grid() -> tuple[Array, Array]:
    """Middles of narrow bins of a standard normal, and its distribution function at their edges."""
    edges = np.linspace(_LOWEST, _HIGHEST, _BINS + 1)
    below = np.array([0.5 * math.erfc(-edge / math.sqrt(2.0)) for edge in edges])
    below[0], below[-1] = 0.0, 1.0
    return (edges[:-1] + edges[1:]) / 2.0, below


def expected_longest(*, mean_tokens: Value, sigma: Value, count: Value, limit_tokens: float = math.inf) -> Value:
    """Expected longest of n lognormal lengths: ∫ min(x(z), limit) d Φ(z)ⁿ, x = mean · exp(σ z − σ²/2).

    Args:
        mean_tokens: Mean length. [token]
        sigma: σ of the log length. [1]
        count: n, examples of a micro-batch; 1 gives the mean. [count]
        limit_tokens: Longer examples are cut to this length. [token]

    Returns:
        Expected maximum; broadcasts. [token]

    Source: distribution of a maximum, P(max ≤ x) = P(X ≤ x)ⁿ, summed over 128 bins.

    >>> round(float(expected_longest(mean_tokens=600.0, sigma=0.5, count=1.0)))
    600
    >>> round(float(expected_longest(mean_tokens=600.0, sigma=0.5, count=8.0)))
    1133
    """
    middle, below = _grid()
    mean, width, many = (np.asarray(part, dtype=float)[..., None] for part in (mean_tokens, sigma, count))
    weights = np.diff(below**many, axis=-1)
    lengths = np.minimum(mean * np.exp(width * middle - width**2 / 2.0), limit_tokens)
    longest: Value = np.sum(lengths * weights, axis=-1)
    return longest


@lru_cache(maxsize=1024)
def _of_count(mean: float, spread: float, limit: float, count: float) -> float:
    """Expected longest of so many examples; a plan search asks for the same few micro-batches for every plan."""
    sigma = lognormal_sigma(spread=spread)
    return float(expected_longest(mean_tokens=mean, sigma=sigma, count=count, limit_tokens=limit))


@record(kw_only=True)
class Lengths:
    """Lengths of the training examples and how they share a batch."""

    mean_tokens: Value
    """Mean length of an example. [token]"""
    spread: Value = 1.0
    """95 % quantile of the lengths over their mean. [1]"""
    limit_tokens: float = math.inf
    """Longer examples are cut to this length. [token]"""
    packing: bool = False
    """Several examples share a row of the longest length, instead of being padded to the longest of their batch."""
    packing_waste: Value = 0.01
    """Share of a packed row that stays empty. [1]"""
    padding_waste: Value | None = None
    """Share of processed tokens that are padding, where it is known; else derived from the lengths. [1]"""

    def central(self) -> "Lengths":
        """The same with every uncertain value at its central case."""
        return Lengths(
            mean_tokens=central(self.mean_tokens),
            spread=central(self.spread),
            limit_tokens=self.limit_tokens,
            packing=self.packing,
            packing_waste=central(self.packing_waste),
            padding_waste=None if self.padding_waste is None else central(self.padding_waste),
        )

    @property
    def kept_tokens(self) -> Value:
        """Mean length after cutting. [token]."""
        return self._longest(1.0)

    def longest_tokens(self, examples: float) -> float:
        """Length of a row that memory must hold: the expected longest of all examples. [token]."""
        return max(float(np.ceil(central(self._longest(min(max(examples, 1.0), _MAX_EXAMPLES))) - 1e-6)), 1.0)

    def processed_tokens(self, micro_batch: Value) -> Value:
        """Tokens the device works through per example, padding or empty places included. [token]."""
        if self.padding_waste is not None:
            return self.kept_tokens / (1.0 - self.padding_waste)
        if self.packing:
            return self.kept_tokens / (1.0 - self.packing_waste)
        return self._longest(micro_batch)

    def attended_tokens(self, micro_batch: Value) -> Value:
        """Length over which attention runs: the padded one, or the token-weighted mean in packed rows. [token]."""
        if not self.packing:
            return self.processed_tokens(micro_batch)
        return np.minimum(self.kept_tokens * np.exp(lognormal_sigma(spread=self.spread) ** 2), self.limit_tokens)

    def _longest(self, count: Value) -> Value:
        if np.all(np.asarray(self.spread) == 1.0):
            return np.minimum(self.mean_tokens, self.limit_tokens) + 0.0 * np.asarray(count, dtype=float)
        if np.size(count) > 1 and np.size(self.mean_tokens) == np.size(self.spread) == 1:
            mean, spread = central(self.mean_tokens), central(self.spread)
            found = [_of_count(mean, spread, self.limit_tokens, each) for each in np.ravel(count).tolist()]
            return np.reshape(found, np.shape(count))
        if np.size(count) > 1:
            counts, places = np.unique(count, return_inverse=True)
            return np.asarray(self._of_counts(counts))[..., places]
        return self._of_counts(count)

    def _of_counts(self, count: Value) -> Value:
        spread, limit = np.asarray(self.spread, dtype=float), self.limit_tokens

        def exact(spreads: Array) -> Value:
            sigma = lognormal_sigma(spread=spreads)
            return expected_longest(mean_tokens=self.mean_tokens, sigma=sigma, count=count, limit_tokens=limit)

        if spread.size <= 2 * _KNOTS or np.size(self.mean_tokens) > 1 or np.size(count) > 1:
            return exact(spread)
        first, last = math.floor(spread.min() * _KNOTS), math.ceil(spread.max() * _KNOTS)
        grid = np.minimum(np.arange(first, last + 1) / _KNOTS, WIDEST_SPREAD)  # the same knots whichever draws are seen
        drawn: Array = np.interp(spread, grid, exact(grid))
        drawn[:1] = exact(spread[:1])  # the central case is the one the search priced
        return drawn
