"""The decision memo: one page to decide by, dated and sourced, with the scenario inside so that it reopens."""

from collections.abc import Sequence
from datetime import date

from estimator import __version__
from estimator.decision import Driver
from estimator.inputs import Input
from estimator.money import USD
from estimator.record import record
from estimator.report.comparison import reason_lines
from estimator.report.flips import flip_items
from estimator.report.layout import Table
from estimator.report.numbers import futures, money, origins, rate_lines, share, significant
from estimator.report.page import Block, Bullets, Embedded, Folded, Heading, Page, Strong, page_markdown
from estimator.report.ranges import benefit_chart
from estimator.report.tables import inputs_table, options_note, options_table, set_up_lines
from estimator.results import Estimate
from estimator.scenario import Scenario, dumps

SHOWN_DRIVERS = 8
SHOWN_REASONS = 6


@record(kw_only=True)
class Frame:
    """What stands around the figures of a memo."""

    catalog_read_on: date
    """Newest day on which a price of the catalog was read."""
    written_on: date | None = None
    """Day of the memo; a line to fill in where not given, so that the same scenario gives the same bytes."""
    prepared_by: str = ""
    approved_by: str = ""
    measure: str = ""
    """What to measure next, in sentences; the drivers that are not measured stand in for it where empty."""


def memo_markdown(estimate: Estimate, frame: Frame) -> str:
    """The memo as Markdown."""
    return page_markdown(memo_page(estimate, frame))


def memo_html(estimate: Estimate, frame: Frame) -> str:
    """The memo as one HTML file."""
    from estimator.report.html import page_html

    return page_html(memo_page(estimate, frame))


MEMOS = {"markdown": memo_markdown, "html": memo_html}
"""Renderers by name."""


def memo_page(estimate: Estimate, frame: Frame) -> Page:
    """The memo as a page."""
    chart, set_up = benefit_chart(estimate), tuple(set_up_lines(estimate))
    reasons = estimate.decision.verdict
    why = (*(f"for: {text}" for text in reasons.reasons), *(f"against: {text}" for text in reasons.against))
    blocks: tuple[Block, ...] = (
        _dates(estimate, frame),
        *rate_lines(estimate.currency),
        Strong(f"Worth it? {reasons.sentence}"),
        *([Bullets(why[:SHOWN_REASONS])] if why else []),
        options_table(estimate),
        options_note(estimate),
        *([chart] if chart else []),
        Heading("Assumptions that matter"),
        estimate.decision.ownership.sentence,
        *_drivers(estimate),
        *_flips(estimate),
        Heading("What to measure next"),
        frame.measure or Bullets(_measure(estimate)),
        *_section("Warnings", estimate.warnings),
        Heading("Signatures"),
        _signatures(frame),
        Folded("All reasons", (Bullets(reason_lines(estimate)),)),
        *([Folded("How it is done", (Bullets(set_up),))] if set_up else []),
        Folded("Sources with their dates", (_sources(estimate),)),
        Folded("All inputs", (inputs_table(estimate),)),
        Folded(
            "The scenario; this memo can be opened in its place", (Embedded(dumps(dated(estimate))), _again(estimate))
        ),
    )
    return Page(f"memo {estimate.name}", f"Decision memo: {estimate.name}", blocks)


def _section(title: str, items: Sequence[str]) -> tuple[Block, ...]:
    return (Heading(title), Bullets(tuple(items))) if items else ()


def _flips(estimate: Estimate) -> tuple[Block, ...]:
    lead, *flips = flip_items(estimate) or ("",)
    return (Heading("What would have to be true"), lead, *([Bullets(tuple(flips))] if flips else [])) if lead else ()


def dated(estimate: Estimate) -> Scenario:
    """The scenario with the day of its prices written down where another day than its own was asked for."""
    scenario = estimate.scenario
    own = scenario.prices_on or scenario.start
    return scenario if own == estimate.on else scenario.model_copy(update={"prices_on": estimate.on})


def _dates(estimate: Estimate, frame: Frame) -> str:
    written = f"written on {frame.written_on} · " if frame.written_on else ""
    return (
        f"{written}{estimate.scenario.horizon} months from {estimate.scenario.start:%Y-%m} · "
        f"{estimate.currency.words}, present value · "
        f"prices of {estimate.on} · catalog read up to {frame.catalog_read_on} · {futures(estimate.draws)} · "
        f"seed {estimate.seed} · estimator {__version__}"
    )


def _drivers(estimate: Estimate) -> tuple[Block, ...]:
    found = {item.key: item for item in estimate.inputs}
    shown = [(driver, found[driver.key]) for driver in estimate.decision.drivers[:SHOWN_DRIVERS] if driver.key in found]
    if not shown:
        return ()
    rows = tuple(_driver_row(driver, item) for driver, item in shown)
    return (Table("", ("Input", "Value", "Range", "Unit", "Whose", "Share of the spread", "Source"), rows),)


def _driver_row(driver: Driver, item: Input) -> tuple[str, ...]:
    limits = f"{significant(item.low)} – {significant(item.high)}"
    return item.key, significant(item.central), limits, item.unit, item.origin, share(driver.share), item.source


def _measure(estimate: Estimate) -> tuple[str, ...]:
    """The largest drivers that nobody measured, and what knowing everything would be worth."""
    found = {item.key: item for item in estimate.inputs}
    guessed = [
        driver
        for driver in estimate.decision.drivers
        if driver.key in found and (driver.origin != "yours" or found[driver.key].basis != "measured")
    ]
    lines = [
        f"{driver.key}: {share(driver.share)} of the spread, {found[driver.key].basis} ({driver.origin})"
        for driver in guessed[:3]
    ]
    worth = estimate.decision.perfect_information_usd
    if worth > 0:
        return (*lines, f"Knowing every input before choosing would be worth up to {money(worth)}")
    return (*lines, "Nothing that could be measured would change the choice")


def _signatures(frame: Frame) -> Table:
    day = str(frame.written_on) if frame.written_on else ""
    return Table(
        "",
        ("", "Name", "Date", "Signature"),
        (("Prepared by", frame.prepared_by, day, ""), ("Approved by", frame.approved_by, "", "")),
    )


def _sources(estimate: Estimate) -> Table:
    groups: dict[tuple[str, str, str, str], list[str]] = {}
    for item in (*estimate.inputs, *estimate.constants):
        key = (item.source, item.basis, str(item.on or "–"), str(item.read_on or "–"))
        groups.setdefault(key, []).append(item.key)
    rows = tuple((*key, ", ".join(names)) for key, names in groups.items())
    return Table(f"Inputs: {origins(estimate.inputs)}", ("Source", "Basis", "In force from", "Read on", "For"), rows)


def _again(estimate: Estimate) -> str:
    money = f" --currency {estimate.currency.code}" if estimate.currency != USD else ""
    return (
        f"The same figures again: estimator compare MEMO --draws {estimate.draws} --seed {estimate.seed}{money}, where "
        "MEMO is this file; add the --catalog, --calibration and --rates that were given."
    )
