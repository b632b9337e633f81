"""The tables of a comparison as rows of text, once for every format."""

from estimator.decision import Band
from estimator.report.flips import flip_lines
from estimator.report.layout import Table
from estimator.report.numbers import compact, futures, gib, hours, money, month, origins, seconds, share, significant
from estimator.report.staged import plan_lines
from estimator.results import Estimate, OptionEstimate
from estimator.serving import OwnAnswer
from estimator.tco import CATEGORIES
from estimator.units import central

CENTRAL_NOTE = (
    "Cost by category in the central case: every input at its most likely value. Its total is one future, "
    "not the median of all futures (cost p50), which is higher where ranges reach further up than down"
)
"""Above the table whose total is not the cost p50."""


def header_line(estimate: Estimate) -> str:
    """Name, horizon, futures, seed, day of the prices, and how many inputs are the user's own."""
    return (
        f"{estimate.name} · {estimate.scenario.horizon} months · {estimate.currency.words}, present value · "
        f"{futures(estimate.draws)} · "
        f"seed {estimate.seed} · prices of {estimate.on} · "
        f"inputs: {origins(estimate.inputs)}"
    )


def options_table(estimate: Estimate) -> Table:
    """One row per option with quality, cost, value and odds."""
    best = estimate.decision.verdict.best
    header = (
        "Option",
        "Quality",
        "Cost p50",
        "p10 – p90",
        "Mean net benefit",
        "Cost per correct",
        "P(best)",
        "Relative cost",
        "Break-even",
    )
    rows = [_option_row(option, best) for option in estimate.options.values()]
    return Table("Options", header, tuple(rows))


def options_note(estimate: Estimate) -> str:
    """Which statistic each column of the options is."""
    first = next(iter(estimate.options))
    return (
        f"Net benefit is the mean over the futures, by which the verdict goes; quality, cost, cost per correct answer "
        f"(undiscounted) and break-even are medians, with p10 – p90 where shown. Relative cost: median cost over that "
        f"of {first}. Break-even: month from which an option stays ahead of {first} in net benefit."
    )


def _option_row(option: OptionEstimate, best: str | None) -> tuple[str, ...]:
    item = option.standing
    mark = " ✔" if item.name == best else " ✗" if not item.eligible else ""
    if option.outcome.infeasible:
        return (f"{item.name}{mark}", *["–"] * 8)
    return (
        f"{item.name}{mark}",
        f"{item.quality.p50:.2f}",
        money(item.cost.p50),
        f"{money(item.cost.p10)} – {money(item.cost.p90)}",
        money(item.net_benefit.mean),
        money(item.cost_per_success.p50),
        share(item.probability_best) if item.eligible else "–",
        "–" if item.relative_cost is None else f"{item.relative_cost:.2f}",
        break_even(item.break_even_month),
    )


def break_even(when: Band | None) -> str:
    """Break-even month with its range; a dash for the baseline."""
    if when is None:
        return "–"
    middle = month(when.p50)
    if middle == "never" and month(when.p10) == "never":
        return middle
    low, high = _bare(when.p10), _bare(when.p90)
    return middle if low == high == _bare(when.p50) else f"{middle} ({low}–{high})"


def _bare(value: float) -> str:
    return month(value).removeprefix("month ")


def categories_table(estimate: Estimate) -> Table:
    """Cost by category, central case, present value, one column per option."""
    names = [name for name, option in estimate.options.items() if option.ledger.lines]
    groups = {name: estimate.options[name].costs_by_category() for name in names}
    categories = [category for category in CATEGORIES if any(category in group for group in groups.values())]
    rows = [(category, *(money(groups[name].get(category, 0.0)) for name in names)) for category in categories]
    total = ("total", *(money(estimate.options[name].standing.cost.central) for name in names))
    return Table(CENTRAL_NOTE, ("Category", *names), (*rows, total))


def lines_table(estimate: Estimate, option: str) -> Table:
    """Every ledger line of an option: quantity × unit price = amount, central case, undiscounted."""
    rows = [
        (
            line["key"],
            line["label"],
            f"{significant(line['quantity'])} {line['unit']}",
            money(line["unit_usd"]),
            money(line["amount_usd"]["central"]),
            f"{money(line['amount_usd']['p10'])} – {money(line['amount_usd']['p90'])}",
        )
        for line in estimate.options[option].lines_data()
    ]
    return Table(option, ("Line", "What", "Quantity", "Unit price", "Amount", "p10 – p90"), tuple(rows))


