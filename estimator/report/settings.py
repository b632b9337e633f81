"""With which settings a result was computed, and what set each of them."""

from collections.abc import Iterable
from dataclasses import asdict
from typing import Any, Literal

from estimator.record import record
from estimator.report.layout import Table

Origin = Literal["flag", "env", "file", "default"]
"""What set a setting; what comes first in this list beats what comes later."""


@record
class Setting:
    """One setting of a command."""

    name: str
    value: str
    origin: Origin


def settings_table(settings: Iterable[Setting]) -> Table:
    """One row per setting."""
    rows = tuple((item.name, item.value, item.origin) for item in settings)
    return Table(
        "Settings: a flag beats the environment, that the file, that the default", ("Setting", "Value", "Origin"), rows
    )


def setting_data(setting: Setting) -> dict[str, Any]:
    """The setting as plain data."""
    return asdict(setting)
