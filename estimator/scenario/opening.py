"""The scenario that a session of the dashboard begins with, where `estimator dashboard FILE` names one."""

import os

from estimator.scenario.files import text_of
from estimator.scenario.memo import scenario_text

OPENED = "ESTIMATOR_DASHBOARD_FILE"
"""Variable of the environment that holds the path."""


def opened_text() -> str | None:
    """Text of that scenario, also out of a memo; None where no file was named.

    Raises:
        EstimatorError: the file is gone, or holds no scenario.
    """
    path = os.environ.get(OPENED)
    return scenario_text(text_of(path), origin=path) if path else None
