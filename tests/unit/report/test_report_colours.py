"""Lines and bars are seen on a light and on a dark page: 3 to 1, as WCAG 2.2 asks of graphics (1.4.11)."""

import tomllib
from pathlib import Path

import pytest

from estimator.report import breakeven_figures, drawing, memory_figures, sensitivity_figures, simulation_figures
from estimator.report.colours import COLOURS, DASHES, option_style

ROOT = Path(__file__).resolve().parents[3]
PAGES = {"light": "#FFFFFF", "dark": "#171614"}
"""Backgrounds of the dashboard, read off its pictures."""
LEAST = 3.0
GREYS = {breakeven_figures.INK, sensitivity_figures.GREY, simulation_figures.GREY, memory_figures.LIMIT_COLOUR}
BARS = {*drawing.CATEGORY_COLOURS.values(), *memory_figures.LINE_COLOURS.values(), *memory_figures.FURTHER_COLOURS}


def luminance(colour: str) -> float:
    channels = [int(colour[place : place + 2], 16) / 255 for place in (1, 3, 5)]
    red, green, blue = (part / 12.92 if part <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4 for part in channels)
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


def contrast(one: str, other: str) -> float:
    dark, light = sorted((luminance(one), luminance(other)))
    return (light + 0.05) / (dark + 0.05)


def test_contrast_is_that_of_the_standard():
    assert contrast("#000000", "#FFFFFF") == pytest.approx(21.0)
    assert contrast("#777777", "#FFFFFF") == pytest.approx(4.48, abs=0.005)


@pytest.mark.parametrize("page", PAGES)
@pytest.mark.parametrize("colour", sorted({*COLOURS, *GREYS, *BARS, memory_figures.OVERHEAD_COLOUR}))
def test_every_colour_is_seen_on_both_pages(colour, page):
    assert contrast(colour, PAGES[page]) >= LEAST


def test_theme_and_charts_share_their_colours():
    theme = tomllib.loads((ROOT / ".streamlit" / "config.toml").read_text(encoding="utf-8"))["theme"]
    assert tuple(theme["chartCategoricalColors"]) == COLOURS


def test_options_differ_in_colour_and_in_dash():
    styles = option_style(["a", "b", "c", "d", "e", "f"])
    assert len({colour for colour, _ in styles.values()}) == len({dash for _, dash in styles.values()}) == len(DASHES)
