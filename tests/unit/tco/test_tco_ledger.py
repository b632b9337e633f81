"""Lines, ledgers, bills and rates of return on small figures worked by hand."""

from datetime import date

import numpy as np
import pytest

from estimator.errors import UnknownNameError
from estimator.tco import (
    Book,
    Category,
    Ledger,
    Line,
    Path,
    Retraining,
    annual_rate,
    break_even_month,
    charges_of,
    deflator,
    delayed,
    discount_factors,
    escalation_of,
    every_month,
    formula_of,
    internal_rate_of_return,
    internal_rates,
    joined_paths,
    narrowed,
    net_present_value,
    price_index,
    ramp,
    real_rate,
    requests_per_month,
    sum_months,
    treatment_of,
    upfront,
)
from estimator.tco.charges import month_start
from estimator.tco.returns import HIGHEST, LOWEST, _grid


def line(
    key: str = "operations.prompt",
    unit: str = "hour",
    usd: float | np.ndarray = 2.0,
    times: object = ((0.0, 1.0, 2.0),),
    count: float | np.ndarray = 1.0,
    index: object = None,
) -> Line:
    category: Category = key.partition(".")[0]  # type: ignore[assignment]  # the part before the point
    moving = None if index is None else np.array(index)
    return Line(key, key, category, unit, usd, np.array(times), count, index=moving)


def test_a_line_is_price_times_count_times_months_times_index() -> None:
    one = line(usd=np.array([2.0, 3.0]), count=np.array([5.0, 10.0]), index=[[1.0, 1.0, 1.5]])
    assert one.quantity.tolist() == [[0.0, 5.0, 10.0], [0.0, 10.0, 20.0]]
    assert np.asarray(one.price).tolist() == [10.0, 30.0]
    assert one.due.tolist() == [[0.0, 1.0, 3.0]]
    assert one.monthly.tolist() == [[0.0, 10.0, 30.0], [0.0, 30.0, 90.0]]
    assert one.total.tolist() == [40.0, 120.0]
    assert one.mean_index == 4.0 / 3.0
    factors = np.array([[1.0, 0.5, 0.25]])
    assert one.present_value(factors).tolist() == [12.5, 37.5]
    assert one.central_value(factors) == 12.5
    assert line().mean_index == line(times=[[0.0, 0.0, 0.0]], index=[[1.0, 2.0, 3.0]]).mean_index == 1.0


@pytest.mark.parametrize(
    ("unit", "follows"),
    [("request", True), ("wrong answer", True), ("correct answer", True), ("hour", False), ("replica-hour", False)],
)
def test_lines_by_request_and_by_answer_follow_the_volume(unit: str, follows: bool) -> None:
    ledger = Ledger((line(unit=unit), line(usd=10.0)), 2, 0.0)
    assert line(unit=unit).follows_volume is follows
    assert (ledger.follows.tolist(), ledger.stays.tolist()) == (([6.0], [30.0]) if follows else ([0.0], [36.0]))
    assert ledger.present_value.tolist() == ledger.total.tolist() == [36.0]


def test_a_ledger_adds_its_lines_up_month_by_month() -> None:
    shared = np.array([[0.0, 1.0, 2.0]])
    lines = (
        Line("a", "a", "operations", "hour", 2.0, shared),
        Line("b", "b", "operations", "hour", np.array([1.0, 3.0]), shared),
        Line("c", "c", "data", "label", 5.0, np.array([[1.0, 0.0, 0.0], [2.0, 0.0, 0.0]])),
        Line("d", "d", "data", "label", 1.0, shared, index=np.array([[1.0, 1.0, 2.0]])),
    )
    ledger = Ledger(lines, 2, 0.0)
    months = [[5.0, 4.0, 10.0], [10.0, 6.0, 14.0]]
    assert ledger.monthly.tolist() == months
    assert ledger.monthly_of(1, 2).tolist() == months[1:]
    assert ledger.total.tolist() == [19.0, 30.0]
    assert ledger.cumulative_present_value.tolist() == [[5.0, 9.0, 19.0], [10.0, 16.0, 30.0]]
    assert {name: [item.key for item in group] for name, group in ledger.by_category().items()} == {
        "data": ["c", "d"],
        "operations": ["a", "b"],
    }
    assert list(ledger.by_category()) == ["data", "operations"]
    certain = Ledger(lines[:1], 2, 0.0)
    assert certain.monthly_of(5, 9).tolist() == [[0.0, 2.0, 4.0]]
    empty = Ledger((), 2, 0.0)
    assert (empty.monthly.tolist(), empty.total.tolist(), empty.present_value.tolist()) == ([[0.0] * 3], [0.0], [0.0])


