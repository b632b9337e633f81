"""A staged plan: which option first, which one later, and on what condition."""

import re
from collections.abc import Mapping
from typing import Annotated, Any, Literal

from pydantic import BeforeValidator, Field, WithJsonSchema

from estimator.errors import did_you_mean
from estimator.scenario.fields import Name, Part
from estimator.scenario.number import parse_number

Sign = Literal[">", ">=", "<", "<="]
_THRESHOLD = re.compile(r"^(>=|<=|>|<)\s*(.+)$")
_MONTH = re.compile(r"^month\s+(\d{1,3})$")


def parse_threshold(given: Any) -> tuple[Sign, float]:
    """Sign and number of a condition such as `> 100k`.

    Raises:
        ValueError: it is none.

    >>> parse_threshold("> 100k"), parse_threshold("<= 80%")
    (('>', 100000.0), ('<=', 0.8))
    """
    match = _THRESHOLD.match(given.strip()) if isinstance(given, str) and len(given) < 80 else None
    if match is None:
        raise ValueError(f'{given!r:.60} is no condition; give a sign and a number, e.g. "> 100k" or "< 0.8"')
    signs: dict[str, Sign] = {">": ">", ">=": ">=", "<": "<", "<=": "<="}
    return signs[match[1]], parse_number(match[2])


def _threshold(given: Any) -> str:
    parse_threshold(given)
    return " ".join(str(given).split())


def parse_month_number(given: Any) -> int:
    """A month of the horizon from `6` or `month 6`.

    >>> parse_month_number("month 6")
    6
    """
    text = str(given).strip() if not isinstance(given, bool) else ""
    match = _MONTH.match(text if text.startswith("month") else f"month {text}")
    if match is None or int(match[1]) < 1:
        raise ValueError(f"{given!r:.60} is no month of the horizon; give e.g. month 6")
    return int(match[1])


Threshold = Annotated[str, BeforeValidator(_threshold)]
MonthNumber = Annotated[
    int, BeforeValidator(parse_month_number), WithJsonSchema({"type": ["string", "integer"], "examples": ["month 6"]})
]


class Trigger(Part):
    """What has to be seen in the decision month; several conditions must all hold."""

    requests_per_month: Threshold | None = None
    """Requests of the decision month, e.g. "> 100k"."""
    quality: Threshold | None = None
    """Share of correct answers of the running option in the decision month, e.g. "< 0.8"."""

    @property
    def conditions(self) -> dict[str, tuple[Sign, float]]:
        """Sign and number of each condition that is written, by what is observed."""
        written = {"requests_per_month": self.requests_per_month, "quality": self.quality}
        return {name: parse_threshold(text) for name, text in written.items() if text is not None}


class Stage(Part):
    """One step of a staged plan."""

    use: Name
    """The option that answers in this stage."""
    from_: Annotated[MonthNumber | None, Field(alias="from")] = None
    """Decision month: at its end the plan moves to this option, which answers from the next month on."""
    if_: Annotated[Trigger | None, Field(alias="if")] = None
    """Moves only in futures in which this is seen in the decision month; always where not given."""


def check_stages(name: str, stages: tuple[Stage, ...], *, options: Mapping[str, bool], horizon: int) -> None:
    """Refuse stages that cannot be carried out.

    Args:
        name: Name of the plan.
        stages: Its steps.
        options: All options of the file by name, and whether each is a staged plan itself.
        horizon: Months of the scenario. [month]

    Raises:
        ValueError: the message names the stage and what to do.
    """
    here = f"options.{name}.stages"
    if len(stages) < 2:
        raise ValueError(f"{here} holds {len(stages)} stage; give the option to start with and one to move to")
    last = 0
    for place, stage in enumerate(stages):
        at = f"{here}.{place}"
        if stage.use not in options:
            hint = did_you_mean(stage.use, [other for other, staged in options.items() if not staged])
            raise ValueError(f"{at}.use names no option of this file: {stage.use!r}{hint}")
        if options[stage.use]:
            what = f"goes in a circle: {name} → {name}" if stage.use == name else f"is a staged plan: {stage.use!r}"
            raise ValueError(f"{at}.use {what}; name an option that has a model")
        if place == 0:
            if stage.from_ is not None or stage.if_ is not None:
                raise ValueError(f"{at} is the first stage and starts at launch; remove its from and if")
            continue
        last = _checked_month(at, stage, after=last, horizon=horizon)
        if stage.use == stages[place - 1].use:
            raise ValueError(f"{at}.use is {stage.use} as in the stage before; name another option")


def _checked_month(at: str, stage: Stage, *, after: int, horizon: int) -> int:
    if stage.from_ is None:
        raise ValueError(f"{at}.from is missing; give the decision month, e.g. month 6")
    if not 1 <= stage.from_ < horizon:
        raise ValueError(
            f"{at}.from: month {stage.from_} is outside 1 to {horizon - 1}, the last month after which some of the "
            "horizon is left"
        )
    if stage.from_ <= after:
        raise ValueError(f"{at}.from: month {stage.from_} is not after month {after} of the stage before; order them")
    if stage.if_ is not None and not stage.if_.conditions:
        raise ValueError(f'{at}.if is empty; give e.g. requests_per_month: "> 100k", or remove it')
    return stage.from_
