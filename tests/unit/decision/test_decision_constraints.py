"""Each hard constraint passes, excludes with the reason, or says that it cannot be checked."""

from datetime import date

import numpy as np
import pytest

from estimator.catalog import Licence, areas_of, lies_in, load_catalog
from estimator.decision import Check, Demands, OptionFacts, Processor, checks

OPENAI = Processor(does="answering", who="openai", third_party=True)
RENTED = Processor(does="answering", who="gcp", third_party=False, region="europe-west4")
MANAGED = Processor(does="tuning", who="openai", third_party=True, learns=True)
PEOPLE = Processor(does="labelling", who="", third_party=None)


def one(facts: OptionFacts, demands: Demands) -> Check:
    (check,) = checks(facts, demands)
    return check


def test_no_constraint_asks_nothing() -> None:
    assert checks(OptionFacts(processors=(OPENAI, MANAGED)), Demands()) == ()


@pytest.mark.parametrize(
    ("facts", "demands", "holds", "words"),
    [
        (OptionFacts(processors=(RENTED,)), Demands(regions=frozenset({"eu"})), True, ""),
        (OptionFacts(processors=(RENTED,)), Demands(regions=frozenset({"us"})), False, "gcp does answering in europe"),
        (OptionFacts(processors=(OPENAI,)), Demands(regions=frozenset({"eu"})), None, "state region of the option"),
        (OptionFacts(processors=(RENTED,)), Demands(self_hosted_only=True), True, ""),
        (OptionFacts(processors=(OPENAI,)), Demands(self_hosted_only=True), False, "openai does answering, a third"),
        (OptionFacts(processors=(PEOPLE,)), Demands(self_hosted_only=True), None, "perhaps outside"),
        (OptionFacts(processors=(MANAGED,)), Demands(no_training_on_data=True), False, "openai does tuning"),
        (OptionFacts(processors=(OPENAI,)), Demands(no_training_on_data=True), None, "providers_cleared"),
        (
            OptionFacts(processors=(OPENAI,)),
            Demands(no_training_on_data=True, cleared=frozenset({"openai"})),
            True,
            "",
        ),
        (OptionFacts(processors=(OPENAI,)), Demands(barred=frozenset({"openai"})), False, "openai may not be used"),
        (OptionFacts(processors=(RENTED,)), Demands(barred=frozenset({"openai"})), True, ""),
        (OptionFacts(processors=(PEOPLE,)), Demands(barred=frozenset({"openai"})), None, "not known"),
        (OptionFacts(first_token_s=np.array([9.0, 0.2, 0.4, 0.6])), Demands(first_token_s=0.4), True, ""),
        (OptionFacts(answer_s=8.0), Demands(answer_s=5.0), False, "takes 8 s in the median, 5 s are allowed"),
        (OptionFacts(), Demands(answer_s=5.0), None, "nothing is known for a hosted model"),
        (OptionFacts(retrieves=True), Demands(must_cite=True), True, ""),
        (OptionFacts(), Demands(must_cite=True), False, "retrieves none"),
        (OptionFacts(weeks=np.array([1.0, 9.0, 10.0, 11.0])), Demands(weeks=9.0), False, "10.0 weeks to launch"),
        (OptionFacts(weeks=8.0), Demands(weeks=9.0), True, ""),
        (OptionFacts(needs=("prompting",)), Demands(skills=frozenset({"prompting"})), True, ""),
        (OptionFacts(needs=("prompting", "fine_tuning")), Demands(skills=frozenset({"prompting"})), False, "fine-tun"),
        (OptionFacts(upfront_usd=900.0), Demands(upfront_usd=1000.0), True, ""),
        (OptionFacts(upfront_usd=np.arange(101.0)), Demands(upfront_usd=80.0), False, "(p90), $80 may be spent"),
        (OptionFacts(monthly_usd=np.array([[1.0, 5.0]])), Demands(monthly_usd=4.0), False, "costs $5 in month 2"),
        (OptionFacts(monthly_usd=np.array([[1.0, 5.0]])), Demands(monthly_usd=5.0), True, ""),
    ],
)
def test_a_constraint_holds_breaks_or_cannot_be_told(
    facts: OptionFacts, demands: Demands, holds: bool | None, words: str
) -> None:
    check = one(facts, demands)
    assert check.holds is holds
    assert words in check.text
    assert bool(check.text) == (holds is not True)


