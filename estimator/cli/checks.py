"""What `estimator doctor` looks at."""

import importlib
import os
import platform
import shutil
import sys
import tempfile
from collections.abc import Iterator, Mapping
from contextlib import suppress
from datetime import date
from importlib import metadata, util
from pathlib import Path

from estimator import __version__
from estimator.errors import EstimatorError
from estimator.report.health import Check

LEAST_PYTHON = (3, 11)
NEEDED: Mapping[str, str] = {
    "numpy": "numpy",
    "pydantic": "pydantic",
    "scipy": "scipy",
    "plotly": "plotly",
    "ruamel.yaml": "ruamel.yaml",
    "typer": "typer",
    "rich": "rich",
    "jinja2": "jinja2",
    "genai-prices": "genai_prices",
}
"""Packages that the tool cannot do without, with the modules that are imported from them."""
EXTRAS: Mapping[str, tuple[str, str]] = {
    "streamlit": ("app", "estimator dashboard"),
    "kaleido": ("png", "charts as PNG files"),
    "pyarrow": ("sweep", "sweeps over many scenarios"),
    "dask": ("sweep", "sweeps over many scenarios"),
}
BROWSERS = ("chromium", "chromium-browser", "google-chrome", "chrome", "msedge")
STALE = "90d"


def all_checks(overlay: Path | None, calibration: Path | None) -> list[Check]:
    """Every check, in the order in which they are shown."""
    return [
        *_program(),
        *_packages(),
        *_catalog(overlay, calibration),
        *_surroundings(),
        *_places(),
    ]


def _program() -> Iterator[Check]:
    wanted = ".".join(map(str, LEAST_PYTHON))
    yield Check(area="program", name="estimator", found=f"{__version__} in {Path(__file__).parents[1]}")
    yield Check(
        area="program",
        name="python",
        found=f"{platform.python_version()} on {platform.system()} {platform.machine()}",
        state="ok" if sys.version_info >= LEAST_PYTHON else "broken",
        advice=f"install Python {wanted} or newer",
    )


def _packages() -> Iterator[Check]:
    for package, module in NEEDED.items():
        try:
            importlib.import_module(module)
        except (ImportError, OSError) as error:
            advice = f"install it with: pip install {package}"
            yield Check(area="packages", name=package, found=f"{error}", state="broken", advice=advice)
        else:
            yield Check(area="packages", name=package, found=_version(package))
    for package, (extra, purpose) in EXTRAS.items():
        there = util.find_spec(package) is not None
        yield Check(
            area="extras",
            name=package,
            found=_version(package) if there else "not installed",
            state="ok" if there else "absent",
            advice=f"for {purpose}: pip install 'estimator[{extra}]'",
        )
    browser = next(filter(None, map(shutil.which, BROWSERS)), None)
    yield Check(
        area="extras",
        name="chromium",
        found=browser or "not on the path",
        state="ok" if browser else "absent",
        advice="charts as PNG files need a Chromium or Chrome",
    )


def _version(package: str) -> str:
    with suppress(metadata.PackageNotFoundError):
        return metadata.version(package)
    return "version unknown"


def _catalog(overlay: Path | None, calibration: Path | None) -> Iterator[Check]:
    from estimator.catalog import load_catalog, readings, stale_rows
    from estimator.scenario import parse_hours

    today = date.today()  # age is a matter of the user's calendar
    try:
        known = load_catalog(overlay=overlay, calibration=calibration)
        counts = {table: len(known.rows(table)) for table in known.tables()}
        oldest, newest = readings(known, on=today)
        stale = stale_rows(known, older_than_hours=parse_hours(STALE), on=today)
        things = f"{len(known.architectures())} models, {len(known.accelerators())} GPUs"
    except (EstimatorError, OSError) as error:
        advice = "mend the rows it names, or unset ESTIMATOR_CATALOG and ESTIMATOR_CALIBRATION"
        yield Check(area="catalog", name="rows", found=f"{error}", state="broken", advice=advice)
        return
    yield Check(area="catalog", name="rows", found=f"{sum(counts.values()):,} in {len(counts)} tables, {things}")
    for table, count in counts.items():
        yield Check(area="catalog", name=table, found=f"{count:,} rows")
    yield Check(area="catalog", name="newest price", found=f"read on {newest.day}, {newest.days} days ago")
    yield Check(
        area="catalog",
        name="oldest price",
        found=f"read on {oldest.day}, {oldest.days} days ago; {len(stale)} rows older than {STALE}",
        state="warning" if stale else "ok",
        advice="see them with: estimator catalog stale",
    )


def _surroundings() -> Iterator[Check]:
    encoding = (sys.stdout.encoding or "unknown").lower()
    place = "terminal" if sys.stdout.isatty() else "no terminal"
    size = shutil.get_terminal_size()
    yield Check(area="terminal", name="stdout", found=f"{place}, {size.columns} columns")
    yield Check(
        area="terminal",
        name="encoding",
        found=encoding,
        state="ok" if encoding.replace("-", "") == "utf8" else "warning",
        advice="unset PYTHONIOENCODING, or set it to utf-8",
    )
    names = [name for name in sorted(os.environ) if name.startswith("ESTIMATOR_") or name in ("NO_COLOR", "COLUMNS")]
    for name in names:
        yield Check(area="environment", name=name, found=os.environ[name] or "set, but empty")
    if not names:
        yield Check(area="environment", name="ESTIMATOR_*", found="none set")


def _places() -> Iterator[Check]:
    for name, folder in (("working folder", os.curdir), ("temporary folder", tempfile.gettempdir())):
        place = folder
        try:
            place = str(Path(folder).absolute())
            with tempfile.TemporaryFile(dir=place):
                found, writable = f"{place}, writable", True
        except OSError as error:
            found, writable = f"{place}: {error.strerror}", False
        advice = "name a file elsewhere with -o"
        yield Check(area="files", name=name, found=found, state="ok" if writable else "warning", advice=advice)
