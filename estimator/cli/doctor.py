"""`estimator doctor`: whether this installation is in order."""

import typer

from estimator.cli.app import Calibration, Form, Output, Overlay, app, examples, show

BROKEN = 5


@app.command(epilog=examples("estimator doctor", "estimator doctor -f json"))
def doctor(
    overlay: Overlay = None,
    calibration: Calibration = None,
    form: Form = None,
    output: Output = None,
) -> None:
    """Check versions, extras, catalog, terminal, environment and write access; exit code 5 if something is broken."""
    from estimator.cli.checks import all_checks
    from estimator.report.health import health_sheet, is_healthy

    checks = all_checks(overlay, calibration)
    show(health_sheet(checks), form, output)
    if not is_healthy(checks):
        raise typer.Exit(BROKEN)
