"""Inputs with their provenance, and what all options of a scenario share."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import field, replace
from datetime import date
from functools import cached_property
from typing import Any, Literal
from zlib import crc32

import numpy as np

from estimator.catalog import Accelerator, Catalog, Factor, Row, exchange_rate
from estimator.errors import CatalogError
from estimator.inputs.presets import claim
from estimator.inputs.sampling import Z95, Ranks, quantity_of, sample
from estimator.inputs.windows import joined_values
from estimator.record import record
from estimator.scenario import Limits, Quantity, Scenario
from estimator.scenario.reference import reference
from estimator.units import Value, central

Origin = Literal["yours", "preset", "default", "catalog"]
STANDARD_DRAWS = 2048
ESCALATION = "escalation."
_DRAWN = "input "


@record
class Input:
    """One resolved parameter with its provenance."""

    key: str
    unit: str
    value: Value
    low: float
    high: float
    origin: Origin
    source: str
    basis: str
    on: date | None = None
    note: str = ""
    read_on: date | None = None
    """Day on which the source was read."""

    @property
    def is_uncertain(self) -> bool:
        """Whether the input has a range."""
        return isinstance(self.value, np.ndarray)

    @property
    def central(self) -> float:
        """Value of the central case."""
        return central(self.value)


@record(slots=False)
class World:
    """What all options of a scenario share: the catalog, the day of the prices, the futures."""

    scenario: Scenario
    catalog: Catalog
    on: date
    draws: int
    seed: int
    typical: bool = False
    """Every input that is not pinned takes its central value: one axis of what-ifs instead of futures."""
    elapsed: int = 0
    """Months of the scenario before its start as seen here: a later stage of a plan starts within it. [month]"""
    touched: dict[str, Input] = field(default_factory=dict)
    """Inputs by key in the order in which they were first needed."""
    shared: dict[str, dict[Any, Any]] = field(default_factory=dict)
    """Answers that options with equal choices share, such as a training plan."""
    devices: dict[str, Accelerator] = field(default_factory=dict)
    """Devices that were asked for by name."""
    pinned: Mapping[str, Value] = field(default_factory=dict)
    """Values that stand for what the inputs of these keys would be: what if it were so? One for all futures, or one
    for each with the central case first."""
    ranks: dict[str, Ranks] = field(default_factory=dict)
    """Order of the futures of the streams that `correlations` names."""
    window: slice | None = None
    """Which of the futures are seen here; all of them where None."""
    whole: dict[str, Any] = field(default_factory=dict)
    """What is drawn once for all futures, by name, so that every window sees its part of the same draws."""

    @property
    def size(self) -> int:
        """1 + number of futures seen here. [count]"""
        return 1 + (self.draws if self.window is None else self.window.stop - self.window.start)

    def through(self, window: slice) -> "World":
        """The same world in some of its futures, with a memory of its own for what it is asked there."""
        return replace(self, window=window, touched={}, shared={})

    @property
    def standard(self) -> "World":
        """The same world in the same few futures whatever was asked for: what is fitted there depends on no draw."""
        held = {key: central(value) for key, value in self.pinned.items()}

        def few() -> World:
            return World(self.scenario, self.catalog, self.on, STANDARD_DRAWS, 0, pinned=held)

        found: World = self.once(f"standard {self.elapsed}", few)
        return found

    def once(self, name: str, make: Callable[[], Any]) -> Any:
        """What is made once for all windows."""
        if name not in self.whole:
            self.whole[name] = make()
        return self.whole[name]

    def seen(self, value: Value) -> Value:
        """The part of all futures that is seen here, after the central case."""
        if self.window is None or not isinstance(value, np.ndarray) or value.size == 1:
            return value
        return np.concatenate((value[:1], value[1:][self.window]))

    def gather(self, windows: Sequence["World"]) -> dict[tuple[int, ...], Value]:
        """Record over all futures the inputs that windows needed.

        Returns:
            Values of all futures by the ids of their windows' values.
        """
        sizes = [world.size - 1 for world in windows]
        known: dict[tuple[int, ...], Value] = {}
        for touched in [world.touched for world in windows]:
            for key, item in touched.items():
                if key not in self.touched:
                    parts = [world.touched[key].value if key in world.touched else item.central for world in windows]
                    self.touched[key] = replace(item, value=self._gathered(key, parts, sizes))
        for key, item in self.touched.items():
            if item.is_uncertain and all(key in world.touched for world in windows):
                known[tuple(id(world.touched[key].value) for world in windows)] = item.value
        return known

    def _gathered(self, key: str, parts: Sequence[Value], sizes: Sequence[int]) -> Value:
        if key in self.pinned:
            return self.pinned[key]
        drawn: Value | None = self.whole.get(f"{_DRAWN}{key}")
        return joined_values(parts, sizes) if drawn is None else drawn

    def record(self, item: Input) -> Value:
        """Remember an input and hand out its value."""
        if item.key in self.pinned:
            item = replace(item, value=self.seen(self.pinned[item.key]))
        return self.touched.setdefault(item.key, item).value

    def from_row(self, key: str, row: Row, *, origin: Origin) -> Value:
        """Value of a catalog or default row."""
        if key in self.touched:
            return self.touched[key].value
        value = self._sample(key, key, quantity_of(row), _limits(key))
        return self.record(
            Input(
                key=key,
                unit=row.unit,
                value=value,
                low=row.low,
                high=row.high,
                origin="yours" if row.overlay else origin,
                source=row.cited,
                basis=row.basis,
                on=row.valid_from,
                note=row.note,
                read_on=row.read_on,
            )
        )

    def finding(self, key: str) -> Row | None:
        """The first of the findings named by `task.evidence` that speaks of a key."""
        kind = self.scenario.task.kind
        names = (f"{name}/{leaf}" for name in self.scenario.task.evidence for leaf in (f"{key}@{kind}", key))
        found = (self.catalog.finding(name) for name in names)
        return next((row for row in found if row is not None), None)

    @cached_property
    def usd_per_currency_unit(self) -> float:
        """USD that one unit of the scenario's currency buys: the scenario's rate, else the catalog's on the day."""
        given = self.scenario.usd_per_currency_unit
        if given is not None:
            return given.mode
        try:
            row = exchange_rate(self.catalog, self.scenario.currency, on=self.on)
        except CatalogError as error:
            raise CatalogError(f"currency: {error}; or give usd_per_currency_unit") from None
        return central(self.from_row("usd_per_currency_unit", row, origin="catalog"))

    def from_user(self, key: str, quantity: Quantity, *, shown_as: str) -> Value:
        """Value of what the user wrote; amounts of money are turned into USD."""
        if shown_as in self.touched:
            return self.touched[shown_as].value
        limits = _limits(key)
        unit = limits.unit if limits else "1"
        claimed = claim(self.scenario.template, shown_as, quantity, quantity.source)
        if self.scenario.currency != "USD" and unit.startswith("USD") and key != "usd_per_currency_unit":
            quantity, limits = quantity.scaled(self.usd_per_currency_unit), None
        value = self._sample(shown_as, key, quantity, limits)
        return self.record(Input(shown_as, unit, value, quantity.low, quantity.high, *claimed))

    def from_runs(self, key: str, factor: Factor, *, shown_as: str) -> Value:
        """Measured over predicted in the user's own runs: lognormal around their mean."""
        if shown_as in self.touched:
            return self.touched[shown_as].value
        reach = float(np.exp(Z95 * factor.predictive_spread))
        low, high = factor.factor / reach, factor.factor * reach
        source = f"calibrated, n = {factor.n} ({factor.method} on {factor.gpu}; {self.catalog.calibration.origin})"
        value = self._sample(shown_as, key, Quantity("range", low, factor.factor, high, source), None)
        return self.record(Input(shown_as, "ratio", value, low, high, "yours", source, "measured", None))

    def chance(self, name: str) -> Value:
        """Uniform on (0, 1], one per future; ½ in the central case."""
        if self.typical:
            return 0.5

        def draw() -> Value:
            rng = np.random.default_rng([self.seed, crc32(name.encode())])
            return np.concatenate(([0.5], 1.0 - rng.random(self.draws)))

        return self.seen(self.once(f"chance {name}", draw))

    def _sample(self, shown: str, key: str, quantity: Quantity, limits: Limits | None) -> Value:
        if self.typical or quantity.is_point:
            return quantity.mode

        def draw() -> Value:
            ranks = self.ranks.get(key)
            return sample(quantity=quantity, stream=key, draws=self.draws, seed=self.seed, limits=limits, ranks=ranks)

        return draw() if self.window is None else self.seen(self.once(f"{_DRAWN}{shown}", draw))


def _limits(key: str) -> Limits | None:
    known = reference().get("escalation" if key.startswith(ESCALATION) else key)
    return known.limits if known else None


def used(inputs: Iterable[Input]) -> tuple[Input, ...]:
    """Inputs sorted by origin (yours first) and key."""
    order = {"yours": 0, "preset": 1, "catalog": 2, "default": 3}
    return tuple(sorted(inputs, key=lambda item: (order[item.origin], item.key)))
