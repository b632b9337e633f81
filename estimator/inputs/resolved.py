"""The frozen set of inputs: each value knows where it came from."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from datetime import date
from typing import Any, Literal

import numpy as np

from estimator.catalog import Accelerator, Architecture, Catalog, Factor, Row, TokenPrice
from estimator.errors import CatalogError, NoPriceError
from estimator.inputs.sampling import Z95, sample
from estimator.scenario import Limits, Option, Quantity, Scenario
from estimator.scenario.reference import reference
from estimator.units import Value, central

Origin = Literal["yours", "preset", "default", "catalog"]
TIME_ERROR = "tuning.time_error"
PRESETS = ("labeller/",)
"""Starts of the ids of rows that come together under a name the user chose."""
MOST_MARGIN = 0.95
"""However large a calibrated peak is, some memory counts as usable. [1]"""
Kind = Literal["prompt", "rag", "tuning", "hybrid", "pretraining", "staged"]


@dataclass(frozen=True, slots=True)
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

    @property
    def is_uncertain(self) -> bool:
        """Whether the input has a range."""
        return isinstance(self.value, np.ndarray)

    @property
    def central(self) -> float:
        """Value of the central case."""
        return central(self.value)


@dataclass(frozen=True)
class World:
    """What all options of a scenario share: the catalog, the day of the prices, the futures."""

    scenario: Scenario
    catalog: Catalog
    on: date
    draws: int
    seed: int
    touched: dict[str, Input] = field(default_factory=dict)
    """Inputs by key in the order in which they were first needed."""
    shared: dict[str, dict[Any, Any]] = field(default_factory=dict)
    """Answers that options with equal choices share, such as a training plan."""
    devices: dict[str, Accelerator] = field(default_factory=dict)
    """Devices that were asked for by name."""
    pinned: Mapping[str, float] = field(default_factory=dict)
    """Values that stand for what the inputs of these keys would be: what if it were so?"""

    def record(self, item: Input) -> Value:
        """Remember an input and hand out its value."""
        if item.key in self.pinned:
            item = replace(item, value=self.pinned[item.key])
        return self.touched.setdefault(item.key, item).value

    def from_row(self, key: str, row: Row, *, origin: Origin) -> Value:
        """Value of a catalog or default row."""
        if key in self.touched:
            return self.touched[key].value
        ranged: Literal["range", "pert"] = "range" if row.distribution == "lognormal" else "pert"
        kind: Literal["point", "range", "pert"] = "point" if row.is_point else ranged
        quantity = Quantity(kind, row.low, row.mode, row.high, row.source)
        value = self._sample(key, quantity, _limits(key))
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
            )
        )

    def finding(self, key: str) -> Row | None:
        """The first of the findings named by `task.evidence` that speaks of a key."""
        kind = self.scenario.task.kind
        names = (f"{name}/{leaf}" for name in self.scenario.task.evidence for leaf in (f"{key}@{kind}", key))
        found = (self.catalog.finding(name) for name in names)
        return next((row for row in found if row is not None), None)

    def from_user(self, key: str, quantity: Quantity, *, shown_as: str) -> Value:
        """Value of what the user wrote; amounts of money are turned into USD."""
        if shown_as in self.touched:
            return self.touched[shown_as].value
        limits = _limits(key)
        unit = limits.unit if limits else "1"
        rate = self.scenario.usd_per_currency_unit
        if rate is not None and unit.startswith("USD") and key != "usd_per_currency_unit":
            quantity, limits = quantity.scaled(rate.mode), None
        value = self._sample(key, quantity, limits)
        source = quantity.source or "scenario file"
        return self.record(Input(shown_as, unit, value, quantity.low, quantity.high, "yours", source, "given", None))

    def from_runs(self, key: str, factor: Factor, *, shown_as: str) -> Value:
        """Measured over predicted in the user's own runs: lognormal around their mean."""
        if shown_as in self.touched:
            return self.touched[shown_as].value
        reach = float(np.exp(Z95 * factor.predictive_spread))
        low, high = factor.factor / reach, factor.factor * reach
        source = f"calibrated, n = {factor.n} ({factor.method} on {factor.gpu}; {self.catalog.calibration.origin})"
        value = self._sample(key, Quantity("range", low, factor.factor, high, source), None)
        return self.record(Input(shown_as, "ratio", value, low, high, "yours", source, "measured", None))

    def _sample(self, key: str, quantity: Quantity, limits: Limits | None) -> Value:
        return sample(quantity=quantity, stream=key, draws=self.draws, seed=self.seed, limits=limits)


