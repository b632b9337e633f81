"""The commands. Heavy imports happen inside them, so that `--help` is quick."""

import enum
import sys
from pathlib import Path
from typing import Annotated

import typer

from estimator import __version__
from estimator.errors import EstimatorError, UsageError

app = typer.Typer(
    name="estimator",
    help="Is fine-tuning an LLM worth it, compared with prompt engineering and retrieval?",
    no_args_is_help=True,
    add_completion=True,
    rich_markup_mode=None,
    pretty_exceptions_enable=False,
)


class Format(enum.StrEnum):
    """Output formats."""

    table = "table"
    json = "json"
    csv = "csv"
    markdown = "markdown"


class Template(enum.StrEnum):
    """Scenarios to start from."""

    triage = "triage"
    contract_review = "contract-review"
    policy_assistant = "policy-assistant"


Output = Annotated[Path | None, typer.Option("--output", "-o", help="Write to this file instead of stdout.")]
Quiet = Annotated[bool, typer.Option("--quiet", "-q", help="No notes on stderr.")]


def _version(wanted: bool) -> None:
    if wanted:
        print(f"estimator {__version__}")
        raise typer.Exit


@app.callback()
def _root(
    version: Annotated[
        bool, typer.Option("--version", callback=_version, is_eager=True, help="Print the version and stop.")
    ] = False,
) -> None:
    del version


@app.command(epilog="Example: estimator compare examples/triage.yaml -f markdown -o triage.md")
def compare(
    files: Annotated[list[str], typer.Argument(help="Scenario files; - reads one from stdin.", metavar="FILE...")],
    form: Annotated[Format | None, typer.Option("--format", "-f", help="Default: by suffix of -o, else table.")] = None,
    output: Output = None,
    draws: Annotated[int, typer.Option(help="Number of futures.")] = 10_000,
    seed: Annotated[int, typer.Option(help="Seed of the futures.")] = 0,
    on: Annotated[str | None, typer.Option(help="Day of the prices, e.g. 2026-11-22.")] = None,
    quiet: Quiet = False,
) -> None:
    """Compare the options within a scenario file, and several files side by side."""
    from estimator import pipeline
    from estimator.cli.files import day, read_scenario, write
    from estimator.report import FORMATS, SUFFIXES

    if files.count("-") > 1:
        raise UsageError("FILE: - is given twice, but there is one stdin; name the other files")
    name = form.value if form else SUFFIXES.get(output.suffix.lower() if output else "", "table")
    scenarios = [read_scenario(file) for file in files]
    when = day(on)
    result = pipeline.compare(scenarios, draws=draws, seed=seed, on=when)
    write(FORMATS[name](result), output)
    if not quiet and name != "table":
        for estimate in result.estimates:
            for text in estimate.warnings:
                print(f"note: {text}", file=sys.stderr)


@app.command(epilog="Example: estimator init --template contract-review -o mine.yaml")
def init(
    template: Annotated[Template, typer.Option("--template", "-t", help="Scenario to start from.")] = Template.triage,
    output: Output = None,
    force: Annotated[bool, typer.Option("--force", help="Overwrite an existing file.")] = False,
) -> None:
    """Write a commented scenario file to start from."""
    from estimator.cli.files import write
    from estimator.scenario.templates import template_text

    if output is not None and output.exists() and not force:
        raise UsageError(f"{output}: exists already; choose another name or add --force")
    write(template_text(template.value), output)


@app.command(epilog="Example: estimator schema -o scenario.schema.json")
def schema(output: Output = None) -> None:
    """Write the JSON schema of scenario files, for editors."""
    import json

    from estimator.cli.files import write
    from estimator.scenario import json_schema

    write(json.dumps(json_schema(), indent=2, ensure_ascii=False) + "\n", output)


@app.command(epilog="Example: estimator dashboard")
def dashboard(
    port: Annotated[int, typer.Option(help="Port of the local server.")] = 8501,
) -> None:
    """Open the dashboard in the browser."""
    import importlib.util
    import subprocess

    if importlib.util.find_spec("streamlit") is None:
        raise UsageError("the dashboard needs streamlit; install it with: pip install 'estimator[app]'")
    main = Path(__file__).parent.parent / "dashboard" / "main.py"
    command = [sys.executable, "-m", "streamlit", "run", str(main), "--server.port", str(port)]
    code = subprocess.run(command, check=False).returncode  # noqa: S603  # our own file and our own interpreter
    if code:
        raise EstimatorError(f"the dashboard ended with exit code {code}; see its messages above")
