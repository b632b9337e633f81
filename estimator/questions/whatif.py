"""What if an input were another? Options at held values, all other inputs at their central values."""

from collections.abc import Mapping

import numpy as np
import numpy.typing as npt

from estimator.catalog import Catalog
from estimator.decision import Outcome
from estimator.errors import EstimatorError, InputError, UnknownNameError
from estimator.inputs import Input
from estimator.pipeline import outcomes_of
from estimator.record import record
from estimator.results import Estimate
from estimator.scenario import Limits
from estimator.scenario.reference import reference
from estimator.units import Array

REACH = 4.0
"""How far beyond its 90 % range, as a factor or in ranges, an input is varied to find where the choice changes."""
CERTAIN_REACH = 10.0
"""Factor by which an input without a range is varied either way."""


@record
class Span:
    """Where an input is varied."""

    low: float
    today: float
    high: float
    log: bool
    """Whether steps are equal factors rather than equal differences."""

    def steps(self, count: int) -> Array:
        """Values from low to high, ends included, shape (count,). [unit of the input]"""
        space = np.geomspace if self.log else np.linspace
        return np.asarray(space(self.low, self.high, count), dtype=float)


@record
class Points:
    """Figures of every option at some points."""

    net_benefit: Array
    """Shape (options, points). [USD]"""
    cost: Array
    """Shape (options, points). [USD]"""
    quality: Array
    """Shape (options, points). [1]"""
    eligible: npt.NDArray[np.bool_]
    """Which options may be chosen there, shape (options, points). [1]"""

    @property
    def choosable(self) -> Array:
        """Net benefit where an option may be chosen, minus infinity elsewhere, shape (options, points). [USD]"""
        return np.where(self.eligible, self.net_benefit, -np.inf)

    def part(self, points: slice) -> "Points":
        """Some of the points."""
        return Points(
            net_benefit=self.net_benefit[:, points],
            cost=self.cost[:, points],
            quality=self.quality[:, points],
            eligible=self.eligible[:, points],
        )


