"""Windows of futures put together: each figure is that of the whole, each line is there once."""

from dataclasses import replace

import numpy as np
import pytest

from estimator.decision import Leg, Outcome, condensed_outcome, held_outcome, joined_outcome, joined_play, played
from estimator.tco import Ledger, Line, condensed, every_month, joined_ledger, upfront

MONTHS, SIZE, RATE = 3, 6, 0.21
REQUESTS = np.arange(1.0, 1.0 + SIZE * MONTHS).reshape(SIZE, MONTHS) * 8.0  # exact in single precision
QUALITY = np.array([[0.5, 0.75, 0.25]]) + np.arange(SIZE)[:, None] / 64.0
WINDOWS = ([0, 1, 2], [0, 3, 4, 5])
SIZES = [2, 3]


def option(rows: list[int], *, start: int = 0, name: str = "lora") -> Outcome:
    """The option in some futures, central case first."""
    months, requests, quality = MONTHS - start, REQUESTS[rows, start:], QUALITY[rows, start:]
    price = np.array([4.0, 2.0, 8.0, 1.0, 16.0, 32.0])[rows]
    index = np.linspace(1.0, 1.5, months + 1)[None]
    costs = (
        Line("build.prompt", "build", "build", "hour", price, upfront(months=months), 3.0),
        Line("inference.output", "out", "inference", "request", 0.5, every_month(per_month=requests), 2.0, index=index),
        Line("operations.prompt", "care", "operations", "hour", 5.0, every_month(per_month=1.0, months=months)),
    )
    value = Line("value.correct", "value", "quality", "correct answer", 1.0, every_month(per_month=requests * quality))
    ledgers = Ledger(costs, months, RATE), Ledger((value,), months, RATE)
    ends = tuple(f"end {row}" for row in rows if row in (1, 4))
    return Outcome(name, "tuning", *ledgers, requests, quality, len(rows), requests[:, 0], ends=ends)


def test_windows_give_the_figures_of_the_whole() -> None:
    whole = option(list(range(SIZE)))
    found = joined_outcome([condensed_outcome(option(rows)) for rows in WINDOWS], SIZES)
    assert (found.name, found.kind, found.size, found.ends) == ("lora", "tuning", SIZE, ("end 1", "end 4"))
    for figure in ("cost", "net_benefit", "successes", "mean_quality", "cost_per_success", "requests", "quality"):
        np.testing.assert_allclose(getattr(found, figure), getattr(whole, figure), rtol=1e-12, err_msg=figure)
    np.testing.assert_array_equal(found.full_requests, whole.full_requests)
    assert found.answers is not None
    np.testing.assert_allclose(found.answers.asked, REQUESTS.sum(axis=1))
    np.testing.assert_allclose(found.answers.right, (REQUESTS * QUALITY).sum(axis=1))
    for mine, other in ((found.costs, whole.costs), (found.benefits, whole.benefits)):
        assert (mine.months, mine.annual_rate) == (MONTHS, RATE)
        np.testing.assert_allclose(mine.monthly, other.monthly, rtol=1e-7)
        for figure in ("total", "present_value", "stays", "follows"):
            np.testing.assert_allclose(getattr(mine, figure), getattr(other, figure), rtol=1e-12, err_msg=figure)
        for line, same in zip(mine.lines, other.lines, strict=True):
            assert (line.key, line.label, line.category, line.unit) == (same.key, same.label, same.category, same.unit)
            np.testing.assert_allclose(np.broadcast_to(line.total, SIZE), np.broadcast_to(same.total, SIZE))
            np.testing.assert_allclose(line.monthly, same.monthly[:1])  # the central case alone
            assert line.central_value(mine.factors) == pytest.approx(same.central_value(other.factors))


def test_an_outcome_in_half_the_space_keeps_its_figures_and_its_lines() -> None:
    whole = option(list(range(SIZE)))
    found = held_outcome(whole)
    assert found.costs.lines == whole.costs.lines
    for figure in ("cost", "net_benefit", "successes", "mean_quality", "requests", "quality", "cumulative_cost"):
        np.testing.assert_allclose(getattr(found, figure), getattr(whole, figure), rtol=1e-7, err_msg=figure)
    np.testing.assert_allclose(found.cumulative_net_benefit_of(2, 4), whole.cumulative_net_benefit[2:4], rtol=1e-6)


def test_a_line_whose_months_are_let_go_says_so() -> None:
    [line, *_] = condensed(option([0, 1, 2]).costs).lines
    with pytest.raises(ValueError, match=r"build\.prompt: its months are let go; ask for the central case"):
        line.present_value(np.ones((1, MONTHS + 1)))


def test_ledgers_are_condensed_before_they_are_joined() -> None:
    ledgers = [condensed(option([0, 1]).costs), option([0, 2]).costs]
    with pytest.raises(ValueError, match="ledgers are condensed before they are joined"):
        joined_ledger(ledgers, [1, 1])


def test_a_line_that_one_window_alone_has_is_nothing_in_the_others_and_keeps_its_place() -> None:
    first, second = (option(rows).costs for rows in WINDOWS)
    times = second.lines[2].times * np.array([0.0, 1.0, 0.0, 1.0])[:, None]  # not in the central case
    care = replace(second.lines[2], key="operations.serving", times=times)
    more = replace(second, lines=(second.lines[0], replace(care, key="data.fees"), care, *second.lines[1:]))
    found = joined_ledger([condensed(first), condensed(more)], SIZES)
    keys = ["build.prompt", "data.fees", "operations.serving", "inference.output", "operations.prompt"]
    assert [line.key for line in found.lines] == keys
    earlier = replace(second, lines=(care, *second.lines))
    assert joined_ledger([condensed(first), condensed(earlier)], SIZES).lines[0].key == "operations.serving"
    assert found.lines[2].total.tolist() == [0.0, 0.0, 0.0, 15.0, 0.0, 15.0]


def test_a_plan_of_windows_is_the_plan_of_the_whole() -> None:
    def plan(rows: list[int]) -> list[Leg]:
        later = option(rows, start=1, name="rag")
        condition = {"requests_per_month": (">", 40.0)}
        return [
            Leg(option=option(rows), conditions={}),
            Leg(option=later, start=1, conditions=condition, switching_usd=7.0),
        ]

    whole = played("plan", plan(list(range(SIZE))))
    parts = [played("plan", plan(rows)) for rows in WINDOWS]
    found = joined_play([replace(part, outcome=condensed_outcome(part.outcome)) for part in parts], SIZES)
    assert found.stages == whole.stages
    np.testing.assert_allclose(found.outcome.net_benefit, whole.outcome.net_benefit)
    [mine], [other] = found.watched, whole.watched
    assert (mine.use, mine.month, mine.conditions) == (other.use, other.month, other.conditions)
    for figure in ("observed", "moved", "moving_usd", "staying_usd"):
        np.testing.assert_allclose(getattr(mine, figure), getattr(other, figure), err_msg=figure)
    assert 0 < float(mine.moved.mean()) < 1
