"""What changed from one result to another, line by line: results now, or results stored as JSON earlier."""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import date
from functools import partial
from typing import Any

from estimator.attribution import Causes, Figures, causes_between, figures_of
from estimator.catalog import Catalog
from estimator.differences import Change, Sign, changed_inputs
from estimator.errors import EstimatorError, ScenarioError
from estimator.money import USD, Currency, in_usd
from estimator.pipeline import outcomes_of
from estimator.record import record
from estimator.results import SCHEMA_VERSION, Estimate
from estimator.scenario import Scenario, from_data

SMALLEST_USD = 0.005
"""Half a cent: a line that moves less has not changed. [USD]"""


@record
class Result:
    """One scenario with its figures, as in the JSON of `estimator compare`."""

    label: str
    data: Mapping[str, Any]
    stored: bool
    """Whether the figures were read from a file rather than made now."""
    version: int = SCHEMA_VERSION
    words_in: str = USD.code
    """Currency of its sentences, which stay as they were written."""

    @property
    def scenario(self) -> Scenario:
        """What was asked."""
        return from_data(self.data["scenario"], origin=self.label)


@record
class LineChange:
    """A ledger line in two results, present value in the central case."""

    sign: Sign
    key: str
    label: str
    category: str
    usd: Change


@record
class OptionChange:
    """An option in two results, present value in the central case; its changed lines, the largest change first."""

    name: str
    sign: Sign
    cost: Change | None
    """None where one of the results has no cost for it."""
    net_benefit: Change | None
    quality: Change | None
    before_usd: float | None
    """Cost before; None where it was not there or could not be carried out."""
    after_usd: float | None
    lines: tuple[LineChange, ...]


@record
class Diff:
    """What changed from one result to another."""

    before: Result
    after: Result
    inputs: tuple[tuple[str, Any, Any], ...]
    options: tuple[OptionChange, ...]
    causes: Causes
    drift: tuple[Change, ...]
    """Cost of a stored result, and of the same scenario with the prices and the estimator of today."""
    notes: tuple[str, ...]

    @property
    def verdict(self) -> tuple[str, str]:
        """The verdict before and after, in one sentence each."""
        return str(self.before.data["verdict"]["sentence"]), str(self.after.data["verdict"]["sentence"])


def result_of(estimate: Estimate, label: str) -> Result:
    """An estimate as the result it would be stored as; its sentences stay in the currency they were made in."""
    data = replace(estimate, currency=USD).to_dict()["scenarios"][0]
    return Result(label, data, stored=False, words_in=estimate.currency.code)


def stored_results(data: Any, *, origin: str) -> tuple[Result, ...]:
    """Results that `estimator compare -f json` wrote, in USD whatever currency they were shown in.

    Args:
        data: Content of the file.
        origin: Name of the file.

    Returns:
        One result per scenario.

    Raises:
        ScenarioError: it is no such file.

    Source: the JSON of `estimator compare`.
    """
    try:
        version, scenarios = int(data["schema_version"]), [_in_usd(item) for item in data["scenarios"]]
        words = [str(item["currency"]) for item in data["scenarios"]]
        for item in scenarios:
            str(item["name"]), str(item["verdict"]["sentence"]), dict(item["scenario"])
            for option in item["options"].values():
                _figures(option)
                _lines(option)
    except (KeyError, TypeError, ValueError, AttributeError, IndexError):
        raise ScenarioError(
            f"{origin}: is JSON, but no result of: estimator compare FILE -o base.json; write one and name it"
        ) from None
    return tuple(
        Result(str(item["name"]), item, stored=True, version=version, words_in=code)
        for item, code in zip(scenarios, words, strict=True)
    )


def _in_usd(item: Mapping[str, Any]) -> Any:
    return in_usd(item, Currency(str(item["currency"]), float(item["usd_per_unit"])))


def diff(before: Result, after: Result, *, catalog: Catalog, seed: int = 0, on: date | None = None) -> Diff:
    """Inputs, options and lines that changed, and what each changed input did.

    Args:
        before: Result that is compared against; its stored figures count.
        after: Result that is compared.
        catalog: Prices and evidence of today.
        seed: Seed of the futures.
        on: Day of the prices.

    Returns:
        Changes of the present value in the central case. [USD]

    Source: `causes_between`; what a stored result would be today is a change of its own, the drift.
    """
    old, new = before.data, after.data
    names = dict.fromkeys((*old["options"], *new["options"]))
    causes, drift, notes = _causes(before, after, catalog, seed, on)
    return Diff(
        before=before,
        after=after,
        inputs=changed_inputs(old["scenario"], new["scenario"]),
        options=tuple(_option(name, old["options"].get(name), new["options"].get(name)) for name in names),
        causes=causes,
        drift=drift,
        notes=(*_versions(before, after), *_circumstances(before, after), *_words(before, after), *notes),
    )


