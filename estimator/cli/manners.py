"""How every verb behaves: how much it tells beside the answer, how wide a screen is, what becomes of the streams."""

import os
import shutil
import sys
import time
from contextlib import suppress
from contextvars import ContextVar
from pathlib import Path
from typing import Any

USUAL_COLUMNS = 118
_volume: ContextVar[int] = ContextVar("volume", default=0)


def set_volume(*, quiet: bool = False, verbose: bool = False) -> None:
    """How much is told on stderr from now on."""
    _volume.set(-1 if quiet else 1 if verbose else 0)


def be_quiet(wanted: bool) -> bool:
    """Callback of --quiet."""
    if wanted:
        set_volume(quiet=True)
    return wanted


def be_verbose(context: Any, wanted: bool) -> bool:
    """Callback of --verbose: also tells at the end which settings were in force."""
    if wanted and _volume.get() == 0:
        set_volume(verbose=True)
        context.call_on_close(lambda: detail(_in_force(context)))
    return wanted


def note(text: str) -> None:
    """A note beside the answer, on stderr, unless asked for quiet."""
    if _volume.get() >= 0:
        print(f"note: {text}", file=sys.stderr)


def detail(text: str) -> None:
    """What was done, on stderr, where asked for; with the processor time used since the start."""
    if _volume.get() > 0:
        print(f"[{time.process_time():.2f} s] {text}", file=sys.stderr)


def _in_force(context: Any) -> str:
    """Settings of a verb, each with where it came from."""
    said = []
    for key, value in context.params.items():
        if value is not None and value is not False and value != []:
            source = context.get_parameter_source(key)
            said.append(f"{key} {value} ({source.name.lower() if source else 'default'})")
    return f"{context.info_name}: {', '.join(said)}"


def screen(output: Path | None) -> int | None:
    """Columns for a table on a screen: of the terminal, or COLUMNS; None where nobody limits them, as in a pipe."""
    if output is None and (os.environ.get("COLUMNS") or sys.stdout.isatty()):
        return shutil.get_terminal_size((USUAL_COLUMNS, 24)).columns
    return None


def prepare_streams() -> None:
    """UTF-8 whatever the locale says; a closed stream swallows what is written to it."""
    for name in ("stdout", "stderr"):
        stream = getattr(sys, name)
        if stream is None:
            setattr(sys, name, os.fdopen(os.open(os.devnull, os.O_WRONLY), "w", encoding="utf-8"))
        elif "PYTHONIOENCODING" in os.environ:
            stream.reconfigure(errors="backslashreplace")
        else:
            stream.reconfigure(encoding="utf-8", errors="backslashreplace")


def drop_stdout() -> None:
    """Forget what waits to be written: nobody can take it, and the interpreter would try again at its end."""
    with suppress(OSError, ValueError):  # a stream without a descriptor of its own holds nothing back
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
