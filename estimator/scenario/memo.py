"""Memos that carry their scenario: where the text lies in HTML and Markdown, and how it is taken out again.

The text is only ever read as a scenario file; nothing in a memo is executed.
"""

import html
import re

from estimator.errors import ScenarioError

MAX_BYTES = 2_000_000
SUFFIXES = (".html", ".htm", ".md", ".markdown")
"""File names that may hold a memo, and so may be larger than a scenario."""
HTML_ID = "estimator-scenario"
"""Id of the `pre` element that holds the scenario."""
FENCE = "yaml estimator-scenario"
"""Words behind the fence that opens the scenario in Markdown."""
_STARTS = ("<!doctype html", "<html", "<!-- estimator: ")
_OPENED = re.compile(rf"^(`{{3,60}}){FENCE}$", re.MULTILINE)
_ELEMENT = re.compile(rf"<pre(?=\s[^<>]{{0,200}}\bid=[\"']?{HTML_ID}\b)[^<>]{{0,400}}>([^<]*)</pre>", re.IGNORECASE)


def is_memo(text: str) -> bool:
    """Whether a text is HTML or Markdown written by this tool rather than YAML.

    >>> is_memo("<!doctype html>"), is_memo("name: Triage")
    (True, False)
    """
    return text.lstrip("\ufeff \t\r\n")[:40].lower().startswith(_STARTS)


def scenario_text(text: str, *, origin: str) -> str:
    """The scenario inside a memo; any other text as it is.

    Raises:
        ScenarioError: the memo is too large, or does not hold exactly one scenario.
    """
    if not is_memo(text):
        return text
    if len(text) > MAX_BYTES:
        raise ScenarioError(f"{origin}: longer than {MAX_BYTES:,} characters; a memo is far smaller")
    plain = text.replace("\r\n", "\n")
    blocks, elements = list(_OPENED.finditer(plain)), list(_ELEMENT.finditer(plain))
    if len(blocks) + len(elements) != 1:
        count = len(blocks) + len(elements) or "no"
        raise ScenarioError(
            f"{origin}: holds {count} scenarios where one is needed; give a memo of estimator report, or the scenario"
        )
    if elements:
        return html.unescape(elements[0][1])
    [block] = blocks
    end = plain.find(f"\n{block[1]}", block.end())
    return plain[block.end() + 1 : end + 1 if end >= 0 else None]


def fenced(text: str) -> str:
    """A scenario as a fenced block that no line of the text can close.

    >>> print(fenced("name: a"))
    ```yaml estimator-scenario
    name: a
    ```
    """
    longest = max((len(run) for run in re.findall(r"`+", text)), default=0)
    fence = "`" * max(3, longest + 1)
    return f"{fence}{FENCE}\n{text.rstrip()}\n{fence}"
