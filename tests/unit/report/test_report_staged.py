"""Plans in stages in words: what waiting is worth, and from where on a move pays."""

import pytest

from estimator.decision import Advice, StagedPlan, Step
from estimator.report.staged import plan_lines


def lines(*, measure: str, sign: str, threshold: float | None, moves: float, net: float = 30_000.0) -> list[str]:
    advice = Advice(measure=measure, sign=sign, threshold=threshold, moves=moves, net_benefit_usd=net)
    step = Step(use="lora", month=12, conditions={measure: f"{sign} 1"}, moves=0.25, advice=advice)
    plan = StagedPlan(
        starts_with="prompt", steps=(step,), net_benefit_usd=net, best_alone="lora", best_alone_usd=20_000.0
    )
    return plan_lines("plan", plan)


@pytest.mark.parametrize(
    ("advice", "words"),
    [
        (
            {"measure": "requests_per_month", "sign": ">", "threshold": 150_000.0, "moves": 0.4},
            "pays most above 150k requests a month, in 40 % of futures",
        ),
        (
            {"measure": "quality", "sign": "<", "threshold": 0.82, "moves": 0.1},
            "pays most below a quality of 0.82, in 10 % of futures",
        ),
        (
            {"measure": "quality", "sign": "<", "threshold": None, "moves": 1.0},
            "pays on average whatever the quality may be",
        ),
        (
            {"measure": "requests_per_month", "sign": ">", "threshold": None, "moves": 0.0},
            "does not pay on average, whatever the requests a month may be",
        ),
    ],
)
def test_each_kind_of_advice(advice: dict[str, object], words: str) -> None:
    assert lines(**advice)[2] == f"plan: moving to lora after month 12 {words}"  # type: ignore[arg-type]


def test_waiting_is_worth_something_or_costs() -> None:
    given = {"measure": "quality", "sign": ">", "threshold": 0.8, "moves": 0.4}
    first, second, _ = lines(**given)  # type: ignore[arg-type]
    assert first == "plan: starts with prompt; after month 12 moves to lora where quality > 1, in 25 % of futures"
    assert second == "plan: waiting is worth $10k on average against committing to lora today"
    assert "waiting costs $5k" in lines(**given, net=15_000.0)[1]  # type: ignore[arg-type]
