"""Reading scenarios and writing results: whole files or nothing."""

import os
import sys
import tempfile
from collections.abc import Mapping, Sequence
from datetime import date
from errno import EACCES
from pathlib import Path
from typing import TYPE_CHECKING, Any

from estimator.cli.manners import detail
from estimator.errors import UsageError
from estimator.reading import bounded_text

if TYPE_CHECKING:
    from estimator.scenario import Scenario

SET = "--set"
LARGEST_TABLE = 20_000_000
_OUTPUT: list[Path] = []
"""Where the result of this command goes, if into a file."""


def output_asked(output: Path | None) -> Path | None:
    """`--output` as the command line gives it: a place that cannot be is refused before anything is computed."""
    _OUTPUT[:] = [] if output is None else [output]
    if output is not None:
        _check_place(output)
    return output


def _check_place(output: Path) -> None:
    if output.is_dir():
        raise UsageError(f"{output}: is a folder; name a file in it")
    if not output.parent.is_dir():
        raise UsageError(f"{output}: the folder {output.parent} does not exist; create it first")


def _refuse_output(file: str | Path) -> None:
    """Stop where a file is about to be read that the result would replace."""
    for output in _OUTPUT:
        if output.is_file() and os.path.realpath(file) == os.path.realpath(output):
            raise UsageError(f"--output {output}: is read by this command and would be lost; name another file")


def named_files(names: Sequence[str], *, recursive: bool = False) -> tuple[str, ...]:
    """Scenario files meant by the names on the command line; there is one stdin."""
    from estimator.scenario import scenario_files

    if list(names).count("-") > 1:
        raise UsageError("FILE: - is given twice, but there is one stdin; name the other files")
    return scenario_files(names, recursive=recursive)


def distinct(files: Sequence[str]) -> tuple[str, ...]:
    """Files by the name that was given first, however often and by whatever path each is named."""
    found: dict[str, str] = {}
    for file in files:
        found.setdefault(os.path.realpath(file), file)
    return tuple(found.values())


def read_scenario(file: str, changes: list[str] | None = None) -> "Scenario":
    """A scenario from a file, or from stdin where the name is `-`, changed by what `--set` says."""
    from estimator.scenario import load, parse_overrides

    if file != "-":
        _refuse_output(file)
    overrides = parse_overrides(changes or (), flag=SET)
    scenario = _from_stdin(overrides) if file == "-" else load(file, overrides=overrides, flag=SET)
    detail(f"read {'stdin' if file == '-' else file}: {scenario.name}, options {', '.join(scenario.options)}")
    return scenario


def _from_stdin(overrides: Mapping[str, Any]) -> "Scenario":
    from estimator.scenario import loads
    from estimator.scenario.memo import MAX_BYTES

    if sys.stdin is None:
        raise UsageError("FILE: - is given, but stdin is closed; name a file")
    data = sys.stdin.buffer.read(MAX_BYTES + 1)
    try:
        return loads(data.decode("utf-8"), origin="stdin", overrides=overrides, flag=SET)
    except UnicodeDecodeError as error:
        raise UsageError(f"stdin: not UTF-8 text (byte {error.start}); send UTF-8") from None


def read_text(path: Path) -> str:
    """Text of a file that is no scenario, such as a table of votes."""
    _refuse_output(path)
    try:
        if path.stat().st_size > LARGEST_TABLE:
            raise UsageError(f"{path}: larger than {LARGEST_TABLE:,} bytes; give a part of it")
        return bounded_text(path, LARGEST_TABLE, "utf-8-sig")
    except UnicodeDecodeError as error:
        raise UsageError(f"{path}: not UTF-8 text (byte {error.start}); save it as UTF-8") from None
    except OSError as error:
        raise UsageError(f"{path}: cannot be read: {error.strerror}; check the path") from None


def day(text: str | None, flag: str = "--on") -> date | None:
    """A date from the command line."""
    if text is None:
        return None
    try:
        return date.fromisoformat(text)
    except ValueError:
        raise UsageError(f"{flag}: {text!r} is not a date; give e.g. 2026-11-22") from None


def hours(flag: str, text: str) -> float:
    """A duration from the command line, e.g. 90d."""
    from estimator.scenario import parse_hours

    try:
        return parse_hours(text)
    except ValueError as error:
        raise UsageError(f"{flag}: {error}") from None


def refuse_to_replace(output: Path, catalog: Path) -> None:
    """Stop before a file that exists, or a folder of the package's rows, would be written to."""
    if output.is_file():
        raise UsageError(f"{output}: exists, and an import overwrites nothing; name a new file")
    if output.resolve().is_relative_to(catalog.resolve()):
        raise UsageError(f"{output}: lies in the catalog {catalog}, which is changed by hand; name a file elsewhere")


def write(text: str, output: Path | None) -> None:
    """Print text, or replace a file by it in one step, so that no half file is ever seen.

    What is no regular file, such as a pipe or a device, is written to and stays what it is; a link stays a link.
    """
    if output is None:
        sys.stdout.write(text)
        sys.stdout.flush()
        return
    _check_place(output)
    try:
        if output.exists() and not output.is_file():
            output.write_text(text, encoding="utf-8", newline="")
        else:
            _replace(Path(os.path.realpath(output)), text)
    except OSError as error:
        raise UsageError(f"{output}: cannot be written: {error.strerror}; choose another place") from None
    detail(f"wrote {output}")


def _replace(target: Path, text: str) -> None:
    """Write beside the target and move over it; whatever interrupts, nothing is left beside it."""
    if target.exists() and not os.access(target, os.W_OK):
        raise PermissionError(EACCES, os.strerror(EACCES))
    handle, name = tempfile.mkstemp(dir=target.parent, prefix=".estimator-", suffix=".part")
    try:
        with os.fdopen(handle, "w", encoding="utf-8", errors="backslashreplace", newline="") as file:
            file.write(text)
        Path(name).chmod(target.stat().st_mode & 0o777 if target.exists() else 0o666 & ~_umask())
        Path(name).replace(target)
    finally:
        Path(name).unlink(missing_ok=True)


def _umask() -> int:
    current = os.umask(0)
    os.umask(current)
    return current
