"""Messages in the words of the command line: the flag that was typed, in place of the key it stands for."""

import re
from collections.abc import Sequence

from estimator.errors import UsageError

_FIELD = re.compile(r"(?:(?:scenario|training): )?((?:\w+\.)*)(\w+): (.+)", re.DOTALL)
"""Field and problem of a message; what a verb makes of its flags is a scenario without a file."""
_NUMBER = re.compile(r"[-+.\deE]+")
"""Text that a message repeats, if not letter by letter; 500% comes back as 5."""
_SECTIONS = {
    "train": ("options.job.tuning.",),
    "plan": ("options.job.tuning.",),
    "retrieval": ("options.rag.retrieval.", "options.rag.", "retrieval.", "workload.", "workload.tokens."),
}
"""Sections that a verb fills from its flags; a key of any other was read in a file."""
_FLAGS = {
    "relative_error": "--precision",
    "size": "--points",
    "gradient_accumulation": "--accumulation",
    "chunk_tokens": "--chunk",
    "overlap_tokens": "--overlap",
    "requests_per_month": "--queries-per-month",
    "prompt": "--question",
    "output": "--answer",
}
"""Keys whose flag has another name."""


def by_flag(message: str, arguments: Sequence[str]) -> str:
    """The message, with flag and text as typed where its field was given by a flag.

    >>> by_flag("seed: -1 is outside 0 to 9", ["compare", "a.yaml", "--seed", "-1"])
    '--seed: -1 is outside 0 to 9'
    >>> by_flag("scenario: options.rag.retrieval.churn: 5 is outside [0, 1] share", ["retrieval", "--churn=500%"])
    '--churn 500%: 5 is outside [0, 1] share'
    >>> by_flag("options.lora.tuning.gpu: unknown GPU 'X'", ["plan", "a.yaml", "--gpu", "L4"])
    "options.lora.tuning.gpu: unknown GPU 'X'"
    """
    found = _FIELD.fullmatch(message)
    if not found or not arguments or found[1] not in ("", *_SECTIONS.get(arguments[0], ())):
        return message
    flag = _FLAGS.get(found[2], f"--{found[2].replace('_', '-')}")
    typed = _typed(flag, arguments)
    if typed is None:
        return message
    told = typed in found[3] or _NUMBER.fullmatch(typed)
    return f"{flag}: {found[3]}" if told else f"{flag} {typed}: {found[3]}"


def refuse_empty(arguments: Sequence[str]) -> None:
    """Refuse an empty argument, which would stand for the current folder or for nothing.

    Raises:
        UsageError: an argument is empty; the message names it.

    >>> refuse_empty(["compare", "a.yaml", "--on", ""])
    Traceback (most recent call last):
    estimator.errors.UsageError: --on is empty, as an unset variable leaves it; give a value, or drop it
    """
    for place, (before, argument) in enumerate(zip(("", *arguments), arguments, strict=False), 1):
        if not argument:
            name = before if before.strip("-") and before.startswith("-") else f"argument {place}"
            raise UsageError(f"{name} is empty, as an unset variable leaves it; give a value, or drop it")


def _typed(flag: str, arguments: Sequence[str]) -> str | None:
    """What was typed after the flag the last time; None where it was not typed."""
    found = None
    for argument, following in zip(arguments, (*arguments[1:], ""), strict=True):
        name, sign, value = argument.partition("=")
        if name == flag:
            found = value if sign else following
    return found
