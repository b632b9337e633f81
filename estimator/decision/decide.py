"""The door of the room: outcomes in, decision out."""

from collections.abc import Mapping, Sequence
from types import MappingProxyType

import numpy as np

from estimator.decision.constraints import Check
from estimator.decision.drivers import Driver, drivers
from estimator.decision.odds import value_of_perfect_information
from estimator.decision.outcome import Outcome
from estimator.decision.ownership import Ownership, ownership
from estimator.decision.rules import Reason, TaskFacts, rules
from estimator.decision.standing import Standing, standings
from estimator.decision.verdict import Verdict, verdict
from estimator.inputs import Input
from estimator.record import record
from estimator.units import Value


@record
class Decision:
    """Which option, how sure, why, and what would be worth knowing."""

    standings: dict[str, Standing]
    verdict: Verdict
    rules: tuple[Reason, ...]
    drivers: tuple[Driver, ...]
    """Inputs that move the choice between the best option and the runner-up."""
    ownership: Ownership
    """What is the user's own, what is default, and which inputs carry the answer."""
    perfect_information_usd: float
    """EVPI: what it is worth at most to remove all uncertainty first. [USD]"""


def decide(
    outcomes: Sequence[Outcome],
    *,
    facts: TaskFacts,
    minimum_quality: Value | None,
    valued: bool,
    inputs: Sequence[Input],
    checked: Mapping[str, Sequence[Check]] = MappingProxyType({}),
) -> Decision:
    """Compare the options and say which one to take.

    Args:
        outcomes: Options in the order of the scenario; the first is the baseline. [USD]
        facts: What the rules look at. [1]
        minimum_quality: Share of correct answers that is asked for, or None. [1]
        valued: Whether the scenario says what an answer is worth.
        inputs: Resolved inputs, for the drivers. [units of the inputs]
        checked: Hard constraints by option; one that does not hold excludes it. [1]

    Returns:
        The decision. [USD]

    Source: net benefit and value of information as in Briggs, Claxton & Sculpher 2006.
    """
    found = standings(outcomes, minimum_quality=minimum_quality, checked=checked)
    applying = rules(facts)
    conclusion = verdict(outcomes, found, applying, valued=valued)
    eligible = [outcome for outcome in outcomes if found[outcome.name].eligible]
    pair = [o for name in (conclusion.best, conclusion.runner_up) for o in outcomes if o.name == name]
    moved: tuple[Driver, ...] = ()
    if pair and pair[0].size > 1:
        gain = pair[0].net_benefit - (pair[1].net_benefit if len(pair) > 1 else 0.0)
        moved = drivers(outcome=gain[1:], inputs=inputs)
    evpi = 0.0
    if eligible and eligible[0].size > 1:
        evpi = value_of_perfect_information(net_benefit=np.stack([o.net_benefit[1:] for o in eligible]))
    return Decision(found, conclusion, applying, moved, ownership(inputs, moved), evpi)
