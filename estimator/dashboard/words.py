"""Text that a user wrote, made safe to stand inside Markdown."""

import re

_MARKDOWN = re.compile(r"([\\`*_{}\[\]()#+\-.!|~$:<>&^=])")


def escaped(text: object) -> str:
    r"""The text with every character that Markdown, LaTeX or a directive could take escaped, on one line.

    >>> escaped("$5 <b>x</b>")
    '\\$5 \\<b\\>x\\</b\\>'
    """
    return _MARKDOWN.sub(r"\\\1", " ".join(str(text).split()))
