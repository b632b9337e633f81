"""The error tree. Every message names the field, the given value, the allowed range and the next step.

EstimatorError
├── UsageError          a file or an argument is missing or unreadable        exit code 2
├── ScenarioError       the scenario is not valid                             exit code 3
│   └── FieldError          a changed value that its field does not take
├── CatalogError        a model, GPU, price or evidence row cannot be used    exit code 3
│   ├── UnknownNameError    no row of that name; the nearest names are offered
│   └── NoPriceError        the row has no value on the asked day
├── InputError          a value is outside the range in which a formula is valid   exit code 3
├── WorkerError         a process that computed a part of the answer was lost  exit code 1
└── InfeasibleError     an option cannot be carried out; becomes a result, not a failure
"""

from collections.abc import Iterable
from difflib import get_close_matches

SHORTEST_PART = 3
"""Letters by which a name is looked for within longer ones."""


class EstimatorError(Exception):
    """Base of every error a user can cause; printed as one line, never as a traceback."""

    exit_code = 3


class UsageError(EstimatorError):
    """A file or an argument is missing or unreadable."""

    exit_code = 2


class ScenarioError(EstimatorError):
    """The scenario file is not valid."""


class FieldError(ScenarioError):
    """A changed value is none that its field takes, whatever stands beside it."""


class CatalogError(EstimatorError):
    """A catalog row cannot be used."""


class UnknownNameError(CatalogError):
    """No catalog row has that name."""

    def __init__(self, kind: str, name: str, known: Iterable[str], hint: str = "") -> None:
        near = did_you_mean(name, known)
        more = hint and (f" Otherwise {hint}" if near else f"; {hint}")
        super().__init__(f"unknown {kind} {name!r}{near}{more}")


class NoPriceError(CatalogError):
    """A row exists, but has no value on the asked day."""


class InputError(EstimatorError):
    """A value lies outside the range in which a formula is valid."""


class WorkerError(EstimatorError):
    """A process that computed a part of the answer was lost."""

    exit_code = 1


class InfeasibleError(EstimatorError):
    """An option cannot be carried out; the pipeline turns it into a result with this reason."""


def did_you_mean(name: str, known: Iterable[str], limit: int = 3) -> str:
    """The end of a message that offers the nearest known names; what stands before a slash may be left out.

    >>> did_you_mean("retreival", ["retrieval", "tuning"])
    "; did you mean 'retrieval'?"
    >>> did_you_mean("gpt5", ["openai/gpt-5", "google/gemini-3"]), did_you_mean("qwen", ["Qwen/Qwen3-8B-Instruct"])
    ("; did you mean 'openai/gpt-5'?", "; did you mean 'Qwen/Qwen3-8B-Instruct'?")
    """
    whole = {item.lower(): item for item in known}
    shortest_last = sorted(whole, key=len, reverse=True)
    forms = {item.rpartition("/")[2]: item for item in shortest_last} | {item: item for item in whole}
    asked = name.lower()
    near = get_close_matches(asked, forms, n=len(forms), cutoff=0.6) if forms else []
    if not near and len(asked) >= SHORTEST_PART:
        near = sorted((item for item in whole if asked in item), key=len)
    chosen = list(dict.fromkeys(whole[forms[form]] for form in near))[:limit]
    return f"; did you mean {' or '.join(map(repr, chosen))}?" if chosen else ""