def inputs_table(estimate: Estimate) -> Table:
    """Every parameter used, with range, origin and source."""
    rows = [
        (
            item.key,
            significant(item.central),
            f"{significant(item.low)} – {significant(item.high)}" if item.is_uncertain else "",
            item.unit,
            item.origin,
            item.basis,
            item.source,
        )
        for item in estimate.inputs
    ]
    return Table("Inputs", ("Input", "Value", "Range", "Unit", "Origin", "Basis", "Source"), tuple(rows))


def set_up_lines(estimate: Estimate) -> list[str]:
    """How each option is trained and served, one line each."""
    return [text for option in estimate.options.values() for text in _set_up(option)]


def _set_up(option: OptionEstimate) -> list[str]:
    lines = plan_lines(option.name, option.plan) if option.plan is not None else []
    sizing = option.sizing
    if sizing is not None and sizing.plan is not None and sizing.plan.chosen is not None:
        plan = sizing.plan.chosen
        sharing = "" if plan.sharding == "none" else f", {plan.sharding}"
        lines.append(
            f"{option.name}: {plan.method} on {plan.gpus} × {plan.gpu} ({plan.provider}){sharing}, "
            f"micro-batch {plan.micro_batch}, {gib(plan.needed_bytes)} of {gib(plan.usable_bytes)} each, "
            f"{hours(central(plan.hours_per_run))} and {money(central(plan.usd_per_run))} a run, "
            f"{compact(central(sizing.runs))} runs"
        )
    if sizing is not None and sizing.pretraining is not None:
        run = sizing.pretraining
        lines.append(
            f"{option.name}: from scratch on {compact(central(run.tokens))} tokens, "
            f"{compact(central(run.gpu_hours))} GPU-hours, {significant(central(run.wall_days))} days on "
            f"{run.gpus} × {run.offer.gpu}, {money(central(run.usd))}"
        )
    answer = option.parts.money.answer if option.parts else None
    if isinstance(answer, OwnAnswer):
        lines.append(
            f"{option.name}: served in {answer.precision} on {answer.gpus} × {answer.gpu} ({answer.provider}) at "
            f"{money(central(answer.usd_per_replica_hour))} an hour, up to "
            f"{significant(central(answer.requests_per_s))} requests/s per replica, first token after "
            f"{seconds(central(answer.first_token_s))}"
        )
    return lines


def verdict_lines(estimate: Estimate) -> list[str]:
    """The verdict, what would turn it, its reasons, the drivers and the warnings, one per line."""
    conclusion = estimate.decision.verdict
    lines = [f"Worth it? {conclusion.sentence}"]
    lines += [f"  {text}" for text in flip_lines(estimate)]
    lines += [f"  + {text}" for text in conclusion.reasons]
    lines += [f"  − {text}" for text in conclusion.against]
    lines += [f"  {text}" for text in other_lines(estimate)]
    lines.append(estimate.decision.ownership.sentence)
    evpi = estimate.decision.perfect_information_usd
    if evpi > 0:
        lines.append(f"Knowing every input before choosing would be worth up to {money(evpi)}")
    lines += [f"! {text}" for text in estimate.warnings]
    return lines


def other_lines(estimate: Estimate) -> list[str]:
    """The options that are not chosen: the strongest reason against and for each, all of them where it is left out."""
    conclusion, lines = estimate.decision.verdict, []
    for name, option in estimate.options.items():
        if name == conclusion.best or conclusion.best is None:
            continue
        about = [item for item in conclusion.arguments if item.about == name]
        against = [item.text for item in about if item.sign == "against"]
        praise = [item.text for item in about if item.sign == "for"]
        if not option.standing.eligible:
            lines.append(f"{name} is left out: {'; '.join(against)}")
        elif against or praise:
            lines.append(f"{name}: {', but '.join((*against[:1], *praise[:1]))}")
    return lines