def test_months_of_many_futures_are_those_of_each() -> None:
    rng = np.random.default_rng(1)
    size, months = 600, 3
    lines = [
        Line("a", "a", "data", "label", rng.uniform(size=size), np.ones((1, months + 1))),
        Line("b", "b", "data", "label", 2.0, rng.uniform(size=(size, months + 1))),
        Line("c", "c", "data", "label", rng.uniform(size=size), rng.uniform(size=(size, months + 1))),
        Line("d", "d", "data", "label", 3.0, np.arange(months + 1.0)[None]),
    ]
    expected = sum(np.broadcast_to(item.monthly, (size, months + 1)) for item in lines)
    np.testing.assert_allclose(sum_months(lines, months), expected)


def test_a_discounted_ledger_discounts_each_month_at_its_future() -> None:
    ledger = Ledger((line(usd=10.0, times=[[1.0, 0.0, 1.0]]),), 2, np.array([0.21, 0.44]))
    np.testing.assert_allclose(ledger.present_value, 10.0 + 10.0 * np.array([1.21, 1.44]) ** (-2 / 12))
    np.testing.assert_allclose(ledger.cumulative_present_value[:, -1], ledger.present_value)


def test_a_book_writes_lines_before_launch_each_month_and_along_a_path() -> None:
    book = Book.of(2)
    once = book.once("data.fees", "fees", "data", "project", usd=3.0, units=2.0)
    each = book.monthly("data.fees", "fees", "data", "project", usd=3.0, units=2.0)
    path = book.path("data.fees", "fees", "data", "project", usd=3.0, units=np.array([[0.0, 1.0, 4.0]]))
    assert (once.nature, each.nature, path.nature) == ("one_off", "recurring", "recurring")
    assert once.monthly.tolist() == [[6.0, 0.0, 0.0]]
    assert each.monthly.tolist() == [[0.0, 6.0, 6.0]]
    assert path.monthly.tolist() == [[0.0, 3.0, 12.0]]
    assert {(item.key, item.label, item.category, item.unit) for item in (once, each, path)} == {
        ("data.fees", "fees", "data", "project")
    }


def test_quantities_with_the_time_before_launch_in_front() -> None:
    assert upfront(months=1, units=np.array([2.0, 3.0])).tolist() == [[2.0, 0.0], [3.0, 0.0]]
    assert upfront(months=2).tolist() == [[1.0, 0.0, 0.0]]
    assert every_month(per_month=np.array([2.0, 3.0]), months=2).tolist() == [[0.0, 2.0, 2.0], [0.0, 3.0, 3.0]]
    assert every_month(per_month=np.array([[2.0, 3.0]])).tolist() == [[0.0, 2.0, 3.0]]
    assert every_month(per_month=np.array([2.0, 3.0])).tolist() == [[0.0, 2.0, 3.0]]
    times = np.array([[5.0, 1.0], [6.0, 2.0]])
    assert delayed(times=times, months=1).tolist() == [[5.0, 0.0, 1.0], [6.0, 0.0, 2.0]]
    assert delayed(times=times, months=0) is times