def test_licences_forbid_allow_or_set_conditions() -> None:
    terms = load_catalog().licences
    wanted = Demands(commercial_licence=True)
    assert one(OptionFacts(licence=terms["apache-2.0"]), wanted).holds is True
    assert checks(OptionFacts(licence=None), wanted) == ()
    serving, tuning = checks(OptionFacts(licence=terms["qwen-research"], tunes=True), wanted)
    assert (serving.holds, tuning.holds) == (False, None)
    assert "forbids commercial use" in serving.text
    assert "under conditions" in tuning.text
    assert one(OptionFacts(licence=terms["unknown"]), wanted).holds is None


def test_every_reason_is_given_and_one_provider_is_named_once() -> None:
    embedding = Processor(does="embedding", who="openai", third_party=True)
    found = checks(
        OptionFacts(processors=(OPENAI, embedding, RENTED)), Demands(self_hosted_only=True, must_cite=True, skills=None)
    )
    broken = [check.text for check in found if check.holds is False]
    assert len(broken) == 2
    assert "openai does answering and embedding" in broken[0]


EVERYTHING = Demands(
    regions=frozenset({"us", "eu"}),
    self_hosted_only=True,
    no_training_on_data=True,
    barred=frozenset({"openai"}),
    first_token_s=0.5,
    answer_s=2.0,
    must_cite=True,
    commercial_licence=True,
    weeks=6.0,
    skills=frozenset({"prompting"}),
    upfront_usd=999.0,
    monthly_usd=99.0,
)


def terms(serve: str, tune: str) -> Licence:
    told = {"id": "some", "name": "Some", "source": "here", "basis": "judgement", "conditions": "ask first"}
    return Licence.model_validate({**told, "may_serve_commercially": serve, "may_tune": tune})


def test_an_option_that_breaks_everything_is_told_why_by_constraint() -> None:
    learner = Processor(does="tuning", who="openai", third_party=True, region="asia-northeast1", learns=True)
    futures = np.concatenate(([0.0], np.arange(1.0, 12.0)))  # median 6, p90 10
    facts = OptionFacts(
        processors=(learner,),
        tunes=True,
        first_token_s=futures,
        answer_s=futures,
        licence=terms("no", "no"),
        weeks=np.array([1.0, 6.1]),
        needs=("fine_tuning", "prompting", "serving"),
        upfront_usd=100.0 * futures,
        monthly_usd=np.array([10.0, 0.0, 11.0]) * futures[:, None],
    )
    assert [(check.constraint, check.holds, check.text) for check in checks(facts, EVERYTHING)] == [
        (f"constraints.{key}", False, text)
        for key, text in (
            (
                "data_residency",
                "data must stay in eu, us, but openai does tuning in asia-northeast1; state another region of the "
                "option",
            ),
            ("self_hosted_only", "data may not leave own or rented machines, but openai does tuning, a third party"),
            ("no_training_on_data", "no third party may train on the data, but openai does tuning"),
            ("providers_barred", "openai may not be used, but openai does tuning"),
            ("latency_seconds.first_token", "its first token takes 6 s in the median, 0.5 s are allowed"),
            ("latency_seconds.answer", "its whole answer takes 6 s in the median, 2 s are allowed"),
            ("must_cite", "answers must cite passages, but it retrieves none"),
            ("licence", "its licence some forbids commercial use"),
            ("licence", "its licence some forbids tuning"),
            ("deadline", "it takes 6.1 weeks to launch in the median, 6.0 are left"),
            ("skills", "the team lacks a skill that it needs: fine-tuning, serving"),
            ("budget_usd.upfront", "it costs $1,000 before launch (p90), $999 may be spent"),
            ("budget_usd.per_month", "it costs $110 in month 3 (p90), $99 a month may be spent"),
        )
    ]


