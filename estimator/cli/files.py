"""Reading scenarios and writing results: whole files or nothing."""

import glob
import os
import sys
import tempfile
from collections.abc import Iterable, Sequence
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING

from estimator.errors import UsageError

if TYPE_CHECKING:
    from estimator.scenario import Scenario

LARGEST_TABLE = 20_000_000
SCENARIO_SUFFIXES = (".yaml", ".yml")


def scenario_files(names: Sequence[str], *, recursive: bool = False) -> list[str]:
    """Files in the order given; a folder or a pattern stands for its scenario files, sorted, each of them once."""
    found: list[str] = []
    for name in names:
        if Path(name).is_dir():
            inner = Path(name).glob("**/*" if recursive else "*")
            found += _new(inner, found, f"is a folder without scenario files ({', '.join(SCENARIO_SUFFIXES)})", name)
        elif any(sign in name for sign in "*?[") and not Path(name).exists():
            inner = (Path(path) for path in glob.glob(name, recursive=True))  # noqa: PTH207  # may be absolute
            found += _new(inner, found, "matches no scenario file; check the pattern", name)
        else:
            found.append(name)
    if found.count("-") > 1:
        raise UsageError("FILE: - is given twice, but there is one stdin; name the other files")
    return found


def _new(paths: Iterable[Path], known: list[str], problem: str, name: str) -> list[str]:
    files = sorted(path for path in paths if path.suffix in SCENARIO_SUFFIXES and path.is_file())
    if not files:
        raise UsageError(f"{name}: {problem}")
    return [str(path) for path in files if str(path) not in known]


def read_scenario(file: str) -> "Scenario":
    """A scenario from a file, or from stdin where the name is `-`."""
    from estimator.scenario import load, loads
    from estimator.scenario.files import MAX_BYTES

    if file != "-":
        return load(file)
    data = sys.stdin.buffer.read(MAX_BYTES + 1)
    try:
        return loads(data.decode("utf-8"), origin="stdin")
    except UnicodeDecodeError as error:
        raise UsageError(f"stdin: not UTF-8 text (byte {error.start}); send UTF-8") from None


def read_text(path: Path) -> str:
    """Text of a file that is no scenario, such as a table of votes."""
    try:
        if path.stat().st_size > LARGEST_TABLE:
            raise UsageError(f"{path}: larger than {LARGEST_TABLE:,} bytes; give a part of it")
        return path.read_text(encoding="utf-8-sig")
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

    What is no regular file, such as a pipe or a device, is written to and stays what it is.
    """
    if output is None:
        sys.stdout.write(text)
        return
    folder = output.parent
    if output.is_dir():
        raise UsageError(f"{output}: is a folder; name a file in it")
    if not folder.is_dir():
        raise UsageError(f"{output}: the folder {folder} does not exist; create it first")
    if output.exists() and not output.is_file():
        _write_into(text, output)
        return
    try:
        handle, name = tempfile.mkstemp(dir=folder, prefix=f".{output.name}.")
    except OSError as error:
        raise UsageError(f"{output}: cannot be written: {error.strerror}; choose another place") from None
    try:
        with os.fdopen(handle, "w", encoding="utf-8", newline="") as file:
            file.write(text)
        mode = output.stat().st_mode & 0o777 if output.exists() else 0o666 & ~_umask()
        Path(name).chmod(mode)
        Path(name).replace(output)
    except OSError as error:
        Path(name).unlink(missing_ok=True)
        raise UsageError(f"{output}: cannot be written: {error.strerror}; choose another place") from None


def _write_into(text: str, output: Path) -> None:
    try:
        output.write_text(text, encoding="utf-8", newline="")
    except OSError as error:
        raise UsageError(f"{output}: cannot be written: {error.strerror}; choose another place") from None


def _umask() -> int:
    current = os.umask(0)
    os.umask(current)
    return current
