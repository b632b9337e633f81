"""Net benefit of every option as a range chart that needs no plotting library."""

from estimator.decision import Standing
from estimator.report.colours import option_style
from estimator.report.numbers import money, share
from estimator.report.page import RangeChart, RangeRow
from estimator.results import Estimate


def benefit_chart(estimate: Estimate) -> RangeChart | None:
    """Median and p10–p90 of net benefit with the odds of being best; None where nothing can be carried out.

    Training from scratch is only a comparison and could flatten all others, so it is left out.
    """
    possible = {name: option.standing for name, option in estimate.options.items() if not option.outcome.infeasible}
    drawn = {name: item for name, item in possible.items() if item.kind != "pretraining"} or possible
    if not drawn:
        return None
    low = min(0.0, *(item.net_benefit.p10 for item in drawn.values()))
    high = max(0.0, *(item.net_benefit.p90 for item in drawn.values()))
    width = (high - low) or 1.0
    styles = option_style(list(estimate.options))

    def place(usd: float) -> float:
        return min(max((usd - low) / width, 0.0), 1.0)

    rows = tuple(
        RangeRow(
            name,
            words(item),
            styles[name][0],
            place(item.net_benefit.p10),
            place(item.net_benefit.p50),
            place(item.net_benefit.p90),
        )
        for name, item in drawn.items()
    )
    alt = "; ".join(f"{row.label} {row.text}" for row in rows)
    title = "Net benefit over the horizon, present value: median and p10 – p90"
    return RangeChart(title, f"{title}: {alt}.", rows, (money(low), money(high)), place(0.0))


def words(item: Standing) -> str:
    """Median, range and odds of one option."""
    band = item.net_benefit
    odds = f"best in {share(item.probability_best)} of futures" if item.eligible else "may not be chosen"
    return f"{money(band.p50)} ({money(band.p10)} to {money(band.p90)}), {odds}"