def _option(name: str, old: Mapping[str, Any] | None, new: Mapping[str, Any] | None) -> OptionChange:
    first, last = (_figures(option) if option else None for option in (old, new))
    lines = _line_changes(name, _lines(old), _lines(new))
    changes: dict[str, Change | None] = dict.fromkeys(("cost", "net_benefit", "quality"))
    if first and last:
        changes = {key: Change(name, key, first[key], last[key]) for key in changes}
    sign: Sign = "+" if old is None else "-" if new is None else "~" if _moves(changes, first, last, lines) else "="
    return OptionChange(
        name=name,
        sign=sign,
        cost=changes["cost"],
        net_benefit=changes["net_benefit"],
        quality=changes["quality"],
        before_usd=first["cost"] if first else None,
        after_usd=last["cost"] if last else None,
        lines=lines,
    )


def _moves(
    changes: Mapping[str, Change | None],
    first: Mapping[str, float] | None,
    last: Mapping[str, float] | None,
    lines: Sequence[LineChange],
) -> bool:
    money = [change for key in ("cost", "net_benefit") if (change := changes[key]) is not None]
    comes_or_goes = (first is None) != (last is None)
    return bool(lines) or comes_or_goes or any(abs(item.difference) > SMALLEST_USD for item in money)


def _figures(option: Mapping[str, Any]) -> dict[str, float] | None:
    """Central cost, net benefit and quality; None where the option cannot be carried out."""
    keys = {"cost": "cost_usd", "net_benefit": "net_benefit_usd", "quality": "quality"}
    if any(option[key] is None or option[key]["central"] is None for key in keys.values()):
        return None
    return {name: float(option[key]["central"]) for name, key in keys.items()}


def _lines(option: Mapping[str, Any] | None) -> dict[str, tuple[str, str, float]]:
    """Label, category and present value of the lines of cost by key. [USD]"""
    if option is None:
        return {}
    return {
        str(line["key"]): (str(line["label"]), str(line["category"]), float(line["present_value_usd"]))
        for line in option["lines"]
        if not str(line["key"]).startswith("value.")
    }


def _line_changes(
    name: str, old: Mapping[str, tuple[str, str, float]], new: Mapping[str, tuple[str, str, float]]
) -> tuple[LineChange, ...]:
    changes = []
    for key in dict.fromkeys((*old, *new)):
        label, category, _ = new[key] if key in new else old[key]
        usd = Change(name, key, old[key][2] if key in old else 0.0, new[key][2] if key in new else 0.0)
        sign: Sign = "+" if key not in old else "-" if key not in new else "~"
        if abs(usd.difference) > SMALLEST_USD:
            changes.append(LineChange(sign, key, label, category, usd))
    return tuple(sorted(changes, key=lambda item: -abs(item.usd.difference)))


def _causes(
    before: Result, after: Result, catalog: Catalog, seed: int, on: date | None
) -> tuple[Causes, tuple[Change, ...], tuple[str, ...]]:
    """What each input did, starting from the stored scenario as it would be today, and how far that has drifted."""
    run = partial(outcomes_of, draws=1, seed=seed, catalog=catalog, on=on, typical=True)
    try:
        first, last = (item.scenario for item in (before, after))
        staged = {
            name for item in (before, after) for name, option in item.data["options"].items() if "staged" in option
        }
        figures: list[Figures] = [
            {name: found for name, found in figures_of(run(scenario)).items() if name not in staged}
            for scenario in (first, last)
        ]
    except EstimatorError as error:
        return Causes(), (), (f"what each change did is not told: {error}",)
    drift = tuple(
        Change(name, "cost", stored["cost"], figures[0][name]["cost"])
        for name, option in before.data["options"].items()
        if before.stored and name in figures[0] and (stored := _figures(option)) is not None
    )
    moved = tuple(change for change in drift if abs(change.difference) > SMALLEST_USD)
    causes = causes_between(first, last, figures=(figures[0], figures[1]), run=run, thorough=True)
    return causes, moved, ()


def _versions(*results: Result) -> tuple[str, ...]:
    return tuple(
        f"{item.label}: written with schema_version {item.version}, this is {SCHEMA_VERSION}; figures may not compare"
        for item in results
        if item.version != SCHEMA_VERSION
    )


def _circumstances(before: Result, after: Result) -> tuple[str, ...]:
    """What differs besides inputs and may move figures by itself."""
    kinds = (("draws", "futures"), ("seed", "seed"), ("prices_on", "day of the prices"))
    old, new = before.data, after.data
    moved = [
        f"{what} {old[key]} → {new[key]}" for key, what in kinds if key in old and key in new and old[key] != new[key]
    ]
    return (f"also different: {', '.join(moved)}; figures move by that too",) if moved else ()


def _words(before: Result, after: Result) -> tuple[str, ...]:
    """Sentences that keep the currency they were written in."""
    if before.words_in == after.words_in:
        return ()
    return (f"verdicts keep their words: the one before is in {before.words_in}, the one now in {after.words_in}",)