@record(kw_only=True, slots=False)
class WhatIf:
    """The options of one estimate, ready to be asked at other values of its inputs."""

    base: Estimate
    catalog: Catalog

    @property
    def names(self) -> tuple[str, ...]:
        """Options in the order of the scenario."""
        return tuple(self.base.options)

    def input(self, key: str) -> Input:
        """An input by key.

        Raises:
            UnknownNameError: the estimate uses no such input.
        """
        known = {item.key: item for item in self.base.inputs}
        if key not in known:
            hint = "estimator explain FILE lists the keys of all inputs"
            raise UnknownNameError("input", key, known, hint)
        return known[key]

    def span(self, key: str) -> Span:
        """Where an input is varied: beyond its 90 % range, inside what its field allows."""
        item = self.input(key)
        today, low, high = item.central, item.low, item.high
        positive = min(low, today) > 0.0
        if low == high and positive:
            low, high = today / CERTAIN_REACH, today * CERTAIN_REACH
        elif positive:
            low, high = low / REACH, high * REACH
        else:
            room = (high - low) * REACH if high > low else max(abs(today), 1.0)
            low, high = low - room, high + room
        least, most = _allowed(key, item)
        low, high = max(low, least), min(high, most)
        return Span(low, today, high, positive and low > 0.0 and high / low > REACH)

    def at(self, held: Mapping[str, Array]) -> Points:
        """Every option at some points, all other inputs at their central values.

        Args:
            held: Values by key of an input, each of shape (points,). [units of the inputs]

        Returns:
            Figures of the options. [USD, shares]

        Raises:
            InputError: the arrays differ in size, or a value is outside what its field allows.
        """
        sizes = {np.size(values) for values in held.values()}
        if len(sizes) != 1:
            raise InputError(f"what-if: values of {', '.join(held)} differ in number; give as many of each")
        for key, values in held.items():
            self._check(key, np.asarray(values))
        size = sizes.pop()
        pinned = {key: np.concatenate(([self.input(key).central], values)) for key, values in held.items()}
        outcomes = outcomes_of(
            self.base.scenario, draws=size, catalog=self.catalog, on=self.base.on, pinned=pinned, typical=True
        )
        return self._points(outcomes, held, size)

    def scan(self, values: Mapping[str, Array]) -> dict[str, Points]:
        """One input at a time moved through its values, the others at their central values; one pass for all.

        Args:
            values: Values to try by key of an input, each of shape (points,). [units of the inputs]

        Returns:
            Figures of the options by key; an input that cannot be moved so far is left out. [USD, shares]

        Raises:
            EstimatorError: the scenario cannot be evaluated.
        """
        ends = np.cumsum([0, *(np.size(column) for column in values.values())])
        places = {key: slice(*ends[place : place + 2]) for place, key in enumerate(values)}
        held = {key: np.full(ends[-1], self.input(key).central) for key in values}
        for key, column in values.items():
            held[key][places[key]] = column
        try:
            points = self.at(held)
        except EstimatorError as error:
            if len(values) == 1:
                return {}
            keys = [key for key in values if not _names(str(error), key)]
            if len(keys) < len(values):
                return self.scan({key: values[key] for key in keys}) if keys else {}
            halves = (keys[: len(keys) // 2], keys[len(keys) // 2 :])
            return {key: found for half in halves for key, found in self.scan({k: values[k] for k in half}).items()}
        return {key: points.part(place) for key, place in places.items()}

    def _points(self, outcomes: tuple[Outcome, ...], held: Mapping[str, Array], size: int) -> Points:
        def figure(name: str) -> Array:
            rows = [np.broadcast_to(getattr(item, name), (size + 1,))[1:] for item in outcomes]
            return np.stack(rows).astype(float)

        quality = figure("mean_quality")
        possible = [not item.infeasible and not item.is_comparison and not self._barred(item.name) for item in outcomes]
        minimum = held.get("task.minimum_quality", self._minimum_quality())
        return Points(
            net_benefit=figure("net_benefit"),
            cost=figure("cost"),
            quality=quality,
            eligible=np.array(possible)[:, None] & (quality >= np.asarray(minimum) - 1e-12),
        )

    def _barred(self, option: str) -> bool:
        """Whether a hard constraint of the scenario, as it stands in the estimate, excludes an option."""
        return any(check.holds is False for check in self.base.options[option].checks)

    def _minimum_quality(self) -> float:
        given = self.base.scenario.task.minimum_quality
        return -np.inf if given is None else given.mode

    def _check(self, key: str, values: Array) -> None:
        least, most = _allowed(key, self.input(key))
        for value in (values.min(), values.max()):
            if not least <= value <= most:
                raise InputError(f"{key}: {value:g} is outside {least:g} to {most:g}; give values inside")


def _names(message: str, key: str) -> bool:
    """Whether an error is about this input: messages begin with the name of the field."""
    field = message.partition(": ")[0]
    return bool(field) and (field == key or field.endswith(f".{key}"))


def _allowed(key: str, item: Input) -> tuple[float, float]:
    """Range of the field an input is written in; prices and other rows stay on their side of zero."""
    known = reference().get(key.split(".", 2)[2] if key.startswith("options.") else key)
    limits: Limits | None = known.limits if known else None
    if limits is None:
        most = max(item.high, float(np.max(item.value)))  # draws may reach beyond the 90 % range
        share = item.unit in {"1", "share"} and item.low >= 0.0 and most <= 1.0
        return (0.0 if item.low >= 0.0 else -np.inf), (1.0 if share else np.inf)
    least = limits.least if limits.least is not None else -np.inf
    if limits.above is not None:
        least = max(least, np.nextafter(limits.above, np.inf))
    return float(least), float(limits.most if limits.most is not None else np.inf)
