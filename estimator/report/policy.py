"""What a check found: the result first, then the policy, and lines that GitHub shows beside a file."""

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from estimator.money import USD, shown_currency, shown_in
from estimator.policy import CheckedFile, Ruling, checks_data, documented_as
from estimator.report.layout import Table
from estimator.report.numbers import compact, money, month, rate_lines, share, significant
from estimator.report.sheet import Sheet
from estimator.report.tables import header_line, options_note, options_table, verdict_lines
from estimator.results import Estimate

_TRIGGERED = {"warn": "⚠ warns", "fail": "✖ fails"}
_STATUS = {"ok": "✔ ok", "warned": "⚠ warnings", "failed": "✖ failed", "invalid": "✖ invalid"}


def check_sheet(files: Sequence[CheckedFile]) -> Sheet:
    """The result of each file, then what its policy says."""
    data = checks_data(files)
    blocks = [block for file in files for block in _file(file)]
    records = [record for file in files for record in _records(file)]
    return Sheet(title="Check", blocks=tuple(blocks), data=data, records=records)


def github_lines(files: Sequence[CheckedFile]) -> list[str]:
    """Workflow commands of GitHub: one error or warning per broken rule and invalid file."""
    lines = []
    for file in files:
        if file.error:
            lines.append(_command("error", file.file, file.error))
        with shown_in(file.estimate.currency if file.estimate else USD):
            for ruling in file.checked.rulings if file.checked else ():
                if ruling.found != "clear":
                    level = "error" if ruling.level == "fail" else "warning"
                    why = f" ({ruling.reason})" if ruling.reason else ""
                    lines.append(_command(level, file.file, f"{ruling.condition}{why}: {_figures(ruling)}"))
    return lines


def _file(file: CheckedFile) -> Iterator[Table | str]:
    if file.estimate is None:
        yield f"{_STATUS['invalid']}  {file.error}"
        return
    with shown_in(file.estimate.currency):
        yield from _found(file, file.estimate)


def _found(file: CheckedFile, estimate: Estimate) -> Iterator[Table | str]:
    yield header_line(estimate)
    yield from rate_lines(estimate.currency)
    yield options_table(estimate)
    yield options_note(estimate)
    yield verdict_lines(estimate)[0]
    yield _prices(file)
    if file.checked is not None:
        rows = [(_mark(ruling), ruling.condition, _figures(ruling)) for ruling in file.checked.rulings]
        yield Table(f"Policy: {file.policy}", ("Found", "Condition", "Figures"), tuple(rows))
    else:
        yield "No policy: give --policy FILE, or write policy: into the scenario."
    yield f"{_STATUS[file.status]}  {file.file}"


def _prices(file: CheckedFile) -> str:
    old = (file.data or {}).get("stale_prices", [])
    if not old:
        return "The scenario is valid; no price of it is old."
    first = old[0]
    return (
        f"The scenario is valid; old prices: {len(old)}, the oldest is {first['key']}, read on {first['read_on']} "
        f"({first['days']} days before)."
    )


def _mark(ruling: Ruling) -> str:
    if ruling.found == "clear":
        return "✔ ok"
    mark = _TRIGGERED[ruling.level]
    return f"{mark}: {ruling.reason}" if ruling.found == "unjudged" else mark


def _figures(ruling: Ruling) -> str:
    return ", ".join(f"{name} = {figure_text(name, value)}" for name, value in ruling.values.items())


def figure_text(name: str, value: float | bool | None) -> str:
    """A quantity as people read it; amounts are in the currency of the result already, as conditions are.

    >>> figure_text("best.cost.p90", 61234.5), figure_text("increase.cost.p50", 0.12)
    ('$61.2k', '12 %')
    """
    if value is None:
        return "–"
    if isinstance(value, bool):
        return "yes" if value else "no"
    bare = name.removeprefix("change.")
    known = documented_as(bare) or documented_as(f"best.{bare}")
    unit = known.unit if known else ""
    if unit == "currency":
        return money(shown_currency().usd(value))
    if unit == "share":
        return share(value)
    if unit == "months":
        return month(value)
    return significant(value) if unit == "ratio" else compact(value)


def _records(file: CheckedFile) -> list[Mapping[str, Any]]:
    rows = file.to_dict()
    head = {key: rows[key] for key in ("file", "scenario", "status", "policy", "error")}
    if not rows["rules"]:
        return [{**head, "level": "", "condition": "", "found": "", "figures": "", "reason": ""}]
    return [
        {
            **head,
            **{key: rule[key] for key in ("level", "condition", "found")},
            "figures": "; ".join(f"{name} = {value}" for name, value in rule["values"].items()),
            "reason": rule["reason"],
        }
        for rule in rows["rules"]
    ]


def _command(level: str, file: str, text: str) -> str:
    place = _escaped(file).replace(":", "%3A").replace(",", "%2C")
    return f"::{level} file={place},title=estimator check::{_escaped(text)}"


def _escaped(text: str) -> str:
    return text.replace("%", "%25").replace("\r", "%0D").replace("\n", "%0A")
