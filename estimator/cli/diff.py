"""`estimator diff`: what changed from one scenario or stored result to another."""

from collections.abc import Sequence
from dataclasses import replace
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from estimator.cli.app import (
    Calibration,
    Draws,
    Form,
    Format,
    InCurrency,
    On,
    Output,
    Overlay,
    Rates,
    Seed,
    app,
    currency_asked,
    examples,
    format_name,
    rendered,
    world,
)
from estimator.errors import ScenarioError, UsageError

if TYPE_CHECKING:
    from estimator.catalog import Catalog
    from estimator.questions.diff import Result
    from estimator.scenario import Scenario

SetAfter = Annotated[
    list[str] | None,
    typer.Option("--set", metavar="PATH=VALUE", help="Change a value of AFTER before it is compared; repeatable."),
]
STORED = ".json"
"""Suffix of a result that was stored earlier; all other files are scenarios."""


@app.command(
    epilog=examples(
        "estimator diff examples/triage.yaml examples/policy-assistant.yaml",
        "estimator diff last-month.json examples/triage.yaml -f markdown",
        "estimator diff examples/triage.yaml examples/triage.yaml --set workload.growth=5%",
    )
)
def diff(
    before: Annotated[
        str, typer.Argument(help="Scenario file, or a result of: estimator compare -o BEFORE.json.", metavar="BEFORE")
    ],
    after: Annotated[str, typer.Argument(help="The same, to be compared with it; - is stdin.", metavar="AFTER")],
    form: Form = None,
    output: Output = None,
    changes: SetAfter = None,
    draws: Draws = 10_000,
    seed: Seed = 0,
    on: On = None,
    currency: InCurrency = "USD",
    rates: Rates = None,
    overlay: Overlay = None,
    calibration: Calibration = None,
) -> None:
    """Tell what changed: inputs, then options with their lines of cost, then what each changed input did."""
    from estimator import estimate
    from estimator.cli.files import day, named_files, read_scenario
    from estimator.comparing import said_of
    from estimator.money import shown_in
    from estimator.questions.diff import Result, result_of

    prices, when = world(overlay, calibration), day(on)
    names = (*named_files([before]), *named_files([after]))
    if names == ("-", "-"):
        raise UsageError("BEFORE, AFTER: - is given twice, but there is one stdin; name one of the files")
    if len(names) > len((before, after)):
        raise UsageError("diff takes two files, not a folder of several; use: estimator compare")
    if changes and _is_stored(names[1]):
        raise UsageError(f"--set: {names[1]} is a stored result, whose inputs stay; give AFTER as a scenario file")
    given: list[Result | Scenario] = [
        _only(stored(Path(name)), name) if _is_stored(name) else read_scenario(name, asked)
        for name, asked in zip(names, (None, changes), strict=True)
    ]
    dated = [item.scenario if isinstance(item, Result) else item for item in reversed(given)]
    results: list[Result] = []
    with shown_in(currency_asked(currency, rates, prices, dated, when)):
        for name, item in zip(names, given, strict=True):
            with said_of(name):
                results.append(
                    item
                    if isinstance(item, Result)
                    else result_of(estimate(item, draws=draws, seed=seed, catalog=prices, on=when, lean=True), name)
                )
        show_diffs([(results[0], results[1])], prices, seed=seed, on=when, form=form, output=output)


def stored(path: Path) -> "tuple[Result, ...]":
    """Results that were stored in a file."""
    import json

    from estimator.cli.files import read_text
    from estimator.questions.diff import stored_results

    try:
        data = json.loads(read_text(path))
    except (ValueError, RecursionError) as error:
        problem = " ".join(str(error).split())
        raise ScenarioError(
            f"{path}: not JSON ({problem:.100}); give a result of: estimator compare FILE -o base.json"
        ) from None
    return stored_results(data, origin=str(path))


def against_stored(
    base: Path,
    scenarios: "Sequence[Scenario]",
    *,
    draws: int,
    seed: int,
    catalog: "Catalog",
    on: date | None,
    form: Format | None,
    output: Path | None,
) -> None:
    """Each scenario against the stored result of the same name, or against the only one there is."""
    from estimator import estimate
    from estimator.questions.diff import result_of

    known = stored(base)
    matches = [_named(known, scenario.name, base, len(scenarios)) for scenario in scenarios]
    pairs = [
        (match, result_of(estimate(scenario, draws=draws, seed=seed, catalog=catalog, on=on, lean=True), scenario.name))
        for match, scenario in zip(matches, scenarios, strict=True)
    ]
    show_diffs(pairs, catalog, seed=seed, on=on, form=form, output=output)


def show_diffs(
    pairs: "Sequence[tuple[Result, Result]]",
    catalog: "Catalog",
    *,
    seed: int,
    on: date | None,
    form: Format | None,
    output: Path | None,
) -> None:
    """Write what changed between pairs of results."""
    from estimator.cli.files import write
    from estimator.questions.diff import diff as difference
    from estimator.report.diff import DIFF_FORMATS

    name = format_name(form, output)
    if name not in DIFF_FORMATS:
        raise UsageError(f"--format {name}: diff has no such format; give one of {', '.join(DIFF_FORMATS)}")
    diffs = [difference(first, last, catalog=catalog, seed=seed, on=on) for first, last in pairs]
    write(rendered(DIFF_FORMATS, diffs, form, output), output)


def _is_stored(name: str) -> bool:
    return Path(name).suffix.lower() == STORED


def _only(results: "tuple[Result, ...]", name: str) -> "Result":
    if len(results) != 1:
        raise UsageError(f"{name}: holds {len(results)} scenarios; store one, or use: estimator compare --compare-to")
    return replace(results[0], label=name)


def _named(results: "tuple[Result, ...]", name: str, base: Path, wanted: int) -> "Result":
    found = [result for result in results if result.label == name]
    if found:
        return found[0]
    if len(results) == wanted == 1:
        return results[0]
    raise UsageError(f"{base}: holds no scenario named {name!r}, but {', '.join(item.label for item in results)}")
