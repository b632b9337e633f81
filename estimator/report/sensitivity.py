"""The answer to `estimator sensitivity`: a tornado, Sobol' indices, or what is worth measuring."""

from typing import Any

from estimator.money import shown_currency
from estimator.plain import plain
from estimator.questions.factors import Factor
from estimator.questions.indices import Index, SobolStudy
from estimator.questions.measuring import Information, Known, Theme
from estimator.questions.piloting import PilotPlan
from estimator.questions.sensitivity import Moved, Sensitivity, Tornado
from estimator.report.layout import Table
from estimator.report.numbers import compact, money, share
from estimator.report.sheet import Sheet

CERTAIN = "Every input is certain: nothing moves the result. Give ranges, such as 20k to 200k."


def sensitivity_sheet(found: Sensitivity) -> Sheet:
    """Tables and data of one method."""
    estimate = found.estimate
    title = (
        f"{estimate.name}: {found.pair.words}, over {estimate.scenario.horizon} months · "
        f"{shown_currency().words}, present value · "
        f"prices of {estimate.on}"
    )
    blocks: tuple[Table | str, ...] = ()
    data: dict[str, Any] = {}
    records: list[dict[str, Any]] = []
    if found.tornado is not None:
        data = _tornado_data(found.tornado)
        blocks, records = _tornado(found.tornado), data["inputs"]
    if found.sobol is not None:
        blocks, data, records = (
            _sobol(found.sobol),
            _sobol_data(found.sobol),
            list(map(_index_data, found.sobol.indices)),
        )
    if found.information is not None:
        data = _information_data(found.information)
        blocks, records = _information(found.information), data["inputs"]
    head = {
        "name": estimate.name,
        "prices_on": estimate.on.isoformat(),
        "draws": estimate.draws,
        "seed": estimate.seed,
        "method": found.method,
        "option": found.pair.option,
        "against": found.pair.against,
    }
    return Sheet(title=title, blocks=blocks, data=head | data, records=records)


def _tornado(found: Tornado) -> tuple[Table | str, ...]:
    if not found.moved:
        return (CERTAIN,)
    head = ("Input", "Unit", "Low", "Today", "High", "At low", "At high", "Swing", "Choice turns")
    rows = tuple(
        (
            f"{item.factor.name}{' *' if item.assumed else ''}",
            item.factor.inputs[0].unit,
            *(compact(value) for value in (item.low, item.factor.inputs[0].central, item.high)),
            *(money(value) for value in (item.bar.at_low, item.bar.at_high, item.bar.swing)),
            "yes" if item.bar.changes_sign else "no",
        )
        for item in found.moved
    )
    words = f"Today: {money(found.central)}. {found.tried} inputs were moved, each from p5 to p95 of its futures"
    assumed = any(item.assumed for item in found.moved)
    note = "; * a price without a range, moved by 20 % either way." if assumed else "."
    return (Table("One input at a time, all others at today's values", head, rows), words + note)


def _tornado_data(found: Tornado) -> dict[str, Any]:
    return {"central_usd": found.central, "tried": found.tried, "inputs": list(map(_moved_data, found.moved))}


def _moved_data(item: Moved) -> dict[str, Any]:
    return {
        **_factor_data(item.factor),
        "low": item.low,
        "today": item.factor.inputs[0].central,
        "high": item.high,
        "range_assumed": item.assumed,
        "at_low_usd": item.bar.at_low,
        "at_high_usd": item.bar.at_high,
        "swing_usd": item.bar.swing,
        "changes_sign": item.bar.changes_sign,
    }


def _factor_data(factor: Factor) -> dict[str, Any]:
    first = factor.inputs[0]
    return {
        "input": factor.name,
        "keys": " ".join(item.key for item in factor.inputs),
        "unit": first.unit,
        "origin": first.origin,
        "basis": first.basis,
    }


