"""The article's rules of thumb, each turned into a reason only where the scenario's own numbers call for it."""

from collections.abc import Mapping
from types import MappingProxyType
from typing import Literal

from estimator.record import record

Approach = Literal["prompt", "rag", "tuning"]

FAST_FACTS = 0.05
"""Share of facts per month above which tuned-in knowledge ages within a retraining cycle. Judgement."""
SCARCE_LABELS = 200
"""Labels below which tuned models rarely beat a prompt: 200–500 is where gains become meaningful (arXiv:2406.08660)."""
KNOWLEDGE_HEAVY = 0.4
"""Share of errors that are missing facts above which retrieval is the first remedy. Judgement."""
LOW_VOLUME = 3_000
"""Requests per month below which a fixed effort is hard to earn back. Judgement."""
UPKEEP_HEAVY = 0.25
"""Share of the cost of a tuned option that is spent on keeping it good. Judgement."""

RULE_INPUTS: Mapping[str, tuple[str, ...]] = MappingProxyType(
    {
        "changing-facts": ("task.facts_change",),
        "citations": ("task.must_cite",),
        "hallucination": ("task.knowledge_share",),
        "domain-depth": ("task.domain", "task.facts_change"),
        "narrow-task": ("task.narrow",),
        "style": ("task.style",),
        "scarce-data": ("tuning.labels",),
        "low-volume": ("workload.requests_per_month",),
        "maintenance": ("retraining.*", "migration.*"),
    }
)
"""What each rule looks at: keys of the scenario, lines of the ledger."""
ABOUT_QUALITY = frozenset({"changing-facts", "hallucination", "domain-depth", "narrow-task", "style"})
"""Rules that promise quality; they speak for an option only where its figures bear them out."""


@record
class Reason:
    """One argument in plain words."""

    code: str
    favours: Approach | None
    """Approach the reason speaks for; None when it only warns."""
    text: str


@record
class TaskFacts:
    """Central values the rules look at."""

    facts_change: float
    knowledge_share: float
    must_cite: bool
    domain: str
    narrow: bool
    style: bool
    labels: float | None
    """Labels of the largest tuned option; None when nothing is tuned."""
    requests_per_month: float
    upkeep_share: float | None
    """Share of the tuned option's cost spent on retraining and migration."""


def rules(facts: TaskFacts) -> tuple[Reason, ...]:
    """Reasons from the nature of the task, in order of weight.

    Args:
        facts: Central values of the scenario. [1]

    Returns:
        The rules that apply. [1]

    Source: decision guide "Fine-Tuning LLMs: When Is It Truly Worth the Effort?"; thresholds as named above.
    """
    return (*_for_retrieval(facts), *_for_tuning(facts), *_for_prompting(facts))


def _for_retrieval(facts: TaskFacts) -> list[Reason]:
    found = []
    if facts.facts_change >= FAST_FACTS:
        stale = 1.0 / facts.facts_change
        text = (
            f"{facts.facts_change:.0%} of the needed facts change per month, so knowledge trained into weights is out "
            f"of date after about {stale:.0f} months; retrieval reads the current documents"
        )
        found.append(Reason("changing-facts", "rag", text))
    if facts.must_cite:
        text = "answers must name their sources: retrieved passages can be cited, weights cannot"
        found.append(Reason("citations", "rag", text))
    if facts.knowledge_share >= KNOWLEDGE_HEAVY:
        text = (
            f"{facts.knowledge_share:.0%} of the errors are missing facts, which retrieval supplies; tuning teaches "
            "behaviour and, on unknown facts, can even add hallucinations"
        )
        found.append(Reason("hallucination", "rag", text))
    return found


def _for_tuning(facts: TaskFacts) -> list[Reason]:
    found = []
    stable = facts.facts_change < FAST_FACTS
    if facts.domain == "deep" and stable:
        text = "good answers need deep domain expertise that is stable: examples teach what a prompt cannot spell out"
        found.append(Reason("domain-depth", "tuning", text))
    if facts.narrow:
        text = (
            "the task is one narrow, well-defined job: tuning builds its logic into the weights and shortens the prompt"
        )
        found.append(Reason("narrow-task", "tuning", text))
    if facts.style:
        text = "a house style is part of the task: it is learned from a few hundred to a thousand examples"
        found.append(Reason("style", "tuning", text))
    return found


def _for_prompting(facts: TaskFacts) -> list[Reason]:
    found = []
    if facts.labels is not None and facts.labels < SCARCE_LABELS:
        text = f"only {facts.labels:,.0f} labels are planned: with scarce data, prompting or retrieval comes first"
        found.append(Reason("scarce-data", "prompt", text))
    if facts.requests_per_month < LOW_VOLUME:
        text = f"{facts.requests_per_month:,.0f} requests a month leave little volume to earn a fixed effort back"
        found.append(Reason("low-volume", "prompt", text))
    if facts.upkeep_share is not None and facts.upkeep_share >= UPKEEP_HEAVY:
        found.append(Reason("maintenance", None, maintenance(facts.upkeep_share)))
    return found


def maintenance(upkeep_share: float) -> str:
    """What upkeep takes of the cost of a tuned option, in words.

    Args:
        upkeep_share: Share of its cost. [1]

    Returns:
        Words. [text]

    Source: definition.
    """
    return f"{upkeep_share:.0%} of its cost is retraining and migration: without that budget its quality decays"