def test_what_cannot_be_told_says_what_is_missing_by_constraint() -> None:
    people = Processor(does="labelling", who="", third_party=None)
    vague = Processor(does="answering", who="own", third_party=None, region="global")
    facts = OptionFacts(
        processors=(people, vague), retrieves=True, tunes=True, licence=terms("with conditions", "unknown")
    )
    unknown = [(check.constraint, check.text) for check in checks(facts, EVERYTHING) if check.holds is None]
    contract = "if its contract says so, add it to providers_cleared"
    assert unknown == [
        (f"constraints.{key}", text)
        for key, text in (
            (
                "data_residency",
                "data cannot be shown to stay in eu, us: somebody who is not named does labelling in a region that is "
                "not known; state region of the option",
            ),
            (
                "data_residency",
                "data cannot be shown to stay in eu, us: the organisation itself does answering in global, which "
                "does not tell; state region of the option",
            ),
            (
                "self_hosted_only",
                "data may not leave own or rented machines, but somebody who is not named does labelling, perhaps "
                "outside",
            ),
            (
                "self_hosted_only",
                "data may not leave own or rented machines, but the organisation itself does answering, perhaps "
                "outside",
            ),
            (
                "no_training_on_data",
                f"nobody can be shown not to train on the data: somebody who is not named does labelling; {contract}",
            ),
            (
                "no_training_on_data",
                f"nobody can be shown not to train on the data: the organisation itself does answering; {contract}",
            ),
            ("providers_barred", "who does the labelling is not known"),
            (
                "latency_seconds.first_token",
                "the first token cannot be shown to come within 0.5 s: nothing is known for a hosted model",
            ),
            (
                "latency_seconds.answer",
                "the whole answer cannot be shown to come within 2 s: nothing is known for a hosted model",
            ),
            ("licence", "its licence some allows commercial use under conditions: ask first"),
            ("licence", "its licence cannot be shown to allow tuning"),
        )
    ]


def test_limits_that_are_just_met_hold_and_weights_that_stay_untuned_need_no_leave_to_tune() -> None:
    facts = OptionFacts(
        retrieves=True,
        first_token_s=0.5,
        answer_s=2.0,
        licence=terms("yes", "no"),
        weeks=6.0,
        needs=("prompting",),
        upfront_usd=999.0,
        monthly_usd=np.array([[99.0, 1.0]]),
    )
    found = checks(facts, EVERYTHING)
    assert len(found) == 8
    assert all(check.holds for check in found)


@pytest.mark.parametrize(
    ("who", "holds"),
    [
        (Processor(does="tuning", who="us", third_party=False, learns=True), True),  # own weights on own machines
        (Processor(does="answering", who="cleared", third_party=True), True),
        (Processor(does="tuning", who="cleared", third_party=True, learns=True), False),
        (Processor(does="answering", who="other", third_party=None), None),
    ],
)
def test_who_may_train_on_the_data(who: Processor, holds: bool | None) -> None:
    demands = Demands(no_training_on_data=True, cleared=frozenset({"cleared"}))
    assert one(OptionFacts(processors=(who,)), demands).holds is holds


def test_regions_know_their_country_and_area() -> None:
    assert {"eu", "nl"} <= areas_of("europe-west4")
    assert "eu" not in areas_of("eu-west-2")  # London
    assert "eu" not in areas_of("europe-west6")  # Zürich
    assert lies_in(region="global", allowed=frozenset({"eu"})) is None
    assert lies_in(region="north-america", allowed=frozenset({"us"})) is None
    assert lies_in(region="us", allowed=frozenset({"us-east-1"})) is None
    assert lies_in(region="us-east-1", allowed=frozenset({"us-west-2"})) is False
    assert lies_in(region="eu-west-9", allowed=frozenset({"de"})) is None


def test_every_region_of_an_offer_is_placed_or_known_to_be_vague() -> None:
    offers = load_catalog().gpu_offers(on=date(2026, 12, 1))
    unplaced = {offer.row.region for offer in offers if not areas_of(offer.row.region) & {"eu", "us", "ca"}}
    assert unplaced <= {"global", "north-america"}
