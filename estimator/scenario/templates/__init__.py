"""Commented scenarios to start from, each in three sizes.

A template of medium size is written out as a YAML file, from which the others differ by the values in `SIZES`.
What `starter` hands out names its template, so that a result can tell presets from the user's own values.
"""

import re
from importlib.resources import files
from typing import Literal, get_args

Size = Literal["small", "medium", "large"]
_Change = tuple[str, str, str, str]
"""A key, and what it is in the small, the medium and the large size, as written."""

SIZES: dict[str, tuple[_Change, ...]] = {
    "triage": (
        ("requests_per_month", "6k to 24k", "60k to 240k", "600k to 2.4M"),
        ("documents", "5k", "40k", "200k"),
        ("labels", "1000", "3000", "10k"),
    ),
    "contract-review": (
        ("requests_per_month", "200 to 800", "1500 to 6000", "10k to 40k"),
        ("documents", "2k", "12k", "60k"),
        ("labels", "800", "2000", "5000"),
        ("labels", "3000", "8000", "20k"),
    ),
    "policy-assistant": (
        ("requests_per_month", "800 to 4k", "8k to 40k", "80k to 400k"),
        ("documents", "600", "6k", "40k"),
        ("labels", "1500", "4000", "10k"),
    ),
    "brand-voice": (
        ("requests_per_month", "400 to 1500", "4k to 15k", "40k to 150k"),
        ("documents", "3k", "20k", "100k"),
        ("labels", "500", "1500", "4000"),
    ),
    "code-assistant": (
        ("requests_per_month", "3k to 12k", "30k to 120k", "300k to 1.2M"),
        ("documents", "4k", "30k", "200k"),
        ("labels", "1500", "4000", "12k"),
    ),
}
"""Orders of magnitude by judgement: a team, a department, a company; each is to be replaced by the user's own."""
NAMES = tuple(SIZES)
_SIZE_NAMES = get_args(Size)
_FOR = {"small": "a team", "medium": "a department", "large": "a company"}


def template_text(name: str) -> str:
    """Text of a template in its medium size, as in `examples/`.

    >>> template_text("triage").startswith("#")
    True
    """
    return (files(__package__) / f"{name}.yaml").read_text(encoding="utf-8")


def about(name: str) -> str:
    """What a template is about: the first sentence of its first line.

    >>> about("brand-voice")
    'Product texts in the voice of a brand: the facts come with the request, the voice is what prompting misses.'
    """
    return template_text(name).split("\n", 1)[0].removeprefix("# ")


def starter(name: str, size: Size = "medium") -> str:
    """A template in one of its sizes, as a file to edit that names the template it comes from.

    >>> "requests_per_month: 6k to 24k" in starter("triage", "small")
    True
    """
    text = template_text(name)
    for key, *values in SIZES[name]:
        written = re.compile(rf"\b{key}: {re.escape(values[1])}(?=[\s,}}])")
        text = written.sub(f"{key}: {values[_SIZE_NAMES.index(size)]}", text)
    head, body = re.split(r"^(?=name:)", text, maxsplit=1, flags=re.MULTILINE)
    return f"""{head}#
# A preset: {name}, {size}: volume, documents and labels of {_FOR[size]}. All figures are orders of magnitude by
# judgement, to be replaced by your own. A value that still equals the template counts as "preset" in the results, one
# that you change as "yours". Prices and defaults that are not in this file come from the catalog, with their sources.
template: {name}, {size}
{body}"""


def is_template(given: str) -> bool:
    """Whether the `template` of a scenario names one that there is.

    >>> is_template("triage, small"), is_template("triage, tiny")
    (True, False)
    """
    name, _, size = given.partition(", ")
    return name in SIZES and size in _SIZE_NAMES


def template_named(given: str) -> str:
    """Text of what the `template` of a scenario names.

    >>> template_named("triage, small") == starter("triage", "small")
    True
    """
    name, _, size = given.partition(", ")
    return starter(name, next(item for item in _SIZE_NAMES if item == size))
