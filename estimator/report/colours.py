"""One colour and one dash for every option, by its place in the scenario."""

from collections.abc import Sequence

COLOURS = ("#0072B2", "#D55E00", "#009E73", "#C28500", "#C56C9D", "#2F95D0", "#9A8F00")
"""Okabe–Ito, the light ones darkened to three to one against a white page; a dark page is further still."""
DASHES = ("solid", "dash", "dashdot", "dot", "longdash", "longdashdot")


def option_style(names: Sequence[str]) -> dict[str, tuple[str, str]]:
    """Colour and dash of every option, by its place in the scenario."""
    return {name: (COLOURS[place % len(COLOURS)], DASHES[place % len(DASHES)]) for place, name in enumerate(names)}
