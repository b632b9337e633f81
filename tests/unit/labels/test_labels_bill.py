"""Bills of labelling projects, by hand: people, models, raw examples, calendar, presets."""

import pytest

from estimator import labelling_project
from estimator.errors import InputError, UnknownNameError
from estimator.labels import annotation_usd, collection_bill, model_annotation_usd, project_weeks
from estimator.units import central


def test_adjudication_and_tooling_are_lines_of_their_own() -> None:
    bill = annotation_usd(
        labels=600.0,
        minutes=2.0,
        usd_per_hour=30.0,
        redundancy=3.0,
        adjudicated_share=0.25,
        adjudication_usd_per_hour=100.0,
        tooling_usd=500.0,
    )
    assert bill.labelling == pytest.approx(600 * 3 * 2 / 60 * 30)
    assert bill.adjudication == pytest.approx(600 * 0.25 * 2 / 60 * 100)
    assert bill.total == pytest.approx(1800 + 500 + 500)
    assert bill.hours == pytest.approx(60 + 5)


def test_a_model_labels_and_people_audit() -> None:
    bill = model_annotation_usd(
        labels=1000.0,
        usd_per_label=0.01,
        votes=2.0,
        rejected_share=0.5,
        audit_share=0.1,
        audit_minutes=3.0,
        audit_usd_per_hour=40.0,
        guideline_hours=10.0,
        guideline_usd_per_hour=90.0,
    )
    assert (bill.labelling, bill.rejected, bill.review, bill.guidelines) == pytest.approx((20.0, 20.0, 200.0, 900.0))
    assert bill.hours == pytest.approx(5.0)
    assert bill.total == pytest.approx(1140.0)


def test_raw_examples_in_three_lines() -> None:
    bill = collection_bill(
        examples=100.0,
        kept_share=0.25,
        gather_minutes=0.6,
        deduplicate_usd=0.01,
        redact_minutes=3.0,
        usd_per_hour=50.0,
    )
    assert bill.gathered == pytest.approx(400)
    assert (bill.gathering, bill.deduplication, bill.redaction) == pytest.approx((200.0, 4.0, 250.0))
    assert bill.total == pytest.approx(454.0)


def test_more_annotators_are_done_sooner_but_not_before_the_guidelines() -> None:
    given = {"hours": 800.0, "hours_per_week": 20.0, "guideline_hours": 80.0, "training_hours": 0.0}
    assert project_weeks(annotators=4.0, **given) == pytest.approx(2 + 10)
    assert project_weeks(annotators=1e6, **given) == pytest.approx(2, abs=1e-3)


@pytest.mark.parametrize("labeller", ["crowd", "vendor", "in_house", "expert", "llm", "synthetic"])
def test_every_labeller_has_a_price_a_quality_and_a_date(labeller: str) -> None:
    project = labelling_project(labels=2000, annotation={"labeller": labeller}, draws=200)
    assert 0.6 < central(project.accuracy) < 1
    assert central(project.data.total) > 0
    assert 0 < central(project.data.weeks) < 60
    lines = project.data.bill.total + project.data.collection.total
    assert central(lines) == pytest.approx(central(project.data.total))


def test_experts_cost_more_and_err_less_than_the_crowd() -> None:
    crowd, expert = (
        labelling_project(labels=2000, annotation={"labeller": who}, draws=200) for who in ("crowd", "expert")
    )
    assert central(expert.data.total) > central(crowd.data.total)
    assert central(expert.accuracy) > central(crowd.accuracy)
    assert central(expert.worth) > central(crowd.worth)


def test_votes_and_review_raise_cost_and_accuracy() -> None:
    once = labelling_project(labels=2000, draws=200)
    thrice = labelling_project(labels=2000, annotation={"redundancy": 3}, draws=200)
    read = labelling_project(labels=2000, annotation={"review_share": "80%"}, draws=200)
    for other in (thrice, read):
        assert central(other.accuracy) > central(once.accuracy)
        assert central(other.data.total) > central(once.data.total)


def test_an_even_jury_counts_as_one_vote_fewer() -> None:
    three, four = (labelling_project(labels=100, annotation={"redundancy": n}, draws=50) for n in (3, 4))
    assert central(four.accuracy) == pytest.approx(central(three.accuracy))


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        ({"labels": -1}, "--labels: -1 is outside"),
        ({"annotation": {"minutes": "many"}}, "--minutes: 'many' is not a number"),
        ({"annotation": {"rate": "expert/layer"}}, "--rate: unknown price row"),
        ({"annotation": {"rejected_share": 1}}, "--rejected-share: 1 is outside"),
        ({"annotation": {"labeller": "llm", "model": "openai/none"}}, "--model: unknown hosted model"),
        ({"classes": 1}, "--classes: 1 is outside"),
        ({"kind": "poetry"}, "--kind: 'poetry' is not one of"),
        ({"quality": 1.0}, "quality 1"),
        ({"half_width": 0.7}, "half_width 0.7"),
    ],
)
def test_bad_figures_name_their_flag(arguments: dict[str, object], message: str) -> None:
    with pytest.raises(InputError, match=message):
        labelling_project(draws=10, **arguments)  # type: ignore[arg-type]


def test_an_unknown_project_offers_the_known_ones() -> None:
    with pytest.raises(UnknownNameError, match="squad"):
        labelling_project(like="sqad")


def test_a_named_model_labels_unless_people_are_asked() -> None:
    named = labelling_project(labels=100, annotation={"model": "openai/gpt-6-luna"}, draws=20)
    assert named.data.labeller == "llm"
    with pytest.raises(InputError, match="--model is for labels by a model, but labeller is crowd"):
        labelling_project(labels=100, annotation={"model": "openai/gpt-6-luna", "labeller": "crowd"}, draws=20)