def _sobol(found: SobolStudy) -> tuple[Table | str, ...]:
    if not found.indices:
        return (CERTAIN,)
    head = ("Input", "Alone", "90 % of alone", "With others", "90 % of with others")
    rows = tuple(
        (
            item.factor.name,
            share(max(item.first, 0.0)),
            f"{share(max(item.first_low, 0.0))} – {share(max(item.first_high, 0.0))}",
            share(item.total),
            f"{share(item.total_low)} – {share(item.total_high)}",
        )
        for item in found.indices
    )
    words = (
        f"{share(found.interactions)} of the variance comes from inputs acting together. Standard deviation "
        f"{money(found.sd_usd)} over {found.points:,} points; {money(found.futures_sd_usd)} over the futures."
    )
    return (Table("Shares of the variance (Sobol' indices)", head, rows), words)


def _sobol_data(found: SobolStudy) -> dict[str, Any]:
    return {
        "points": found.points,
        "sd_usd": found.sd_usd,
        "futures_sd_usd": found.futures_sd_usd,
        "interactions": found.interactions,
        "inputs": list(map(_index_data, found.indices)),
    }


def _index_data(item: Index) -> dict[str, Any]:
    return {
        **_factor_data(item.factor),
        "first": item.first,
        "first_p5": item.first_low,
        "first_p95": item.first_high,
        "total": item.total,
        "total_p5": item.total_low,
        "total_p95": item.total_high,
    }


def _information(found: Information) -> tuple[Table | str, ...]:
    blocks: list[Table | str] = [found.advice]
    perfect = f"All uncertainty together: {money(found.perfect.usd)} ± {money(found.perfect.standard_error_usd)}."
    head = ("Known exactly", "Worth at most", "±", "Share of the spread")
    if found.inputs:
        rows = tuple((item.name, *_worth(item), share(item.share)) for item in found.inputs)
        blocks += [Table("What it is worth to know one input before choosing", head, rows), perfect]
    if found.accuracies:
        measured = tuple((item.name, *_worth(item)) for item in found.accuracies)
        blocks.append(Table("What it is worth to know the quality at launch", head[:3], measured))
    if found.themes:
        themes = tuple(map(_theme, found.themes))
        blocks.append(Table("Together: the leading inputs of a theme", ("Theme", *head[1:3], "Inputs known"), themes))
    if found.pilots:
        blocks.append(_pilots(found.pilots))
    return tuple(blocks)


def _theme(theme: Theme) -> tuple[str, ...]:
    known = ", ".join(name.rsplit(".", 1)[-1] for name in theme.leading)
    return theme.name, money(theme.worth.usd), money(theme.worth.standard_error_usd), known


def _worth(item: Known) -> tuple[str, str]:
    return money(item.worth.usd), money(item.worth.standard_error_usd)


def _pilots(plans: tuple[PilotPlan, ...]) -> Table:
    head = ("Pilot of", "Labels", "Answers judged", "Cost", "Worth", "±", "At most", "Net", "Pays")
    rows = tuple(
        (
            " and ".join(plan.options),
            compact(plan.labels),
            f"{plan.found.items:,}",
            money(plan.found.cost_usd),
            *(money(value) for value in (plan.found.worth.usd, plan.found.worth.standard_error_usd)),
            *(money(value) for value in (plan.found.at_most_usd, plan.found.net_usd)),
            plan.pays,
        )
        for plan in plans
    )
    return Table("Pilots: train once on a few labels, judge answers, then choose", head, rows)


def _information_data(found: Information) -> dict[str, Any]:
    return {
        "advice": found.advice,
        "perfect_information": plain(found.perfect),
        "tried": found.tried,
        "inputs": [_known_data(item) for item in found.inputs],
        "accuracies": [{"name": item.name, **_worth_data(item)} for item in found.accuracies],
        "themes": [plain(theme) for theme in found.themes],
        "pilots": [_pilot_data(plan) for plan in found.pilots],
        "moves_the_result_but_not_the_choice": found.loud.name if found.loud is not None else None,
    }


def _known_data(item: Known) -> dict[str, Any]:
    named = _factor_data(item.factor) if item.factor is not None else {"input": item.name}
    return {**named, **_worth_data(item), "share_of_spread": item.share, "share_of_best": item.share_of_best}


def _worth_data(item: Known) -> dict[str, float]:
    return {"worth_usd": item.worth.usd, "standard_error_usd": item.worth.standard_error_usd}


def _pilot_data(plan: PilotPlan) -> dict[str, Any]:
    return {**plain(plan), "net_usd": plan.found.net_usd, "pays": plan.pays}