@dataclass(frozen=True)
class OptionInputs:
    """All inputs of one option; numbers by scenario key, choices through `spec`."""

    name: str
    spec: Option
    world: World
    kind: Kind
    architecture: Architecture | None
    """Shape of an open-weights model; None for a hosted model."""
    token_price: TokenPrice | None
    """Price of a hosted model; None for open weights."""

    @property
    def scenario(self) -> Scenario:
        """The scenario the option belongs to."""
        return self.world.scenario

    @property
    def months(self) -> int:
        """Length of the horizon. [month]"""
        return self.scenario.horizon

    @property
    def model(self) -> str:
        """Name of the base model."""
        return str(self.spec.model)

    def given(self, key: str) -> Quantity | None:
        """What the user wrote under a key, if anything."""
        root: Any = self.scenario if key.split(".")[0] in _SHARED else self.spec
        for step in key.split("."):
            root = getattr(root, step, None)
        return root if isinstance(root, Quantity) else None

    def __getitem__(self, key: str) -> Value:
        quantity = self.given(key)
        if quantity is not None:
            return self.world.from_user(key, quantity, shown_as=self.shown(key))
        factor = self.calibrated("time") if key == TIME_ERROR else None
        if factor is not None:
            return self.world.from_runs(key, factor, shown_as=self.shown(key))
        if key in self.world.touched:
            return self.world.touched[key].value
        finding = self.world.finding(key)
        if finding is not None:
            return self.world.from_row(key, finding, origin="catalog")
        row = self.world.catalog.default(key, self.scenario.task.kind, self.world.on)
        if row is None:
            raise CatalogError(f"{key} is not given and has no default row; add it to options.{self.name}")
        return self.world.from_row(key, row, origin="default")

    def calibrated(self, quantity: Literal["time", "memory"]) -> Factor | None:
        """Factor of the user's own runs that applies to this option, if there is one."""
        tuning = self.spec.tuning
        if tuning is None or not self.world.catalog.calibration.factors:
            return None
        gpu = self.accelerator("tuning.gpu", tuning.gpu).name if tuning.gpu else None
        return self.world.catalog.calibration.find(quantity, method=tuning.method or "lora", gpu=gpu)

    def memory_margin(self, usual: float) -> float:
        """Share of device memory kept free, so that calibrated peaks fit: 1 − (1 − usual)/factor, at least 0."""
        factor = self.calibrated("memory")
        if factor is None:
            return usual
        needed = central(
            self.world.from_runs("tuning.memory_error", factor, shown_as=self.shown("tuning.memory_error"))
        )
        return min(max(1.0 - (1.0 - usual) / needed, 0.0), MOST_MARGIN)

    def shown(self, key: str) -> str:
        """A key as it stands in the file: keys of an option carry its name."""
        return key if key.split(".")[0] in _SHARED else f"options.{self.name}.{key}"

    def price(self, row_id: str, *, key: str = "") -> Value:
        """Value of a catalog row on the day of the prices; `key` is where the user named the row."""
        if row_id in self.world.touched:
            return self.world.touched[row_id].value
        try:
            row = self.world.catalog.row(row_id, self.world.on)
        except CatalogError as error:
            if not key:
                raise
            kind = NoPriceError if isinstance(error, NoPriceError) else CatalogError
            raise kind(f"{self.shown(key)}: {error}") from None
        return self.world.from_row(row_id, row, origin="preset" if row_id.startswith(PRESETS) else "catalog")

    def certain(self, row: Row) -> float:
        """Record a catalog row that is used at its most likely value, such as the rent of a GPU."""
        origin: Origin = "yours" if row.overlay else "catalog"
        mode = row.mode
        return central(
            self.world.record(
                Input(row.id, row.unit, mode, mode, mode, origin, row.cited, row.basis, row.valid_from, row.what)
            )
        )

    def accelerator(self, key: str, name: str) -> Accelerator:
        """A device by name; an unknown one is reported with the key it was written under."""
        try:
            device = self.world.catalog.accelerator(name)
        except CatalogError as error:
            raise CatalogError(f"options.{self.name}.{key}: {error}") from None
        return self.world.devices.setdefault(device.name, device)

    def fact(self, key: str, unit: str, value: float, source: str, *, note: str = "") -> float:
        """Record a certain catalog figure that has no row of its own, such as a token price."""
        item = Input(key, unit, value, value, value, "catalog", source, "published", self.world.on, note)
        return central(self.world.record(item))


_SHARED = frozenset({"workload", "task", "discount_rate", "usd_per_currency_unit"})


def _limits(key: str) -> Limits | None:
    known = reference().get(key)
    return known.limits if known else None


def used(inputs: Iterable[Input]) -> tuple[Input, ...]:
    """Inputs sorted by origin (yours first) and key."""
    order = {"yours": 0, "preset": 1, "catalog": 2, "default": 3}
    return tuple(sorted(inputs, key=lambda item: (order[item.origin], item.key)))
