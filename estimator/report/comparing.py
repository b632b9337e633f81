"""Several scenarios side by side as tables: what was changed, what each change did, where the options stand."""

from collections.abc import Sequence

from estimator.attribution import Attribution, Causes
from estimator.differences import Difference
from estimator.report.layout import Table
from estimator.report.numbers import money, money_change, points, share
from estimator.results import Comparison

SHOWN_KEYS = 3
"""Inputs of one change that are named in a table."""
UNMOVED = ("", "+0.0 pp", "-0.0 pp")
MEASURES = {"cost": "cost", "net_benefit": "net benefit"}


def changed_inputs_table(inputs: Sequence[tuple[str, object, object]], before: str, after: str) -> Table:
    """Inputs that differ between two scenarios, old → new."""
    rows = [(key, _value(old), _value(new)) for key, old, new in inputs]
    return Table("Changed inputs", ("Input", before, after), tuple(rows))


def inputs_changed_table(difference: Difference, *, full: bool) -> Table:
    """Inputs that differ; those of options that only one scenario has are left out unless all is asked for."""
    left_out = tuple(f"options.{name}." for name in (*difference.only_before, *difference.only_after))
    rows = [row for row in difference.inputs if full or not row[0].startswith(left_out)]
    return changed_inputs_table(rows, difference.before, difference.after)


def effect_tables(causes: Causes, *, before: str, after: str, full: bool) -> list[Table | str]:
    """What each change does alone to cost and net benefit, and what all of them do only together."""
    if causes.note:
        return [f"What each change did is not told: {causes.note}."]
    if not causes.changes:
        return []
    return [
        _effects_table(causes, [item for item in causes.shares if item.measure == measure], name, before, after)
        for measure, name in MEASURES.items()
        if (full or any(item.moved for item in causes.shares if item.measure == measure)) and causes.shares
    ]


def _effects_table(causes: Causes, shares: list[Attribution], name: str, before: str, after: str) -> Table:
    shown = [item for item in shares if item.moved] or shares
    rows = [(f"in {before}", *(money(item.before) for item in shown))]
    rows += [
        (_named(keys), *(_effect(item.effects[place]) for item in shown)) for place, keys in enumerate(causes.changes)
    ]
    rows.append(("only together", *(money_change(item.interaction) for item in shown)))
    rows.append((f"in {after}", *(money(item.after) for item in shown)))
    title = f"What each change does alone to the {name}, present value in the central case"
    return Table(title, ("Change", *(item.option for item in shown)), tuple(rows))


def _effect(usd: float | None) -> str:
    return "not alone" if usd is None else money_change(usd)


def _named(keys: tuple[str, ...]) -> str:
    shown = ", ".join(keys[:SHOWN_KEYS])
    rest = len(keys[SHOWN_KEYS:])
    return f"{shown} and {rest} more" if rest else shown


def side_by_side_table(comparison: Comparison, *, full: bool) -> Table:
    """One row per option and scenario, cost relative to the first scenario; options that did not move are left out."""
    header = ("Option", "Scenario", "Quality", "Cost p50", "Relative cost", "Mean net benefit", "Difference", "P(best)")
    rows = [
        row
        for name in _options(comparison)
        if full or name not in unmoved(comparison)
        for row in _option_rows(comparison, name)
    ]
    title = (
        "Side by side: quality and cost are medians of the futures, net benefit is their mean; "
        "differences are against the first scenario"
    )
    return Table(
        title,
        header,
        tuple(rows),
    )


def _option_rows(comparison: Comparison, name: str) -> list[tuple[str, ...]]:
    rows: list[tuple[str, ...]] = []
    for place, (label, estimate) in enumerate(zip(comparison.labels, comparison.estimates, strict=True)):
        if name not in estimate.options:
            rows.append((name, label, *["–"] * 6))
            continue
        standing = estimate.options[name].standing
        changes = {}
        if place > 0:
            found = comparison.differences[place - 1].options
            changes = {item.measure: item for item in found if item.option == name}
        ratio = changes["cost"].ratio if changes else 1.0 if place == 0 and standing.cost.p50 > 0 else None
        if estimate.options[name].outcome.infeasible:
            rows.append((name, label, *["–"] * 6))
            continue
        moved = points(changes["quality"].difference) if changes else ""
        rows.append(
            (
                name,
                label,
                f"{standing.quality.p50:.2f}{'' if moved in UNMOVED else f' ({moved})'}",
                money(standing.cost.p50),
                "–" if ratio is None else f"{ratio:.2f}",
                money(standing.net_benefit.mean),
                money_change(changes["net_benefit"].difference) if changes else "–",
                share(standing.probability_best) if standing.eligible else "–",
            )
        )
    return rows


def _options(comparison: Comparison) -> tuple[str, ...]:
    return tuple(dict.fromkeys(name for estimate in comparison.estimates for name in estimate.options))


def unmoved(comparison: Comparison) -> tuple[str, ...]:
    """Options that all scenarios have, with the same figures in each."""
    return tuple(
        name
        for name in _options(comparison)
        if all(name in estimate.options for estimate in comparison.estimates)
        and not any(
            change.difference for item in comparison.differences for change in item.options if change.option == name
        )
    )


def conclusion_lines(comparison: Comparison) -> list[str]:
    """The verdict of each scenario in one sentence."""
    return [
        f"{label}: {estimate.decision.verdict.sentence}"
        for label, estimate in zip(comparison.labels, comparison.estimates, strict=True)
    ]


def only_lines(difference: Difference) -> list[str]:
    """Options that only one of two scenarios has."""
    pairs: Sequence[tuple[str, tuple[str, ...]]] = (
        (difference.before, difference.only_before),
        (difference.after, difference.only_after),
    )
    return [f"only in {name}: {', '.join(options)}" for name, options in pairs if options]


def causes(comparison: Comparison) -> tuple[Causes, ...]:
    """What each input did, for each further scenario."""
    return comparison.causes or tuple(Causes() for _ in comparison.estimates[1:])


def _value(value: object) -> str:
    """An input as written.

    >>> _value({"value": 0.05, "source": "--set workload.growth"}), _value({"low": 1, "high": 2})
    ('0.05 (--set workload.growth)', 'low 1, high 2')
    """
    if isinstance(value, dict) and value.keys() == {"value", "source"}:
        return f"{value['value']} ({value['source']})"
    if isinstance(value, dict):
        return ", ".join(f"{key} {item}" for key, item in value.items())
    if isinstance(value, list):
        return "; ".join(_value(item) for item in value)
    return "–" if value is None else str(value)
