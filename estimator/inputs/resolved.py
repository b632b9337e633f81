"""The frozen set of inputs: each value knows where it came from."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from datetime import date
from functools import cached_property
from typing import Any, Literal
from zlib import crc32

import numpy as np

from estimator.catalog import Accelerator, Architecture, Catalog, Factor, Licence, Row, TokenPrice
from estimator.errors import CatalogError, NoPriceError
from estimator.inputs.presets import claim
from estimator.inputs.sampling import Z95, Ranks, quantity_of, sample
from estimator.scenario import Limits, Option, Quantity, Scenario
from estimator.scenario.reference import reference
from estimator.units import Value, central

Origin = Literal["yours", "preset", "default", "catalog"]
TIME_ERROR = "tuning.time_error"
STANDARD_DRAWS = 2048
ESCALATION = "escalation."
PRESETS = ("labeller/",)
"""Starts of the ids of rows that come together under a name the user chose."""
MOST_MARGIN = 0.95
"""However large a calibrated peak is, some memory counts as usable. [1]"""
Kind = Literal["prompt", "rag", "tuning", "hybrid", "pretraining"]


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


@dataclass(frozen=True)
class World:
    """What all options of a scenario share: the catalog, the day of the prices, the futures."""

    scenario: Scenario
    catalog: Catalog
    on: date
    draws: int
    seed: int
    typical: bool = False
    """Every input that is not pinned takes its central value: one axis of what-ifs instead of futures."""
    touched: dict[str, Input] = field(default_factory=dict)
    """Inputs by key in the order in which they were first needed."""
    shared: dict[str, dict[Any, Any]] = field(default_factory=dict)
    """Answers that options with equal choices share, such as a training plan."""
    devices: dict[str, Accelerator] = field(default_factory=dict)
    """Devices that were asked for by name."""
    pinned: Mapping[str, Value] = field(default_factory=dict)
    """What the inputs of these keys would be: what if it were so? One value, or one per future, central case first."""
    ranks: dict[str, Ranks] = field(default_factory=dict)
    """Order of the futures of the streams that `correlations` names."""

    @cached_property
    def standard(self) -> "World":
        """The same world in the same few futures whatever was asked for: what is fitted there depends on no draw."""
        held = {key: central(value) for key, value in self.pinned.items()}
        return World(self.scenario, self.catalog, self.on, STANDARD_DRAWS, 0, pinned=held)

    def record(self, item: Input) -> Value:
        """Remember an input and hand out its value."""
        if item.key in self.pinned:
            item = replace(item, value=self.pinned[item.key])
        return self.touched.setdefault(item.key, item).value

    def from_row(self, key: str, row: Row, *, origin: Origin) -> Value:
        """Value of a catalog or default row."""
        if key in self.touched:
            return self.touched[key].value
        value = self._sample(key, quantity_of(row), _limits(key))
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

    def from_user(self, key: str, quantity: Quantity, *, shown_as: str) -> Value:
        """Value of what the user wrote; amounts of money are turned into USD."""
        if shown_as in self.touched:
            return self.touched[shown_as].value
        limits = _limits(key)
        unit = limits.unit if limits else "1"
        claimed = claim(self.scenario.template, shown_as, quantity, quantity.source)
        rate = self.scenario.usd_per_currency_unit
        if rate is not None and unit.startswith("USD") and key != "usd_per_currency_unit":
            quantity, limits = quantity.scaled(rate.mode), None
        value = self._sample(key, quantity, limits)
        return self.record(Input(shown_as, unit, value, quantity.low, quantity.high, *claimed))

    def from_runs(self, key: str, factor: Factor, *, shown_as: str) -> Value:
        """Measured over predicted in the user's own runs: lognormal around their mean."""
        if shown_as in self.touched:
            return self.touched[shown_as].value
        reach = float(np.exp(Z95 * factor.predictive_spread))
        low, high = factor.factor / reach, factor.factor * reach
        source = f"calibrated, n = {factor.n} ({factor.method} on {factor.gpu}; {self.catalog.calibration.origin})"
        value = self._sample(key, Quantity("range", low, factor.factor, high, source), None)
        return self.record(Input(shown_as, "ratio", value, low, high, "yours", source, "measured", None))

    def chance(self, name: str) -> Value:
        """Uniform on (0, 1], one per future; ½ in the central case."""
        if self.typical:
            return 0.5
        rng = np.random.default_rng([self.seed, crc32(name.encode())])
        return np.concatenate(([0.5], 1.0 - rng.random(self.draws)))

    def _sample(self, key: str, quantity: Quantity, limits: Limits | None) -> Value:
        if self.typical:
            return quantity.mode
        ranks = self.ranks.get(key)
        return sample(quantity=quantity, stream=key, draws=self.draws, seed=self.seed, limits=limits, ranks=ranks)


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
    def launch(self) -> int:
        """Months of the horizon before it goes live. [month]"""
        return self.spec.launch_month or 0

    @property
    def months(self) -> int:
        """Months of the horizon in which it is live. [month]"""
        return self.scenario.horizon - self.launch

    @property
    def model(self) -> str:
        """Name of the base model."""
        return str(self.spec.model)

    @property
    def licence(self) -> Licence | None:
        """Terms of open weights; None where none are used: a hosted model, or one trained from scratch."""
        weights = self.architecture is not None and self.spec.pretraining is None
        return self.world.catalog.licence(self.model) if weights else None

    def given(self, key: str) -> Quantity | None:
        """What the user wrote under a key, if anything."""
        if key.startswith(ESCALATION):  # keys of a mapping may hold dots
            return self.scenario.escalation.get(key.removeprefix(ESCALATION))
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
        """Record a catalog row that is used at its most likely value in every future, such as a constant."""
        return central(self.rent(row))

    def rent(self, row: Row) -> Value:
        """Record a price that is a choice's own, such as the rent of a GPU: certain unless it is pinned."""
        origin: Origin = "yours" if row.overlay else "catalog"
        mode = row.mode
        return self.world.record(
            Input(
                row.id, row.unit, mode, mode, mode, origin, row.cited, row.basis, row.valid_from, row.what, row.read_on
            )
        )

    def accelerator(self, key: str, name: str) -> Accelerator:
        """A device by name; an unknown one is reported with the key it was written under."""
        try:
            device = self.world.catalog.accelerator(name)
        except CatalogError as error:
            raise CatalogError(f"options.{self.name}.{key}: {error}") from None
        return self.world.devices.setdefault(device.name, device)

    def fact(self, key: str, unit: str, value: Value, source: str, *, note: str = "") -> Value:
        """Record a certain catalog figure that has no row of its own, such as a token price."""
        middle = central(value)
        item = Input(key, unit, value, middle, middle, "catalog", source, "published", self.world.on, note)
        return self.world.record(item)


_SHARED = frozenset(
    {"workload", "task", "constraints", "discount_rate", "usd_per_currency_unit", "inflation", "escalation"}
)


def _limits(key: str) -> Limits | None:
    known = reference().get("escalation" if key.startswith(ESCALATION) else key)
    return known.limits if known else None


def used(inputs: Iterable[Input]) -> tuple[Input, ...]:
    """Inputs sorted by origin (yours first) and key."""
    order = {"yours": 0, "preset": 1, "catalog": 2, "default": 3}
    return tuple(sorted(inputs, key=lambda item: (order[item.origin], item.key)))
