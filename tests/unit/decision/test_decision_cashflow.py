"""What one option earns over another, against worked values and by substitution."""

from dataclasses import astuple, replace

import numpy as np
import pytest

from estimator import estimate, loads
from estimator.decision import Outcome, gain_of, gains_of, spending_of
from estimator.results import Estimate
from estimator.tco import Ledger, Line, every_month, upfront

MONTHS = 24
SCENARIO = """
name: Cash
start: 2027-01
horizon: 24 months
workload: {requests_per_month: VOLUME, tokens: {prompt: 700, output: 50}}
task: {kind: question_answering, value_per_success: 0.02, cost_per_error: 0.02}
options:
  prompt: {model: openai/gpt-6-luna, quality: 0.7}
  rag: {extends: prompt, quality: 0.8, retrieval: {documents: 4k, tokens_per_document: 300, churn: 5%}}
"""


def outcome(
    name: str, *lines: Line, rate: float = 0.10, requests: float = 1000.0, value: Line | None = None
) -> Outcome:
    months = np.full((1, MONTHS), requests)
    benefits = Ledger((value,) if value is not None else (), MONTHS, rate)
    return Outcome(name, "prompt", Ledger(lines, MONTHS, rate), benefits, months, months * 0 + 1, 1, requests)


def once(usd: float) -> Line:
    return Line("build.prompt", "build", "build", "hour", usd, upfront(months=MONTHS), nature="one_off")


def each_month(usd: float) -> Line:
    return Line("operations.prompt", "care", "operations", "hour", usd, every_month(per_month=1.0, months=MONTHS))


def each_request(usd: float, requests: float = 1000.0) -> Line:
    times = every_month(per_month=requests, months=MONTHS)
    return Line("inference.output", "answers", "inference", "request", usd, times)


def solved(volume: str) -> Estimate:
    return estimate(loads(SCENARIO.replace("VOLUME", volume)), draws=20)


def test_forty_thousand_for_two_thousand_five_hundred_a_month() -> None:
    gain = gain_of(outcome("ft", once(40e3)), outcome("prompt", each_month(2500.0)))
    assert gain.npv_usd.central == pytest.approx(14411.42, abs=0.01)
    assert gain.irr_per_month is not None
    assert gain.irr_per_month.central == pytest.approx(0.035347, abs=1e-6)
    assert gain.irr_per_year is not None
    assert gain.irr_per_year.central == pytest.approx(1.03534702**12 - 1, rel=1e-6)
    assert (gain.irr_share, gain.several_rates_share) == (1.0, 0.0)
    assert gain.payback_months.central == 16
    assert gain.break_even_month.central == 18  # 40,000 (r_m) of 2,500 discounted: 17.1 payments
    assert gain.payback_share == gain.break_even_share == 1.0


def test_what_never_pays_has_no_rate_and_no_month() -> None:
    gain = gain_of(outcome("ft", once(40e3), each_month(10.0)), outcome("prompt", each_month(5.0)))
    assert gain.irr_per_month is None
    assert gain.irr_share == gain.payback_share == gain.break_even_share == 0.0
    assert gain.payback_months.central == gain.break_even_month.central == np.inf
    assert gain.break_even_volume.requests_per_month.central == np.inf
    assert gain.break_even_volume.pays == "never"


def test_the_volume_of_the_worked_example() -> None:
    dear, cheap = outcome("ft", once(40e3), rate=0.0), outcome("prompt", each_request(0.02), rate=0.0)
    found = gain_of(dear, cheap).break_even_volume
    assert found.requests_per_month.central == pytest.approx(83_333.333, rel=1e-6)
    assert (found.pays, found.is_exact) == ("above", True)
    assert gain_of(cheap, dear).break_even_volume.pays == "below"


def test_a_stream_with_two_rates_says_so() -> None:
    times = np.zeros((1, MONTHS + 1))
    times[0, :3] = 1000.0, -2300.0, 1320.0
    twice = Line("build.prompt", "build", "build", "hour", 1.0, times)
    gain = gain_of(outcome("mine", twice), outcome("none"))
    assert gain.several_rates_share == 1.0
    assert gain.irr_per_month is not None
    assert gain.irr_per_month.central == pytest.approx(0.1)


def test_swapping_two_options_swaps_the_signs_and_keeps_the_roots() -> None:
    result = solved("200k")
    gains = gains_of([option.outcome for option in result.options.values()])
    one, other = gains["rag", "prompt"], gains["prompt", "rag"]
    assert one.npv_usd.central == pytest.approx(-other.npv_usd.central)
    assert one.npv_usd.mean == pytest.approx(-other.npv_usd.mean)
    assert one.irr_per_month is not None
    assert other.irr_per_month is not None
    np.testing.assert_array_equal(astuple(one.irr_per_month), astuple(other.irr_per_month))
    assert one.break_even_volume.requests_per_month == other.break_even_volume.requests_per_month
    assert {one.break_even_volume.pays, other.break_even_volume.pays} == {"above", "below"}


