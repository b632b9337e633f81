"""Pieces that several pages share: heading, chart, tables, downloads."""

from collections.abc import Sequence
from typing import Any

import plotly.graph_objects as go
import streamlit as st

from estimator.dashboard.words import escaped
from estimator.decision import Band, Standing
from estimator.plain import line_data
from estimator.report.figures import alt_text
from estimator.report.layout import Table
from estimator.report.naming import worded, worded_table
from estimator.report.numbers import futures, money, month, share
from estimator.report.tables import break_even
from estimator.results import Estimate, OptionEstimate
from estimator.tco import Ledger

UNBROKEN = 12
"""Characters up to which a cell stays on one line."""
CHART = {"displaylogo": False, "scrollZoom": False, "modeBarButtons": [["toImage"]]}
"""One button on each chart: save it as a picture, which the browser draws itself."""


def heading(result: Estimate, *, about: str) -> None:
    """Name of the scenario, what the page is about, and what the figures are based on."""
    scenario = result.scenario
    st.title(escaped(result.name), anchor=False)
    st.caption(
        f"{about} {scenario.horizon} months from {scenario.start:%B %Y}, US dollars, prices of {result.on:%d %B %Y}, "
        f"{futures(result.draws)}, seed {result.seed}."
    )


def chart(figure: go.Figure, *, key: str) -> None:
    """A figure with the sentence that says what it shows."""
    picture = {"format": "png", "filename": f"estimator-{key.split('@')[0]}", "scale": 2}
    st.plotly_chart(figure, key=key, config={**CHART, "toImageButtonOptions": picture}, alt=alt_text(figure))
    st.caption(escaped(alt_text(figure)))


def metrics(result: Estimate, name: str) -> None:
    """Four figures of one option."""
    standing = result.decision.standings[name]
    figures = (
        ("Quality", share(standing.quality.p50), _range(standing.quality, share)),
        ("Cost", money(standing.cost.p50), _range(standing.cost, money)),
        ("Mean net benefit", money(standing.net_benefit.mean), _range(standing.net_benefit, money)),
        ("P(best)", share(standing.probability_best), f"break-even: {_break_even_median(standing)}"),
    )
    with st.container(horizontal=True):
        for label, value, description in figures:
            st.metric(
                label, escaped(value), delta=escaped(description), delta_color="off", delta_arrow="off", border=True
            )


def options_table(result: Estimate) -> None:
    """All options side by side."""
    best = result.decision.verdict.best
    rows = [_row(option, chosen=option.name == best) for option in result.options.values()]
    st.table(
        {column: [row[column] for row in rows] for column in rows[0]},
        hide_index=True,
        border="horizontal",
        alt="Options by quality, cost, net benefit, odds of being best, and break-even month",
    )


def line_table(ledger: Ledger, size: int, *, key: str, alt: str) -> None:
    """Ledger lines: quantity × unit price = amount in the central case, with the p10–p90 of the amount."""
    data = [line_data(line, size, ledger.factors) for lines in ledger.by_category().values() for line in lines]
    money_columns = {
        "Amount (USD)": [item["amount_usd"]["central"] for item in data],
        "p10 (USD)": [item["amount_usd"]["p10"] for item in data],
        "p90 (USD)": [item["amount_usd"]["p90"] for item in data],
    }
    st.dataframe(
        {
            "Category": [item["category"] for item in data],
            "Line": [item["label"] for item in data],
            "Quantity": [item["quantity"] for item in data],
            "Unit": [item["unit"] for item in data],
            "Unit price (USD)": [item["unit_usd"] for item in data],
            **money_columns,
        },
        key=key,
        hide_index=True,
        height="content",
        alt=alt,
        column_config={
            "Line": st.column_config.TextColumn(width="medium"),
            "Quantity": st.column_config.NumberColumn(format="%,.0f"),
            "Unit price (USD)": st.column_config.NumberColumn(format="%,.6g"),
            **{name: st.column_config.NumberColumn(format="%,.2f") for name in money_columns},
        },
    )


def text_table(table: Table) -> None:
    """A table of text as it stands in the other formats."""
    if table.title:
        st.markdown(f"**{escaped(table.title)}**")
    st.table(
        columns_of(table),
        hide_index=True,
        border="horizontal",
        alt=table.title or ", ".join(table.header),
    )


def columns_of(table: Table) -> dict[str, list[str]]:
    """Columns by their heads; of heads that are the same the later ones get signs of no width, so that none is lost."""
    columns: dict[str, list[str]] = {}
    for place, head in enumerate(table.header):
        name = head
        while name in columns:
            name += "\N{ZERO WIDTH SPACE}"
        columns[name] = [_cell(row[place]) for row in table.rows]
    return columns


def blocks(items: Sequence[Table | str], result: Estimate | None = None) -> None:
    """Tables and paragraphs of a sheet, in reading order; the inputs of an estimate, where it is given, in words."""
    keys = [] if result is None else keys_of(result)
    for item in items:
        if isinstance(item, Table):
            text_table(worded_table(item, keys))
        else:
            st.markdown(escaped(worded(item, keys)))


def keys_of(result: Estimate) -> list[str]:
    """Keys of the inputs, to be put into words."""
    return [item.key for item in result.inputs]


def bullets(texts: Sequence[str], *, empty: str) -> None:
    """A list of plain sentences."""
    st.markdown("\n".join(f"- {escaped(text)}" for text in texts) if texts else f"*{empty}*")


def _row(option: OptionEstimate, *, chosen: bool) -> dict[str, str]:
    item = option.standing
    if option.outcome.infeasible:
        none = dict.fromkeys(("Quality", "Cost", "Mean net benefit", "P(best)", "Break-even"), "–")
        return {"Option": f":material/block: **{escaped(item.name)}**", **none}
    mark = ":material/check_circle: " if chosen else "" if item.eligible else ":material/block: "
    return {
        "Option": f"{mark}**{escaped(item.name)}**",
        "Quality": escaped(share(item.quality.p50)),
        "Cost": _with_range(item.cost.p50, item.cost, money),
        "Mean net benefit": _with_range(item.net_benefit.mean, item.net_benefit, money),
        "P(best)": escaped(share(item.probability_best)) if item.eligible else "not eligible",
        "Break-even": _unbroken(break_even(item.break_even_month)),
    }


def _with_range(middle: float, band: Band, show: Any) -> str:
    return f"{escaped(show(middle))} {_unbroken(f'({_range(band, show)})')}"


def _cell(text: str) -> str:
    """Text of a cell; what is short stays on one line."""
    return _unbroken(text) if len(text) <= UNBROKEN else escaped(text)


def _unbroken(text: str) -> str:
    """Text that a narrow table does not break."""
    return escaped(text).replace(" ", "\N{NO-BREAK SPACE}")


def _range(band: Band, show: Any) -> str:
    return f"{show(band.p10)} to {show(band.p90)}"


def _break_even_median(item: Standing) -> str:
    return "baseline" if item.break_even_month is None else month(item.break_even_month.p50)
