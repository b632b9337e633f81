"""A model or a platform that ends inside the horizon shows in warnings, ledger and verdict."""

from pathlib import Path

import numpy as np
import pytest

from estimator import estimate, loads
from estimator.catalog import Catalog, load_catalog
from estimator.results import Estimate

BASE = """
name: ends
start: 2026-12
horizon: 24 months
prices_on: 2026-11-24
workload: {requests_per_month: 50k, tokens: {prompt: 500, output: 50}}
task:
  kind: classification
  value_per_success: 0.3
  cost_per_error: 0.5
options:
  lasting: {model: openai/gpt-6-luna, quality: 0.5}
  retiring: {model: openai/gpt-4.1-mini-2025-04-14, quality: 0.95}
  managed:
    model: google/gemini-2.5-flash-lite
    quality: 0.97
    tuning: {method: managed, labels: 500}
    upkeep: {retrain: every 2 months, platform_closes: 2027-08-01}
"""
LASTING = "google/gemini-2.5-flash-lite"
MANAGED = BASE[BASE.index("  managed:") :]


def after(*changes: tuple[str, str]) -> Estimate:
    text = BASE
    for old, new in changes:
        assert old in text, old
        text = text.replace(old, new)
    return estimate(loads(text), draws=60)


@pytest.fixture(scope="module")
def base() -> Estimate:
    return after()


def by_month(result: Estimate, option: str, key: str) -> np.ndarray:
    lines = [item for item in result.options[option].ledger.lines if item.key == key]
    assert len(lines) == 1, (option, key)
    central: np.ndarray = lines[0].quantity[0, 1:]
    return central


def test_a_hosted_model_that_retires_is_warned_of_and_costed(base: Estimate) -> None:
    assert any("shut down on 2027-01-14, in month 2" in text for text in base.options["retiring"].warnings)
    moves = by_month(base, "retiring", "migration.forced")
    assert moves[0] == 0 < moves[1]
    assert not any("shut down" in text for text in base.options["lasting"].warnings)


def test_what_ends_speaks_against_its_option(base: Estimate) -> None:
    told = base.decision.verdict
    assert (told.best, told.runner_up) == ("retiring", "managed")
    assert any(text.startswith("openai/gpt-4.1-mini-2025-04-14 is shut down on") for text in told.against)
    rival = [item.text for item in told.arguments if item.about == "managed" and item.sign == "against"]
    assert any(text.startswith("google/gemini-2.5-flash-lite is shut down on 2027-08-01") for text in rival)
    assert any(text.startswith("training of google/gemini-2.5-flash-lite") for text in rival)
    calm = after(("  retiring: {model: openai/gpt-4.1-mini-2025-04-14, quality: 0.95}\n", "")).decision.verdict
    assert (calm.best, calm.runner_up) == ("managed", "lasting")
    assert any("it cannot be retrained there after that day" in text for text in calm.against)
    assert not any("shut down" in text for text in calm.reasons)


def closing(folder: Path) -> Catalog:
    """A catalog in which one platform trains until the end of March 2027 and then serves on."""
    (folder / "closing.csv").write_text(
        "id,what,unit,value,low,mode,high,from,read_on,source,source_kind,basis,available_until\n"
        f"managed/{LASTING}/train,training token,USD/Mtok,1.5,,,,2026-01-01,2026-11-22,contract of ours,primary,"
        "published,2027-03-31\n",
        encoding="utf-8",
    )
    return load_catalog(overlay=folder)


def test_no_retraining_is_billed_once_the_platform_is_closed(tmp_path: Path) -> None:
    text = BASE.replace("platform_closes: 2027-08-01", "model_life_months: 400, platform_closure: 0")
    result = estimate(loads(text), draws=60, catalog=closing(tmp_path))
    jumps, repairs = (by_month(result, "managed", key) for key in ("retraining.jumps", "operations.repairs"))
    assert (jumps[:3] > 0).all()
    assert jumps[4:].max() == 0
    assert repairs[:3].max() == 0
    assert (repairs[4:] > 0).all()
    np.testing.assert_allclose(jumps + repairs, jumps[0])
    assert by_month(result, "managed", "retraining.compute")[5:].max() == 0
    assert any("ends on 2027-03-31, in month 4 of the horizon" in told for told in result.options["managed"].warnings)


def test_after_the_move_jumps_are_answered_by_retraining_again(base: Estimate) -> None:
    jumps = by_month(base, "managed", "retraining.jumps")
    assert jumps[7] < jumps[6] == jumps[8]
    assert by_month(base, "managed", "migration.forced")[7] == 1


def test_a_platform_without_an_end_bills_each_jump_as_a_retraining() -> None:
    open_still = after((", platform_closes: 2027-08-01", ", model_life_months: 400, platform_closure: 0"))
    assert (by_month(open_still, "managed", "retraining.jumps") > 0).all()
    keys = {line.key for line in open_still.options["managed"].ledger.lines}
    assert "operations.repairs" not in keys


def test_a_platform_that_closes_before_the_start_cannot_tune() -> None:
    result = after(("2027-08-01", "2026-11-30")).options["managed"]
    assert "can no longer be tuned by its platform" in result.outcome.infeasible
    assert "2026-11-30" in result.outcome.infeasible
    assert not result.standing.eligible


def test_an_embedding_model_that_retires_is_warned_of() -> None:
    rag = (
        "  rag: {model: openai/gpt-6-luna, retrieval: "
        "{documents: 1000, tokens_per_document: 500, embedding: gemini/gemini-embedding-001}}\n"
    )
    option = after((MANAGED, rag)).options["rag"]
    assert any("gemini/gemini-embedding-001 is shut down on 2028-05-14" in text for text in option.warnings)
    assert by_month(after((MANAGED, rag)), "rag", "migration.embedding").sum() == 1
