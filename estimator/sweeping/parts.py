"""The folder of a sweep: Parquet parts that appear whole or not at all, and the settings they belong to."""

import json
import os
import signal
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from pathlib import Path
from threading import current_thread, main_thread
from typing import TYPE_CHECKING, Any

from estimator.errors import UsageError, did_you_mean
from estimator.sweeping.rows import Kind, Row

if TYPE_CHECKING:
    import pyarrow

SETTINGS = "_sweep.json"
"""Readers of Parquet folders skip names that start so."""
PARTS = "part-*.parquet"
HIDDEN = ".tmp"
VERSION = 1
NEEDED = {"version", "varied", "draws", "seed"}
"""Settings without which nothing can be said of a sweep."""


def prepare(folder: Path, wanted: Mapping[str, Any]) -> None:
    """Make the folder of a sweep, or find that it holds the same one.

    Raises:
        UsageError: it holds something else, or cannot be made; or pyarrow is missing.
    """
    _arrow()
    settings: dict[str, Any] = json.loads(json.dumps({"version": VERSION, **wanted}))
    try:
        folder.mkdir(parents=True, exist_ok=True)
        if not (folder / SETTINGS).exists():
            if any(not item.name.endswith(HIDDEN) for item in folder.iterdir()):
                raise UsageError(f"{folder}: holds files that are no sweep; name a new or an empty folder")
            text = json.dumps(settings, indent=2, ensure_ascii=False) + "\n"
            _replace(folder / SETTINGS, lambda file: file.write_text(text, encoding="utf-8"))
    except OSError as error:
        raise UsageError(f"{folder}: no folder for a sweep: {error.strerror}; name another") from None
    before = settings_of(folder)
    for key in before | settings:
        if before.get(key) != settings.get(key):
            raise UsageError(
                f"{folder}: holds a sweep with other {key.replace('_', ' ')} "
                f"({_short(before.get(key))}, now {_short(settings.get(key))}); name another folder"
            )
    for left in folder.glob(f".*{HIDDEN}"):
        left.unlink(missing_ok=True)


def settings_of(folder: Path) -> dict[str, Any]:
    """What a sweep was asked for.

    Raises:
        UsageError: the folder holds no sweep.
    """
    try:
        found = json.loads((folder / SETTINGS).read_text(encoding="utf-8"))
    except (OSError, ValueError, RecursionError):
        found = None
    if not isinstance(found, dict) or not found.keys() >= NEEDED:
        raise UsageError(f"{folder}: no sweep; name the folder that a sweep wrote")
    return found


def write_part(folder: Path, rows: Sequence[Row], columns: Mapping[str, Kind]) -> None:
    """Write rows as one part, named by its first point."""
    arrow = _arrow()
    import pyarrow.parquet

    types = {"count": arrow.int64(), "number": arrow.float64(), "text": arrow.string(), "flag": arrow.bool_()}
    schema = arrow.schema([(name, types[kind]) for name, kind in columns.items()])
    table = arrow.Table.from_pylist(list(rows), schema=schema)
    file = folder / f"part-{rows[0]['point']:09d}.parquet"
    try:
        with _interrupts_held():
            _replace(file, lambda hidden: pyarrow.parquet.write_table(table, hidden))
    except OSError as error:
        raise UsageError(f"{file}: cannot be written: {error.strerror or error}; run again to go on") from None


def written(folder: Path) -> dict[int, str]:
    """Hash of every point that the parts hold, by its number."""
    table = _read(folder, ["point", "hash"])
    return dict(zip(table["point"].to_pylist(), table["hash"].to_pylist(), strict=True))


def read_sweep(folder: str | Path, *, columns: Sequence[str] | None = None) -> "pyarrow.Table":
    """All rows of a sweep by point and option, the same whatever computed them and in how many parts.

    Args:
        folder: Folder of the sweep.
        columns: Columns to read; all where not given. `point` and `position` always come first.

    Returns:
        The table. [USD, shares, months]

    Raises:
        UsageError: there is no sweep, no such column, or pyarrow is missing.

    Source: definition.
    """
    names = None if columns is None else list(dict.fromkeys(("point", "position", *columns)))
    table = _read(Path(folder), names)
    return table.sort_by([("point", "ascending"), ("position", "ascending")])


def _read(folder: Path, names: list[str] | None) -> "pyarrow.Table":
    arrow = _arrow()
    import pyarrow.parquet

    settings_of(folder)
    files = sorted(folder.glob(PARTS))
    if not files:
        return arrow.table({name: arrow.array([], arrow.int64()) for name in names or ("point", "position")})
    try:
        known = pyarrow.parquet.read_schema(files[0]).names
        missing = [name for name in names or () if name not in known]
        if missing:
            raise UsageError(f"{folder}: the sweep has no column {missing[0]!r}{did_you_mean(missing[0], known)}")
        tables = [pyarrow.parquet.read_table(file, columns=names, partitioning=None) for file in files]
    except (OSError, arrow.ArrowException) as error:
        raise UsageError(f"{folder}: a part cannot be read ({error!s:.120}); delete it and run again") from None
    return arrow.concat_tables(tables)


def _replace(file: Path, fill: Callable[[Path], object]) -> None:
    """Fill a hidden file, push it to the disk, and give it its name in one step."""
    hidden = file.with_name(f".{file.name}.{os.getpid()}{HIDDEN}")
    try:
        fill(hidden)
        with hidden.open("rb+") as handle:
            os.fsync(handle.fileno())
        hidden.replace(file)
    finally:
        hidden.unlink(missing_ok=True)


@contextmanager
def _interrupts_held() -> Iterator[None]:
    """Let Ctrl-C take effect after the block: raised in the finalizer of a Parquet writer, it would be lost."""
    if current_thread() is not main_thread():
        yield
        return
    held: list[int] = []
    before = signal.signal(signal.SIGINT, lambda number, _: held.append(number))
    try:
        yield
    finally:
        signal.signal(signal.SIGINT, before)
        if held:
            signal.raise_signal(signal.SIGINT)


def _arrow() -> Any:
    try:
        import pyarrow
    except ImportError:
        raise UsageError(
            "a sweep writes Parquet and needs pyarrow; install it: pip install 'estimator[sweep]'"
        ) from None
    return pyarrow


def _short(value: object) -> str:
    return f"{json.dumps(value, ensure_ascii=False):.60}"
