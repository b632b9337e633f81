"""Each hard constraint passes, excludes with the reason, or says that it cannot be checked."""

from datetime import date

import numpy as np
import pytest

from estimator.catalog import areas_of, lies_in, load_catalog
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
