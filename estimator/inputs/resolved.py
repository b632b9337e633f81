"""The frozen set of inputs of one option: each value knows where it came from."""

from typing import Any, Literal

from estimator.catalog import Accelerator, Architecture, Factor, GpuOffer, Licence, Row, TokenPrice, offers_within
from estimator.errors import CatalogError, NoPriceError
from estimator.inputs.world import ESCALATION, Input, Origin, World
from estimator.record import record
from estimator.scenario import Option, Quantity, Scenario
from estimator.units import Value, central

TIME_ERROR = "tuning.time_error"
PRESETS = ("labeller/",)
"""Starts of the ids of rows that come together under a name the user chose."""
MOST_MARGIN = 0.95
"""However large a calibrated peak is, some memory counts as usable. [1]"""
Kind = Literal["prompt", "rag", "tuning", "hybrid", "pretraining", "staged"]


@record(slots=False)
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

    def placed(self, offers: tuple[GpuOffer, ...]) -> tuple[GpuOffer, ...]:
        """Offers where the option is to run: in its region, else where the data must stay if there are any."""
        if self.spec.region is not None:
            return offers_within(offers, (self.spec.region,))
        demanded = self.scenario.constraints.data_residency if self.scenario.constraints is not None else ()
        return offers_within(offers, demanded) or offers

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
        """A device by name, remembered as used; an unknown one is reported with the key it was written under."""
        device = self.known_accelerator(key, name)
        return self.world.devices.setdefault(device.name, device)

    def known_accelerator(self, key: str, name: str) -> Accelerator:
        """The same where nothing uses it yet."""
        try:
            return self.world.catalog.accelerator(name)
        except CatalogError as error:
            raise CatalogError(f"options.{self.name}.{key}: {error}") from None

    def fact(self, key: str, unit: str, value: Value, source: str, *, note: str = "") -> Value:
        """Record a certain catalog figure that has no row of its own, such as a token price."""
        middle = central(value)
        item = Input(key, unit, value, middle, middle, "catalog", source, "published", self.world.on, note)
        return self.world.record(item)


_SHARED = frozenset(
    {"workload", "task", "constraints", "discount_rate", "usd_per_currency_unit", "inflation", "escalation"}
)
