"""Entry point: runs the commands and turns every outcome into one line and an exit code.

Everything else is imported within `run`, so that an interrupt during the imports is as quiet as any other.
"""

import gc
import os
import sys
from collections.abc import Sequence
from functools import cache
from importlib import import_module
from typing import Any

from estimator.allocating import keep_freed_memory, search_new_objects_only
from estimator.cli.flags import by_flag, refuse_empty
from estimator.cli.manners import drop_stdout, prepare_streams, set_volume
from estimator.cli.verbs import MODULES, module_of
from estimator.errors import EstimatorError

OK = 0
INTERNAL = 1
USAGE = 2
INTERRUPTED = 130
OBJECTS = 200_000
"""New objects between two looks for circles of garbage: modules make many that stay, and each look takes its time."""


def main(arguments: Sequence[str] | None = None) -> None:
    """Run the command line and exit."""
    gc.set_threshold(OBJECTS)
    keep_freed_memory()
    prepare_streams()
    code = run(arguments)
    search_new_objects_only()  # at its end a process would look through all that it loaded: a tenth of its time
    sys.exit(code)


def run(arguments: Sequence[str] | None = None) -> int:
    """Run the command line and return its exit code."""
    set_volume()
    try:
        code = _parsed_and_run(arguments)
        sys.stdout.flush()
    except EstimatorError as error:
        return _fail(by_flag(str(error), _given(arguments)), error.exit_code)
    except KeyboardInterrupt:
        return _interrupted()
    except BrokenPipeError:
        return _reader_left()
    except SystemExit as stop:  # the parser's own way out: completion, or a pipe that nobody reads
        if isinstance(stop.__context__, BrokenPipeError):
            return _reader_left()
        return stop.code if isinstance(stop.code, int) else OK
    except OSError as error:
        drop_stdout()
        return _fail(f"{error.filename or 'stdout'}: {error.strerror}; check space and permissions", USAGE)
    except Exception as error:  # the last line of defence: no traceback reaches a user
        if isinstance(error.__cause__, KeyboardInterrupt):  # wrapped by pydantic while it wrote a scenario
            return _interrupted()
        if os.environ.get("ESTIMATOR_DEBUG"):
            raise
        kind = f"{type(error).__name__}: {error}"
        return _fail(f"internal error: {kind:.200}; please report it with ESTIMATOR_DEBUG=1 set", INTERNAL)
    return _interrupted() if code == INTERRUPTED else code


def _parsed_and_run(arguments: Sequence[str] | None) -> int:
    import typer

    refuse_empty(_given(arguments))
    problem: type[Exception] = next(kind for kind in typer.BadParameter.__mro__ if kind.__name__ == "ClickException")
    try:
        result = _verbs(module_of(_first(arguments))).main(args=arguments, prog_name="estimator", standalone_mode=False)
    except typer.Exit as stop:
        return stop.exit_code
    except typer.Abort:
        return INTERRUPTED
    except problem as error:  # newer typer carries its own copy of click, whose errors have no public name
        if type(error).__name__ == "NoArgsIsHelpError":  # its message is the whole help
            print(_message(error), file=sys.stderr)
            return USAGE
        return _fail(f"{_message(error)} Try: {_asked(error, arguments)} --help", USAGE)
    return result if isinstance(result, int) else OK


def _message(error: Exception) -> str:
    """What the parser says, with the value it was given; newer typer passes on the words of pydantic."""
    text = str(getattr(error, "format_message", error.__str__)()).replace("Value error, ", "")
    problems: list[dict[str, Any]] = getattr(error.__cause__, "errors", list)()
    given = next((repr(problem["input"]) for problem in problems if "input" in problem), "")
    text = text if given in text else f"{text}, got {given:.40}"
    return text if text.endswith((".", "?", "\n")) else f"{text}."


def _asked(error: Exception, arguments: Sequence[str] | None) -> str:
    """The verb that was asked for, as it is typed; the parser does not always name it."""
    if context := getattr(error, "ctx", None):
        return str(context.command_path)
    first = _first(arguments)
    return f"estimator {first}" if first in MODULES else "estimator"


def _first(arguments: Sequence[str] | None) -> str:
    return next(iter(_given(arguments)), "")


def _given(arguments: Sequence[str] | None) -> Sequence[str]:
    return sys.argv[1:] if arguments is None else arguments


@cache
def _verbs(module: str) -> Any:
    """The verbs of one module, or all where it is `commands`; built once, however often they are run in one process."""
    from typer.main import get_command

    return get_command(import_module(f"estimator.cli.{module}").app)


def _fail(message: str, code: int) -> int:
    print(f"error: {' '.join(message.split())}", file=sys.stderr)
    return code


def _interrupted() -> int:
    drop_stdout()
    print("interrupted", file=sys.stderr)
    exec("")  # noqa: S102  # makes CPython forget an interrupt within exec, as in dataclasses: it would end by the signal
    return INTERRUPTED


def _reader_left() -> int:
    drop_stdout()
    return OK