def test_a_bill_has_a_charge_for_each_line_and_month_in_which_money_flows() -> None:
    rising = line("inference.output", "request", 0.5, [[0.0, 4.0, 0.0, 2.0]], 3.0, [[1.0, 1.0, 2.0, 4.0]])
    saving = line("inference.prompt_saving", "request", -0.25, [[0.0, 0.0, 8.0, 0.0]])
    first = line("build.prompt", "hour", 100.0, [[1.0, 0.0, 0.0, 0.0]], np.array([7.0, 9.0]))
    bill = list(charges_of(ledger=Ledger((rising, saving, first), 3, 0.0), start=date(2026, 12, 1)))
    assert [
        (item.line.key, item.starts, item.ends, item.quantity, item.unit_usd, item.amount_usd) for item in bill
    ] == [
        ("inference.output", date(2026, 12, 1), date(2027, 1, 1), 12.0, 0.5, 6.0),
        ("inference.output", date(2027, 2, 1), date(2027, 3, 1), 6.0, 2.0, 12.0),
        ("inference.prompt_saving", date(2027, 1, 1), date(2027, 2, 1), -8.0, 0.25, -2.0),
        ("build.prompt", date(2026, 11, 1), date(2026, 12, 1), 7.0, 100.0, 700.0),
    ]


def test_prices_of_a_bill_are_those_of_the_central_case() -> None:
    moving = np.array([[1.0, 2.0], [1.0, 9.0]])
    uncertain = line("inference.output", "request", np.array([0.5, 7.0]), [[0.0, 4.0], [0.0, 5.0]], index=moving)
    [item] = charges_of(ledger=Ledger((uncertain,), 1, 0.0), start=date(2027, 1, 1))
    assert (item.quantity, item.unit_usd, item.amount_usd) == (4.0, 1.0, 4.0)


@pytest.mark.parametrize(
    ("start", "months", "first"),
    [
        (date(2027, 1, 31), 0, date(2027, 1, 1)),
        (date(2027, 1, 1), -1, date(2026, 12, 1)),
        (date(2027, 12, 5), 1, date(2028, 1, 1)),
        (date(2027, 3, 1), 21, date(2028, 12, 1)),
    ],
)
def test_months_of_the_calendar(start: date, months: int, first: date) -> None:
    assert month_start(start=start, months=months) == first


def present(rate: float, flow: list[float]) -> float:
    return float(sum(money / (1.0 + rate) ** month for month, money in enumerate(flow)))


@pytest.mark.parametrize(
    ("flow", "rate"),
    [
        ([-100.0, 110.0], 0.1),
        ([100.0, -110.0], 0.1),
        ([-100.0, 50.0], -0.5),
        ([-100.0, 2.0], -0.98),
        ([-100.0, 1000.0], 9.0),
        ([-100.0, 100.0], 0.0),
        ([-100.0, 0.0, 0.0, 100.3], 1.003 ** (1 / 3) - 1),
        ([0.0, -100.0, 25.0], -0.75),
        ([-1000.0, 2300.0, -1320.0], 0.1),  # the other rate is 20 %
        ([-100.0, 0.5], None),
        ([-100.0, 2000.0], None),
        ([100.0, 100.0], None),
        ([-100.0, -100.0], None),
        ([0.0, 0.0], None),
        ([0.0, 100.0], None),
        ([-100.0, 0.0], None),
    ],
)
def test_the_rate_at_which_a_stream_is_worth_nothing(flow: list[float], rate: float | None) -> None:
    found = internal_rate_of_return(flows=np.array(flow))
    if rate is None:
        assert np.isnan(found)
    else:
        assert float(found) == pytest.approx(rate, abs=1e-9)
        assert present(float(found), flow) == pytest.approx(0.0, abs=1e-6 * max(map(abs, flow)))


