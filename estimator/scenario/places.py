"""Where in a scenario an input can be written."""

from estimator.scenario.reference import reference
from estimator.scenario.scenario import Scenario

Steps = tuple[str, ...]
"""Keys from the root of a scenario to a value; keys of a mapping may hold dots."""
_ESCALATION = "escalation"


def places_of(scenario: Scenario, key: str) -> tuple[Steps, ...]:
    """Places of a scenario that give an input its value; none for what only the catalog or a measurement knows.

    A default that several options share has a place in each of them; what an option inherits is written once, in the
    option that it extends.

    Args:
        scenario: A valid scenario.
        key: Name of an input of its result.

    Returns:
        Places, in the order of the options. [1]

    >>> from estimator.scenario import loads
    >>> from estimator.scenario.templates import template_text
    >>> triage = loads(template_text("triage"))
    >>> places_of(triage, "task.retry_share")
    (('task', 'retry_share'),)
    >>> [place[1] for place in places_of(triage, "tuning.epochs")]
    ['lora']
    >>> places_of(triage, "labour/qa")
    ()
    """
    section, dot, leaf = key.partition(".")
    if section == _ESCALATION and dot:
        return ((_ESCALATION, leaf),)
    for name in scenario.options:
        head = f"options.{name}."
        if key.startswith(head) and key.removeprefix(head) in reference():
            return (("options", name, *key.removeprefix(head).split(".")),)
    if key not in reference():
        return ()
    if section in type(scenario).model_fields:
        return (tuple(key.split(".")),)
    having = [name for name, option in scenario.composed.items() if dot and getattr(option, section) is not None]
    return tuple(("options", name, *key.split(".")) for name in having if scenario.options[name].extends not in having)
