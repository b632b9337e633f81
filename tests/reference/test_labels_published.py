"""Published labelling projects, and forecasts on 97 published learning curves."""

import csv
from datetime import date
from pathlib import Path

import numpy as np
import pytest

from estimator import labelling_project
from estimator.catalog import load_catalog
from estimator.inputs import sample
from estimator.inputs.sampling import quantity_of
from estimator.labels import CurvePrior, PilotPoint, fit_curve, learning_curve_error, option_quality, wilson_interval
from estimator.units import Array, central

PUBLISHED = {  # what the authors state: USD, and how far rounding in the source may take us
    "squad": (0.60 * 1000, 1e-9),  # Rajpurkar et al. 2016: 4 minutes a paragraph at 9 USD an hour
    "surge": (0.87 * 572_000, 0.01),  # 2023: 0.87 USD an item is 20,000 h × 25 USD / 572,000, rounded
    "biographies": (2000.0, 0.01),  # Tian et al. 2023: 505 biographies
    "rlaif_human": (0.67 * 1000, 0.01),  # Lee et al. 2023, appendix L
    "rlaif_llm": (0.06 * 1000, 0.05),  # 0.057 in the token counts, 0.06 in the text
    "alpaca": (500.0, 0.01),  # "less than 500 USD" for 52,000
    "moderation": (0.19 * 1000, 0.02),  # 45 seconds at 15 USD an hour
}


@pytest.mark.parametrize("name", PUBLISHED)
def test_published_projects_cost_what_they_cost(name: str) -> None:
    usd, tolerance = PUBLISHED[name]
    project = labelling_project(like=name, draws=100)
    assert central(project.data.total) == pytest.approx(usd, rel=tolerance)
    assert project.published_usd == pytest.approx(usd, rel=tolerance)


def test_cuad_is_worth_over_two_million() -> None:
    # Hendrycks et al. 2021: 9,283 pages, four passes of 5 to 10 minutes, 500 USD an hour: "over $2 million"
    project = labelling_project(like="cuad", draws=4000)
    total = np.asarray(project.data.total)
    assert central(project.data.total) == pytest.approx(2_320_750)
    assert total.min() >= 9283 * 4 * 5 / 60 * 500
    assert total.max() <= 9283 * 4 * 10 / 60 * 500
    assert (total[1:] > 2e6).mean() > 0.8


def test_wilson_by_hand() -> None:
    # Wilson 1927 as tabulated by Newcombe 1998: 81 of 263, 95 %: .2553 to .3662
    low, high = wilson_interval(correct=81.0, items=263.0, z=1.959964)
    assert (float(low), float(high)) == pytest.approx((0.2553, 0.3662), abs=1e-4)


def test_balaguer_gains_add_up() -> None:
    # arXiv:2401.08406: tuning +6 points, retrieval a further +5, with no interaction the model adds gains as well
    given = {"start_error": 0.25, "knowledge_share": 0.3}
    retrieval = {"recall": 0.8, "context_use": 0.9}
    plain = option_quality(**given).error
    tuned = option_quality(**given, tuned_ratio=0.66).error
    found = option_quality(**given, **retrieval).error
    both = option_quality(**given, **retrieval, tuned_ratio=0.66).error
    assert plain - both == pytest.approx((plain - tuned) + (plain - found))
    assert plain - tuned == pytest.approx(0.06, abs=0.003)
    assert plain - found == pytest.approx(0.05, abs=0.005)


def test_residual_errors_of_retrieval_lie_where_legal_tools_err() -> None:
    # Magesh et al. 2024, arXiv:2405.20362: commercial legal retrieval is wrong on 17 to 33 % of queries
    parts = option_quality(start_error=0.57, knowledge_share=0.8, recall=0.85, context_use=0.88)
    assert 0.17 <= float(parts.error) <= 0.33


def _prior(kind: str, draws: int) -> dict[str, Array]:
    keys = {"floor": "task.error_floor", "scale": "task.curve_scale", "exponent": "task.curve_exponent"}
    found = {}
    for name, key in ({"start_error": "task.start_error"} | keys).items():
        row = load_catalog().default(key, kind, date(2027, 1, 1))
        assert row is not None
        found[name] = np.asarray(sample(quantity=quantity_of(row), stream=key, draws=draws, seed=0))
    return found


def test_forecasts_err_as_published_and_say_so() -> None:
    """r-three/dataefficiency: from up to 500 labels to 8,000 the published error is 3.2 points (median), 10.8 (p90)."""
    path = Path(__file__).parent / "data" / "learning_curves.csv"
    curves = list(csv.DictReader(path.read_text(encoding="utf-8").splitlines()))
    assert len(curves) == 97
    rng = np.random.default_rng(5)
    labels, covered, errors = np.array([50.0, 100.0, 200.0, 500.0]), [], []
    for curve in curves * 2:
        floor, scale, exponent = (float(curve[key]) for key in ("floor", "scale", "exponent"))
        prior = _prior(curve["kind"], 500)
        start = float(np.clip(rng.choice(prior["start_error"][1:]), floor + 0.043, 0.98))
        truth = {"floor": floor, "start_error": start, "scale": scale, "exponent": exponent}
        seen = learning_curve_error(labels=labels, **truth) + rng.normal(0.0, float(curve["rmse"]), 4)
        pilot = [PilotPoint(float(n), 1.0 - float(e)) for n, e in zip(labels, np.clip(seen, 0, 1), strict=True)]
        prior["start_error"] = np.asarray(start)
        fitted = fit_curve(pilot=pilot, prior=CurvePrior(**prior), rng=np.random.default_rng(1))
        draws = np.asarray(fitted.error(8000.0))[1:]
        exact = float(learning_curve_error(labels=8000.0, **truth))
        low, high = np.quantile(draws, (0.05, 0.95))
        covered.append(low <= exact <= high)
        errors.append(abs(float(np.median(draws)) - exact))
    assert np.median(errors) < 0.035
    assert np.quantile(errors, 0.9) < 0.125
    assert 0.82 <= np.mean(covered) <= 0.97
