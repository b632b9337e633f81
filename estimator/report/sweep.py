"""A sweep as a sheet: how options fare over its points, what is chosen at each, where the rows are."""

from collections.abc import Callable
from typing import Any

from estimator.plain import plain
from estimator.report.layout import Table
from estimator.report.numbers import futures, money, share, significant
from estimator.report.sheet import Sheet
from estimator.sweeping import Choice, Spread, SweepRun, SweepSummary

SHOWN_POINTS = 40
SHOWN_ERRORS = 10


def sweep_sheet(name: str, run: SweepRun, summary: SweepSummary) -> Sheet:
    """Tables and data of a sweep; the records are its points."""
    failed = f"{len(summary.failed):,} without a result"
    return Sheet(
        title=f"{name}: {run.points:,} points over {' × '.join(summary.varied)} · {futures(summary.draws)} · "
        f"seed {summary.seed}",
        blocks=(
            f"{run.computed:,} computed now, {run.reused:,} found in the folder, {failed}. All rows: {run.folder}.",
            *([_options_table(summary)] if summary.options else []),
            *([_answers_table(summary)] if summary.answers else []),
            *_points_blocks(summary),
            *_failures(summary),
        ),
        data={
            "name": name,
            "folder": str(run.folder),
            "points": run.points,
            "computed": run.computed,
            "reused": run.reused,
            "failed": len(summary.failed),
            "draws": summary.draws,
            "seed": summary.seed,
            "varied": list(summary.varied),
            "options": [plain(item) for item in summary.options],
            "answers": summary.answers,
            "choices": [_record(summary, choice) for choice in summary.choices],
        },
        records=[_record(summary, choice) for choice in summary.choices],
    )


def _record(summary: SweepSummary, choice: Choice) -> dict[str, Any]:
    data = plain(choice)
    values = dict(zip(summary.varied, data.pop("varied"), strict=True))
    return {"point": data.pop("point"), "scenario": data.pop("scenario"), **values, **data}


def _options_table(summary: SweepSummary) -> Table:
    rows = tuple(
        (
            item.option,
            f"{item.points:,}",
            f"{item.eligible:,}",
            f"{item.best:,}",
            _range(item.probability_best, share),
            _range(item.cost_usd_p50, money),
            _range(item.net_benefit_usd_p50, money),
        )
        for item in summary.options
    )
    header = ("Option", "Points", "Eligible", "Chosen", "P(best)", "Cost p50", "Net benefit p50")
    return Table("Options over the points: lowest · median · highest", header, rows)


def _range(spread: Spread, text: Callable[[float], str]) -> str:
    return " · ".join(text(value) for value in (spread.low, spread.median, spread.high))


def _answers_table(summary: SweepSummary) -> Table:
    rows = tuple((answer, f"{count:,}") for answer, count in summary.answers.items())
    return Table("Is fine-tuning worth it?", ("Answer", "Points"), rows)


def _points_blocks(summary: SweepSummary) -> list[Table | str]:
    if len(summary.choices) > SHOWN_POINTS:
        return [f"Of more than {SHOWN_POINTS} points, -f csv and -f json list each."]
    rows = tuple(
        (
            *(_value(value) for value in choice.varied),
            choice.best or "–",
            share(choice.probability_best),
            money(choice.cost_usd_p50),
            money(choice.net_benefit_usd_p50),
            choice.answer or "no result",
        )
        for choice in summary.choices
    )
    header = (*summary.varied, "Choice", "P(best)", "Cost p50", "Net benefit p50", "Tuning worth it?")
    return [Table("The choice at each point", header, rows)]


def _value(value: Any) -> str:
    return significant(value) if isinstance(value, float) else str(value)


def _failures(summary: SweepSummary) -> list[str]:
    lines = [f"Point {choice.point} has no result: {choice.error}" for choice in summary.failed[:SHOWN_ERRORS]]
    return [
        *lines,
        *(["Further points have none either; see the column error."] if len(summary.failed) > SHOWN_ERRORS else []),
    ]
