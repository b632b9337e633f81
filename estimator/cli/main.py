"""Entry point: runs the commands and turns every outcome into one line and an exit code."""

import os
import sys
from collections.abc import Sequence

import click
from typer.main import get_command

from estimator.cli.commands import app
from estimator.errors import EstimatorError

INTERNAL = 1
INTERRUPTED = 130


def main(arguments: Sequence[str] | None = None) -> None:
    """Run the command line and exit."""
    sys.exit(run(arguments))


def run(arguments: Sequence[str] | None = None) -> int:
    """Run the command line and return its exit code."""
    try:
        result = get_command(app).main(args=arguments, prog_name="estimator", standalone_mode=False)
        sys.stdout.flush()
        return result if isinstance(result, int) else 0
    except EstimatorError as error:
        return _fail(str(error), error.exit_code)
    except click.exceptions.Exit as stop:
        return stop.exit_code
    except click.ClickException as error:
        return _fail(f"{error.format_message()} Try: estimator --help", error.exit_code)
    except (KeyboardInterrupt, click.exceptions.Abort):
        return INTERRUPTED
    except BrokenPipeError:
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return 0
    except Exception as error:  # the last line of defence: no traceback reaches a user
        if os.environ.get("ESTIMATOR_DEBUG"):
            raise
        kind = f"{type(error).__name__}: {error}"
        return _fail(f"internal error: {kind:.200}; please report it with ESTIMATOR_DEBUG=1 set", INTERNAL)


def _fail(message: str, code: int) -> int:
    print(f"error: {' '.join(message.split())}", file=sys.stderr)
    return code
