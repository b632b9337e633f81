"""Entry point: runs the commands and turns every outcome into one line and an exit code."""

import os
import sys
from collections.abc import Sequence

import typer
from typer.main import get_command

from estimator.cli.commands import app
from estimator.errors import EstimatorError

UsageProblem: type[Exception] = next(kind for kind in typer.BadParameter.__mro__ if kind.__name__ == "ClickException")
"""Base of the parser's own errors; newer typer carries its own copy of click."""
INTERNAL = 1
USAGE = 2
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
    except typer.Exit as stop:
        return stop.exit_code
    except UsageProblem as error:
        message = getattr(error, "format_message", error.__str__)()
        return _fail(f"{message} Try: estimator --help", USAGE)
    except (KeyboardInterrupt, typer.Abort):
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
