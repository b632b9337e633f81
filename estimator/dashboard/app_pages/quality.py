"""What quality does the money buy, and what is it worth?"""

from estimator.dashboard import state
from estimator.dashboard.parts import chart, heading
from estimator.report.figures import net_benefit_odds, quality_over_time


def page() -> None:
    """Draw the page."""
    result = state.current()
    heading(result, about="What quality does the money buy, and what is it worth?")
    chart(quality_over_time(result), key="quality-time")
    chart(net_benefit_odds(result), key="quality-odds")


if __name__ == "__main__":
    page()