def test_rates_of_many_streams_are_those_of_each_and_are_counted() -> None:
    flows = np.array([[-100.0, 110.0, 0.0], [-1000.0, 2300.0, -1320.0], [1.0, 1.0, 1.0], [-100.0, 0.0, 25.0]])
    rates, count = internal_rates(flows=flows)
    assert rates[[0, 1, 3]] == pytest.approx([0.1, 0.1, -0.5], abs=1e-9)
    assert np.isnan(rates[2])
    assert count.tolist() == [1.0, 2.0, 0.0, 1.0]
    np.testing.assert_array_equal(internal_rate_of_return(flows=flows), rates)


def test_rates_are_sought_from_end_to_end_densely_around_zero() -> None:
    rates = _grid()
    assert (rates[0], rates[-1]) == (pytest.approx(LOWEST), pytest.approx(HIGHEST))
    assert 0.0 in rates
    assert (np.diff(rates) > 0).all()
    near = rates[np.abs(rates) < 0.1]
    assert np.diff(near).max() < 0.04
    assert np.abs(rates[rates != 0.0]).min() == pytest.approx(1e-4)
    assert np.diff(rates[rates < -0.1]).max() < 0.06


def test_long_streams_keep_their_rate() -> None:
    rng = np.random.default_rng(3)
    for months in (24, 240):
        flow = np.concatenate(([-50.0 * months / 24], rng.uniform(0.0, 5.0, months)))
        rate = float(internal_rate_of_return(flows=flow))
        assert present(rate, flow.tolist()) == pytest.approx(0.0, abs=1e-7)
    assert annual_rate(monthly=0.01) == pytest.approx(0.12682503)


def test_discounting_month_by_month_and_future_by_future() -> None:
    np.testing.assert_allclose(discount_factors(annual_rate=0.21, months=12)[0, [0, 6, 12]], [1, 1 / 1.1, 1 / 1.21])
    rates = discount_factors(annual_rate=np.array([0.0, 0.44]), months=6)
    np.testing.assert_allclose(rates[:, -1], [1.0, 1 / 1.2])
    flows = np.array([[1.0, 0, 0, 0, 0, 0, 12.0]])
    np.testing.assert_allclose(net_present_value(flows=flows, annual_rate=np.array([0.0, 0.44])), [13.0, 11.0])
    assert net_present_value(flows=np.array([1.0, 2.0, 3.0]), annual_rate=0.0).tolist() == [6.0]
    assert break_even_month(cumulative_gain=np.array([[-1.0, 1.0], [1.0, 1.0]])).tolist() == [1.0, 0.0]


def test_prices_and_money_over_time() -> None:
    np.testing.assert_allclose(price_index(annual_rate=np.array([0.0, 0.21]), months=7)[:, -1], [1.0, 1.1])
    np.testing.assert_allclose(price_index(annual_rate=-0.19, months=7)[0, [0, 1, 7]], [1.0, 1.0, 0.9])
    np.testing.assert_allclose(deflator(inflation=np.array([0.0, 0.21]), months=6)[:, -1], [1.0, 1 / 1.1])
    assert real_rate(nominal_rate=0.32, inflation=0.1) == pytest.approx(0.2)


def test_volume_along_growth_and_ramp() -> None:
    np.testing.assert_allclose(
        ramp(ramp_months=np.array([0.0, 2.0]), start_share=0.5, months=3), [[1] * 3, [0.75, 1, 1]]
    )
    np.testing.assert_allclose(ramp(ramp_months=0.0, start_share=0.2, months=2), [[1.0, 1.0]])
    found = requests_per_month(
        first_month=np.array([100.0, 200.0]), growth=0.5, months=3, ramp_months=2.0, ramp_share=0.0
    )
    np.testing.assert_allclose(found, [[50.0, 150.0, 225.0], [100.0, 300.0, 450.0]])
    np.testing.assert_allclose(requests_per_month(first_month=10.0, growth=0.0, months=2), [[10.0, 10.0]])


