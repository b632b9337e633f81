"""The tree of costs: lines sum to categories, categories to the total, and prices are those the lines are made of."""

from pathlib import Path

import pytest

from estimator import load
from estimator.errors import UnknownNameError
from estimator.questions.breakdown import Breakdown, breakdown
from estimator.report.breakdown import breakdown_sheet
from estimator.report.layout import Table
from estimator.report.numbers import money

EXAMPLES = sorted((Path(__file__).parents[3] / "examples").glob("*.yaml"))
CENT = 0.005


@pytest.fixture(scope="module", params=EXAMPLES, ids=lambda path: path.stem)
def answer(request: pytest.FixtureRequest) -> Breakdown:
    return breakdown(load(request.param), draws=20)


def test_lines_sum_to_categories_and_to_the_total_to_the_cent(answer: Breakdown) -> None:
    data = breakdown_sheet(answer).data["options"]
    for name, option in data.items():
        found = answer.estimate.options[name]
        if found.outcome.infeasible:
            assert option["categories"] == []
            continue
        for key in ("amount_usd", "present_value_usd"):
            for category in option["categories"]:
                lines = [
                    line["present_value_usd"] if key == "present_value_usd" else line["amount_usd"]["central"]
                    for line in category["lines"]
                ]
                assert sum(lines) == pytest.approx(category[key], abs=CENT)
            assert sum(category[key] for category in option["categories"]) == pytest.approx(option[key], abs=CENT)
        assert option["present_value_usd"] == pytest.approx(found.standing.cost.central, abs=CENT)
        assert option["amount_usd"] == pytest.approx(float(found.outcome.costs.total[0]), abs=CENT)
        assert option["net_benefit_usd"] == pytest.approx(found.standing.net_benefit.central, abs=CENT)
        for parts in ("nature_usd", "treatment_usd"):
            assert sum(option[parts].values()) == pytest.approx(option["present_value_usd"], abs=CENT)
        assert sum(category["share"] for category in option["categories"]) == pytest.approx(1.0)


def test_quantity_times_paid_price_is_the_amount(answer: Breakdown) -> None:
    for option in answer.options:
        for line in (*option.lines, *option.value):
            assert line.data["quantity"] * line.paid_unit_usd == pytest.approx(line.usd, abs=CENT)


def test_the_price_of_a_handed_over_answer_names_the_share_it_holds(answer: Breakdown) -> None:
    held = {item.key: item.central for item in answer.estimate.inputs}
    tables = [block for block in breakdown_sheet(answer).blocks if isinstance(block, Table)]
    rows = [row for table in tables for row in table.rows if row[0].strip() == "wrong answers handed to people"]
    assert len(rows) == len(tables)
    for row in rows:
        price, share = row[-1].split(" × ")
        assert (price in {"task.cost_per_error", "task.escalation_usd"}, share) == (True, "task.escalation_share")
        assert row[2] == money(held[price] * held[share])


def test_a_line_follows_the_prices_it_is_made_of() -> None:
    triage = next(path for path in EXAMPLES if path.stem == "triage")
    answer = breakdown(load(triage), option="lora", draws=20)
    assert [option.name for option in answer.options] == ["lora"]
    lines = {line.data["key"]: line for line in answer.options[0].lines}
    gpu, hours, labels = (lines[key].prices for key in ("inference.gpu", "operations.serving", "retraining.labels"))
    assert [price.share for price in gpu] == [pytest.approx(1.0)]
    assert gpu[0].item.key.startswith("gpu/")
    assert [price.item.key for price in hours] == ["labour/ml_engineer"]
    assert len(labels) > 1
    assert sum(price.share for price in labels) == pytest.approx(1.0)
    assert not any(price.item.key.startswith("token/") for line in lines.values() for price in line.prices)


def test_an_unknown_option_is_an_error_with_the_known_ones() -> None:
    with pytest.raises(UnknownNameError, match="did you mean 'lora'"):
        breakdown(load(EXAMPLES[-1]), option="loar", draws=1)
