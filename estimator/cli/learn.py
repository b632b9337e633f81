"""`estimator learn` and `estimator retrain`: what labels are worth, and when to train again."""

from estimator.cli.app import (
    Calibration,
    Draws,
    File,
    Form,
    InCurrency,
    On,
    Output,
    Overlay,
    Rates,
    Seed,
    Set,
    app,
    examples,
    in_currency,
    show,
    world,
)


@app.command(
    epilog=examples(
        "estimator learn examples/triage.yaml", "estimator learn examples/contract-review.yaml -o learn.csv"
    )
)
def learn(
    file: File,
    changes: Set = None,
    form: Form = None,
    output: Output = None,
    draws: Draws = 10_000,
    seed: Seed = 0,
    on: On = None,
    currency: InCurrency = "USD",
    rates: Rates = None,
    overlay: Overlay = None,
    calibration: Calibration = None,
) -> None:
    """Labels → quality → USD of every tuned option, the best number of labels, and when to stop."""
    from estimator import questions
    from estimator.cli.files import day, read_scenario
    from estimator.report.learn import learn_sheet

    scenario, prices, when = read_scenario(file, changes), world(overlay, calibration), day(on)
    with in_currency(currency, rates, prices, [scenario], when):
        found = questions.learn(scenario, draws=draws, seed=seed, catalog=prices, on=when)
        show(learn_sheet(found), form, output)


@app.command(
    epilog=examples("estimator retrain examples/triage.yaml", "estimator retrain examples/triage.yaml -f json")
)
def retrain(
    file: File,
    changes: Set = None,
    form: Form = None,
    output: Output = None,
    draws: Draws = 10_000,
    seed: Seed = 0,
    on: On = None,
    currency: InCurrency = "USD",
    rates: Rates = None,
    overlay: Overlay = None,
    calibration: Calibration = None,
) -> None:
    """Interval and cost of every retraining policy of every tuned option."""
    from estimator import questions
    from estimator.cli.files import day, read_scenario
    from estimator.report.retrain import retrain_sheet

    scenario, prices, when = read_scenario(file, changes), world(overlay, calibration), day(on)
    with in_currency(currency, rates, prices, [scenario], when):
        found = questions.retrain(scenario, draws=draws, seed=seed, catalog=prices, on=when)
        show(retrain_sheet(found), form, output)