def test_paths_of_windows_one_after_another() -> None:
    first, second = Path(np.array([1.0, 2.0])), narrowed(np.array([[1.0, 2.0], [3.0, 4.0], [5.0, 6.0]]))
    joined = joined_paths([first, second], [1, 2])
    assert joined.all().tolist() == [[1.0, 2.0], [1.0, 2.0], [3.0, 4.0], [5.0, 6.0]]
    assert joined.some(0, 2).tolist() == [[1.0, 2.0], [1.0, 2.0]]
    assert joined.some(2, 4).tolist() == [[3.0, 4.0], [5.0, 6.0]]
    assert joined.some(0, 99).tolist() == joined.all().tolist()
    assert joined.some(1, 2).dtype == float
    assert joined_paths([first, first], [1, 2]).all().tolist() == [[1.0, 2.0]]
    assert first.some(3, 9).tolist() == [[1.0, 2.0]]
    assert narrowed(np.array([[1.0, 2.0]])).futures is None


def test_a_retraining_is_the_sum_of_its_parts() -> None:
    once = Retraining(labels=1.0, compute=20.0, evaluation=300.0, release=4000.0)
    assert once.parts == {"labels": 1.0, "compute": 20.0, "evaluation": 300.0, "release": 4000.0}
    assert once.total == 4321.0


@pytest.mark.parametrize(
    ("key", "unit", "given", "name"),
    [
        ("operations.prompt", "hour", (), "labour"),
        ("operations.prompt", "hour", ("operations", "labour"), "labour"),
        ("operations.prompt", "hour", ("operations",), "operations"),
        ("operations.prompt", "hour", ("operations", "labour", "operations.prompt"), "operations.prompt"),
        ("operations.prompt", "hour", ("gpu", "data"), "labour"),
        ("inference.gpu", "replica-hour", (), "gpu"),
        ("inference.gpu", "replica-hour", ("inference",), "inference"),
        ("inference.output", "request", (), ""),
        ("inference.output", "request", ("labour", "gpu", "value"), ""),
        ("value.correct", "correct answer", ("value",), "value"),
        ("data.tooling", "project", (), ""),
    ],
)
def test_whose_escalation_a_line_follows(key: str, unit: str, given: tuple[str, ...], name: str) -> None:
    assert escalation_of(line(key, unit), given=given) == name


@pytest.mark.parametrize(
    ("key", "capitalised", "owned", "treatment"),
    [
        ("build.prompt", None, False, "capex"),
        ("data.labelling", None, False, "capex"),
        ("training.kept_run", None, False, "capex"),
        ("evaluation.set", None, False, "capex"),
        ("evaluation.checks", None, False, "opex"),
        ("inference.gpu", None, False, "opex"),
        ("inference.gpu", None, True, "capex"),
        ("inference.overhead", None, True, "opex"),
        ("inference.gpu", (), True, "opex"),
        ("build.prompt", ("data",), False, "opex"),
        ("build.prompt", ("data", "build.prompt"), False, "capex"),
        ("operations.prompt", ("labour",), False, "capex"),
    ],
)
def test_how_the_books_treat_a_line(key: str, capitalised: tuple[str, ...] | None, owned: bool, treatment: str) -> None:
    assert treatment_of(line(key), capitalised=capitalised, owned=owned) == treatment


def test_how_a_line_is_made_is_found_by_its_key() -> None:
    assert formula_of("operations.prompt@lora") is formula_of("operations.prompt")
    assert formula_of("retrieval.corpus").text == "tokens of all chunks × price of embedding a token"
    assert formula_of("retrieval.disk") is formula_of("retrieval.index")
    assert formula_of("build.prompt").uses("labour/ml_engineer")
    assert not formula_of("build.prompt").uses("labour/qa")
    for key in ("operations.unknown", "retrieval.", "retrieval", "corpus"):
        with pytest.raises(UnknownNameError, match=rf"ledger line '{key}'"):
            formula_of(key)
