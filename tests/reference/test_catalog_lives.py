"""Lives of hosted models against the statistics published with the list of deprecations."""

import statistics
from datetime import date

import pytest

from estimator.catalog import load_catalog

DAYS_PER_MONTH = 30.44  # of the published statistics


def test_lives_of_twenty_hosted_models() -> None:
    lives = sorted(
        (row.available_until - date.fromisoformat(row.attributes["released"])).days / DAYS_PER_MONTH
        for row in load_catalog().rows("retirements")
        if row.attributes["released"] and row.basis == "published" and row.available_until
    )
    assert len(lives) == 20
    assert lives[0] == pytest.approx(14.0276, rel=1e-4)
    assert statistics.median(lives) == pytest.approx(21.5999, rel=1e-4)
    assert statistics.fmean(lives) == pytest.approx(23.9668, rel=1e-4)
    evidence = load_catalog().evidence("evidence/hosted_life")
    assert (evidence.low, evidence.mode, evidence.high) == (14, 22, 33)
