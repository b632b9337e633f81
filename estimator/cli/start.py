"""Verbs to start with: `init`, `schema`, `dashboard`."""

import enum
import sys
from pathlib import Path
from typing import Annotated

import typer

from estimator.cli.app import Output, app
from estimator.errors import EstimatorError, UsageError


class Template(enum.StrEnum):
    """Scenarios to start from."""

    triage = "triage"
    contract_review = "contract-review"
    policy_assistant = "policy-assistant"


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
