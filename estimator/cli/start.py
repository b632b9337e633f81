"""Verbs to start with: `init`, `schema`, `dashboard`."""

import enum
import os
import sys
from pathlib import Path
from typing import Annotated

import typer

from estimator.cli.app import Output, app, examples, show
from estimator.errors import EstimatorError, UsageError


class Template(enum.StrEnum):
    """Scenarios to start from."""

    triage = "triage"
    contract_review = "contract-review"
    policy_assistant = "policy-assistant"
    brand_voice = "brand-voice"
    code_assistant = "code-assistant"


class Size(enum.StrEnum):
    """How much is asked, and how many documents and labels there are."""

    small = "small"
    medium = "medium"
    large = "large"


@app.command(
    epilog=examples(
        "estimator init --list",
        "estimator init --template contract-review --size small -o mine.yaml",
        "estimator init -t brand-voice | estimator compare -",
    )
)
def init(
    template: Annotated[Template, typer.Option("--template", "-t", help="Scenario to start from.")] = Template.triage,
    size: Annotated[Size, typer.Option(help="Volume, documents, labels: of a team, a department, a company.")] = (
        Size.medium
    ),
    output: Output = None,
    force: Annotated[bool, typer.Option("--force", help="Overwrite an existing file.")] = False,
    list_: Annotated[bool, typer.Option("--list", help="Show the templates and their sizes, and stop.")] = False,
) -> None:
    """Write a commented scenario file to start from; its values are presets, to be replaced by your own."""
    from estimator.cli.files import write
    from estimator.scenario.folders import SUFFIXES
    from estimator.scenario.templates import starter

    if output is not None and not list_ and output.suffix.lower() not in ("", *SUFFIXES):
        raise UsageError(f"-o {output}: a scenario is YAML; give a name that ends in {' or '.join(SUFFIXES)}")
    if output is not None and output.exists() and not force:
        raise UsageError(f"{output}: exists already; choose another name or add --force")
    if list_:
        from estimator.report.templates import templates_sheet

        show(templates_sheet(), None, output)
        return
    write(starter(template.value, size.value), output)


@app.command(epilog=examples("estimator schema", "estimator schema -o scenario.schema.json"))
def schema(output: Output = None) -> None:
    """Write the JSON schema of scenario files, for editors."""
    import json

    from estimator.cli.files import write
    from estimator.scenario import json_schema

    write(json.dumps(json_schema(), indent=2, ensure_ascii=False) + "\n", output)


@app.command(epilog=examples("estimator dashboard", "estimator dashboard mine.yaml --port 8600"))
def dashboard(
    file: Annotated[
        str | None, typer.Argument(help="Scenario file or memo to open; the first example otherwise.", metavar="[FILE]")
    ] = None,
    port: Annotated[int, typer.Option(min=1, max=65535, help="Port of the local server.")] = 8501,
) -> None:
    """Open the dashboard in the browser; a file that no estimate can be made of is refused first."""
    import importlib.util
    import subprocess

    from estimator.scenario.opening import OPENED

    if importlib.util.find_spec("streamlit") is None:
        raise UsageError("the dashboard needs streamlit; install it with: pip install 'estimator[app]'")
    environment = {name: value for name, value in os.environ.items() if name != OPENED}
    if file is not None:
        environment[OPENED] = _estimated(file)
    command = [sys.executable, "-m", "streamlit", "run", str(_main()), "--server.port", str(port)]
    code = subprocess.run(command, check=False, env=environment).returncode  # noqa: S603  # our own file and interpreter
    if code:
        raise EstimatorError(f"the dashboard ended with exit code {code}; see its messages above")


def _main() -> Path:
    """The script beside which the server's settings are, such as that it listens on this machine only."""
    package = Path(__file__).parents[1]
    installed, checkout = package / "dashboard" / "main.py", package.parent / "app.py"
    return installed if (installed.parent / ".streamlit").is_dir() else checkout


def _estimated(file: str) -> str:
    """Path of a scenario file of which an estimate can be made."""
    from estimator.cli.files import read_scenario
    from estimator.pipeline import estimate

    if file == "-":
        raise UsageError("FILE: the dashboard reads its scenario again for every session; name a file, not stdin")
    estimate(read_scenario(file), draws=1)
    return str(Path(file).resolve())