def test_at_the_break_even_volume_both_options_are_worth_the_same() -> None:
    result = solved("200k")
    gain = gain_of(result.options["rag"].outcome, result.options["prompt"].outcome)
    root = gain.break_even_volume
    assert root.is_exact
    assert root.requests_per_month.central > 0
    there = solved(repr(root.requests_per_month.central))
    difference = [option.outcome.net_benefit[0] for option in there.options.values()]
    scale = float(there.options["rag"].outcome.cost[0])
    assert difference[0] == pytest.approx(difference[1], abs=1e-6 * scale)


def test_as_the_volume_tends_to_zero_the_cost_tends_to_the_fixed_cost() -> None:
    some, none = solved("200k"), solved("1e-6")
    for name, option in some.options.items():
        lines = tuple(line for line in option.ledger.lines if not line.follows_volume)
        fixed = Ledger(lines, MONTHS, option.ledger.annual_rate).present_value
        np.testing.assert_allclose(none.options[name].outcome.cost, np.broadcast_to(fixed, 21), rtol=1e-6)


def test_another_currency_scales_all_money_and_no_rate() -> None:
    def pair(scale: float) -> tuple[Outcome, Outcome]:
        return outcome("ft", once(40e3 * scale), each_request(0.01 * scale)), outcome(
            "prompt", each_month(2500 * scale)
        )

    one, many = gain_of(*pair(1.0)), gain_of(*pair(7.5))
    assert many.npv_usd.central == pytest.approx(7.5 * one.npv_usd.central)
    assert many.irr_per_month is not None
    assert one.irr_per_month is not None
    assert many.irr_per_month.central == pytest.approx(one.irr_per_month.central, rel=1e-9)
    assert many.payback_months == one.payback_months
    volumes = [gain.break_even_volume.requests_per_month.central for gain in (one, many)]
    assert volumes[0] == pytest.approx(volumes[1])
    costs = [spending_of(pair(scale)[0].costs) for scale in (1.0, 7.5)]
    assert costs[1].capex_usd.central == pytest.approx(7.5 * costs[0].capex_usd.central)
    assert costs[1].one_off_usd.central == pytest.approx(7.5 * 40e3)


def test_the_json_holds_the_cash_flow_of_each_option() -> None:
    result = solved("200k")
    options = result.to_dict()["scenarios"][0]["options"]
    assert options["prompt"]["cash_flow"]["against_baseline"] is None
    flow = options["rag"]["cash_flow"]["against_baseline"]
    assert flow["baseline"] == "prompt"
    assert flow["cumulative_present_value_usd"]["central"][-1] == pytest.approx(flow["npv_usd"]["central"])
    net = options["rag"]["cash_flow"]
    assert np.cumsum(net["net_usd"]["central"])[-1] == pytest.approx(net["cumulative_net_usd"]["central"][-1])
    line = options["rag"]["lines"][0]
    assert (line["nature"], line["treatment"]) == ("one_off", "capex")


def test_an_option_that_cannot_be_carried_out_has_no_cash_flow() -> None:
    text = SCENARIO.replace("VOLUME", "200k") + (
        "  huge:\n    model: Qwen/Qwen3-32B\n    serving: {mode: self_hosted, gpu: T4, gpus: 1}\n"
    )
    result = estimate(loads(text), draws=5)
    assert result.options["huge"].outcome.infeasible
    assert result.to_dict()["scenarios"][0]["options"]["huge"]["cash_flow"] is None
    assert ("huge", "prompt") not in gains_of([option.outcome for option in result.options.values()])


def test_the_error_of_a_yearly_rate_is_that_of_its_mean_compounded() -> None:
    rates = np.random.default_rng(1).normal(0.05, 0.002, 2001)
    months = np.arange(1, MONTHS + 1.0)
    invested = 1000.0
    income = invested / ((1.0 + rates[:, None]) ** -months).sum(axis=1)
    requests = np.full((1, MONTHS), 1000.0)
    lines = (once(invested), replace(each_month(1.0), unit_usd=-income))
    empty = Ledger((), MONTHS, 0.10)
    option = Outcome("b", "prompt", Ledger(lines, MONTHS, 0.10), empty, requests, requests * 0, 2001, 1000.0)
    gain = gain_of(option, Outcome("a", "prompt", empty, empty, requests, requests * 0, 2001, 1000.0))
    assert gain.irr_per_year is not None
    yearly = (1.0 + rates[1:]) ** 12 - 1.0
    assert gain.irr_per_year.se == pytest.approx(yearly.std(ddof=1) / np.sqrt(yearly.size), rel=0.05)
